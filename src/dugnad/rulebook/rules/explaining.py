"""How a number was reached, step by step, in nb, nn or en: for the page, the letter and the desk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dugnad.rulebook.feel import Compiled, Node
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.words import fill, format_value
from dugnad.rulebook.ruleset import Item, Outcome, Ruleset
from dugnad.rulebook.trace import Recorder

_SIGNS = {"*": "×", "-": "−"}


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step for people. `key` is the item it is about, or None for the whole application.

    `formula` is the rule as written, `numbers` the same with what was put into it; both empty for a table,
    whose sentence says it.
    """

    key: str | None
    name: str
    title: str
    sentence: str
    formula: str
    numbers: str
    value: str
    law: str
    set_by_person: bool


def explain(rules: Ruleset, outcome: Outcome, language: str) -> list[ExplainedStep]:
    """Return the steps that have words, first for the application, then for each item."""
    steps = list(_explained(rules, outcome, None, rules.operations("common"), language))
    for item in outcome.items:
        steps.extend(_explained(rules, outcome, item, rules.operations("each"), language))
    steps.extend(_explained(rules, outcome, None, rules.operations("after"), language))
    return steps


def _explained(
    rules: Ruleset, outcome: Outcome, item: Item | None, ops: tuple[StepOp, ...], language: str
) -> Iterator[ExplainedStep]:
    key = item.key if item else None
    traced = {one.name: one for one in outcome.trace if one.key == key}
    known = item.known if item else outcome.known
    for op in ops:
        step, done = op.step, traced.get(op.step.name)
        sentence = _sentence(rules, outcome, item, op, known, language)
        if done is None or sentence is None:
            continue
        formula = step.formula.text if step.formula else ""
        value = format_value(done.value, step.unit, language)
        numbers = (
            f"{_numbers(op, known, rules, language)} = {value}" if formula and not done.set_by_person else ""
        )
        title = step.title.get(language, step.name)
        yield ExplainedStep(
            key, step.name, title, sentence, formula, numbers, value, done.law, done.set_by_person
        )


def _sentence(
    rules: Ruleset, outcome: Outcome, item: Item | None, op: StepOp, known: Mapping[str, Value], language: str
) -> str | None:
    for when, says in op.says:
        if when is None or when(known, Recorder()) is True:
            return fill(
                says.words.get(language, ""), lambda name: worded(rules, outcome, item, name, language)
            )
    return None


def worded(rules: Ruleset, outcome: Outcome, item: Item | None, name: str, language: str) -> str:
    """Return the value of a fact, rate, open place or step as words."""
    known = item.known if item else outcome.known
    return format_value(known.get(name), rules.words.units.get(name, ""), language)


def _numbers(op: StepOp, known: Mapping[str, Value], rules: Ruleset, language: str) -> str:
    if not isinstance(op.run, Compiled) or op.step.formula is None:
        return ""
    text = op.step.formula.text
    pieces: list[str] = []
    at = 0
    for node in _names(op.run.node):
        if node.name in known and node.start >= at:
            pieces += [_signs(text[at : node.start])]
            pieces += [format_value(known[node.name], rules.words.units.get(node.name, ""), language)]
            at = node.end
    return " ".join("".join([*pieces, _signs(text[at:])]).split(" "))


def _names(node: Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    for child in children(node):
        yield from _names(child)


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)
