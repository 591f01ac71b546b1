"""Which outcomes the rules can come to, and whether the result says what they mean to the resident."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dugnad.rulebook.checks.reading import Part, Reading, read_parts
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.located import Finding, Place, suggest
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.tabular import law_of

_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»|]+)[\"“”„«»]")
_MARKS = ' "“”„«»'
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class PossibleOutcome:
    """A text the rules may come to, with where it is written first, and its section of law."""

    name: str
    place: Place
    law: str


def possible_outcomes(rules: Ruleset) -> tuple[PossibleOutcome, ...]:
    """Return the outcomes of compiled rules; see `outcomes_of`."""
    return outcomes_of(read_parts(rules.source, rules.book, rules.rates))


def outcomes_of(reading: Reading) -> tuple[PossibleOutcome, ...]:
    """Return the outcomes in the order they are written, each once.

    Only texts written out are found: in the last step, in both branches of its `if`, and in steps it names.
    """
    found: dict[str, PossibleOutcome] = {}
    for one in _of_step(reading, reading.source.result.outcome, set()):
        found.setdefault(one.name, one)
    return tuple(found.values())


def unsaid_results(reading: Reading) -> Iterator[Finding]:
    """Find a result that does not say which outcomes are refusals, or which way its amount is better."""
    result, known = reading.source.result, [one.name for one in outcomes_of(reading)]
    if result.refusals is None:
        mend = (
            f"Add refusals: [those of {', '.join(known) or 'the outcomes'}], or refusals: [] where none is."
        )
        yield Finding.at(result.place, "unsaid", "result does not say which outcomes are refusals", mend)
    for one in result.refusals or ():
        if known and one.text not in known:
            what = f"refusals: no rule gives the outcome '{one.text}'"
            yield Finding.at(one.place, "unknown-name", what, suggest(one.text, known))
    if result.amount and not result.better:
        what = f"result does not say which way '{result.amount}' is better for the resident"
        mend = "Add better: lower for what one pays, better: higher for what one is paid."
        yield Finding.at(result.place, "unsaid", what, mend)
    if result.better and not result.amount:
        what = "result says which way is better, but has no amount"
        yield Finding.at(result.place, "unsaid", what, "Add amount: with the step's name, or remove better.")


def _of_step(reading: Reading, name: str, seen: set[str]) -> Iterator[PossibleOutcome]:
    if name in seen:
        return
    seen.add(name)
    yield from _unread(reading, name)
    for part in reading.of("step", name):
        if part.role == "formula" or (part.role == "output" and part.column == 0):
            for node in _results(part.node):
                if isinstance(node, nodes.Literal) and isinstance(node.value, str):
                    yield PossibleOutcome(node.value, part.place(node.start), _law(reading, part))
                elif isinstance(node, nodes.Name):
                    yield from _of_step(reading, node.name, seen)


def _unread(reading: Reading, name: str) -> Iterator[PossibleOutcome]:
    """Give the texts in what cannot be parsed of a step, with or without their quotation marks."""
    step = reading.source.steps.get(name)
    for text in (text for owner, text in reading.unread if owner == name and step is not None):
        words = [text, *_QUOTED.findall(text)] if len(text) < _LONGEST_NAME else _QUOTED.findall(text)
        for one in words:
            if step is not None:
                yield PossibleOutcome(one.strip(_MARKS), step.place, step.law)


def _law(reading: Reading, part: Part) -> str:
    of_row = law_of(reading.tables[part.name], part.row) if part.row >= 0 else ""
    return of_row or reading.source.steps[part.name].law


def _results(node: Node) -> Iterator[Node]:
    if isinstance(node, nodes.If):
        yield from _results(node.yes)
        yield from _results(node.no)
    else:
        yield node
