"""Which outcomes the rules can come to: the texts that the outcome's step can give, and where each is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dugnad.rulebook.feel import FeelSyntaxError, parse
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.located import Place
from dugnad.rulebook.rules.compiling import inside
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.source import Step, Text
from dugnad.rulebook.tables import Table


@dataclass(frozen=True, slots=True)
class PossibleOutcome:
    """A text the rules may come to, with where it is written first, and its section of law."""

    name: str
    place: Place
    law: str


def possible_outcomes(rules: Ruleset) -> tuple[PossibleOutcome, ...]:
    """Return the outcomes in the order they are written, each once.

    Only texts written out are found: in the last step, in both branches of its `if`, and in steps it names.
    """
    tables = {
        op.name: op.table.table
        for scope in ("common", "each", "after")
        for op in rules.operations(scope)
        if op.table is not None
    }
    found: dict[str, PossibleOutcome] = {}
    for one in _of_step(rules, tables, rules.source.result.outcome, set()):
        found.setdefault(one.name, one)
    return tuple(found.values())


def _of_step(
    rules: Ruleset, tables: Mapping[str, Table], name: str, seen: set[str]
) -> Iterator[PossibleOutcome]:
    step = rules.source.steps.get(name)
    if step is None or name in seen:
        return
    seen.add(name)
    for text, start, written, law in _values(step, tables.get(name)):
        try:
            node = parse(written, names=rules.words.by_scope[step.scope], dialect="dugnad")
        except FeelSyntaxError:
            continue
        for part in _results(node):
            if isinstance(part, nodes.Literal) and isinstance(part.value, str):
                yield PossibleOutcome(part.value, inside(text, start + part.start), law)
            elif isinstance(part, nodes.Name):
                yield from _of_step(rules, tables, part.name, seen)


def _values(step: Step, table: Table | None) -> Iterator[tuple[Text, int, str, str]]:
    """Give what a step's value is written as: the text it stands in, the offset there, itself, its section."""
    if step.formula is not None:
        yield step.formula, 0, step.formula.text, step.law
    for row in table.rows if table is not None and step.table is not None else ():
        law = next(
            (row.annotations[head] for head in ("hjemmel", "law") if head in row.annotations), step.law
        )
        if step.table is not None and row.outputs:
            yield step.table, row.outputs[0].start, row.outputs[0].text, law


def _results(node: Node) -> Iterator[Node]:
    if isinstance(node, nodes.If):
        yield from _results(node.yes)
        yield from _results(node.no)
    else:
        yield node
