"""How a number was reached, step by step, in nb, nn or en: for the page, the letter and the desk."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from dugnad.rulebook.feel import Compiled, Node, compile_expression
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Item, Outcome, Traced
from dugnad.rulebook.rules.source import Scope
from dugnad.rulebook.rules.words import fill, format_value
from dugnad.rulebook.trace import Recorder

_FRACTION = re.compile(r"(\d+) */ *([1-9]\d*)")
_SAME = Decimal("1e-20")
_SIGNS = {"*": "×", "-": "−"}
SET_BY_PERSON = {
    "nb": "En saksbehandler har vurdert saken og satt dette til {value}.",
    "nn": "Ein saksbehandlar har vurdert saka og sett dette til {value}.",
    "en": "A case worker has considered the case and set this to {value}.",
}


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
    trace: dict[str | None, dict[str, Traced]] = {}
    for one in outcome.trace:
        trace.setdefault(one.key, {})[one.name] = one
    shared = trace.get(None, {})
    steps = list(_explained(rules, outcome, None, "common", shared, language))
    for item in outcome.items:
        steps.extend(_explained(rules, outcome, item, "each", trace.get(item.key, {}), language))
    steps.extend(_explained(rules, outcome, None, "after", shared, language))
    return steps


def _explained(
    rules: Ruleset,
    outcome: Outcome,
    item: Item | None,
    scope: Scope,
    traced: Mapping[str, Traced],
    language: str,
) -> Iterator[ExplainedStep]:
    key = item.key if item else None
    known = item.known if item else outcome.known
    for op in rules.operations(scope):
        step, done = op.step, traced.get(op.step.name)
        sentence = _sentence(rules, outcome, item, op, known, language)
        if done is None or sentence is None:
            continue
        formula = step.formula.text if step.formula else ""
        value = format_value(done.value, step.unit, language)
        written = "" if done.set_by_person else with_numbers(op, known, rules, language)
        numbers = f"{written} = {value}" if written else ""
        if done.set_by_person:
            sentence = SET_BY_PERSON[language].format(value=value)
        title = step.title.get(language, step.name)
        law = done.law or _law_behind(op, traced)
        yield ExplainedStep(key, step.name, title, sentence, formula, numbers, value, law, done.set_by_person)


def _law_behind(op: StepOp, traced: Mapping[str, Traced]) -> str:
    """Return the sections of the tables a step without its own section builds on."""
    behind = (traced[name].law for name in sorted(op.reads) if name in traced and traced[name].rows)
    return ", ".join(dict.fromkeys(law for law in behind if law))


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


def with_numbers(op: StepOp, known: Mapping[str, Value], rules: Ruleset, language: str) -> str:
    """Write a formula with its values put in; of an `if`, the branch that was taken. Empty for a table."""
    if not isinstance(op.run, Compiled) or op.step.formula is None:
        return ""
    text, node = op.step.formula.text, taken(op.run.node, known)
    if isinstance(node, nodes.Name):
        return ""
    units = rules.words.units
    pieces: list[str] = []
    at = node.start
    for part in _parts(node, known):
        words = [
            _as_written(part, value, rules) or format_value(value, unit, language)
            for value, unit in _values(part, known, units)
        ]
        pieces += [_signs(text[at : part.start]), " + ".join(words)]
        at = part.end
    end = len(text) if node is op.run.node else node.end
    written = "".join([*pieces, _signs(text[at:end])]).strip()
    # A branch of an `if` begins and ends inside its brackets.
    missing = written.count("(") - written.count(")")
    return "(" * -missing + written + ")" * missing


def _as_written(part: Node, value: Value, rules: Ruleset) -> str:
    """Return a fraction as who set it wrote it (20/45), where an open place is one; else nothing."""
    place = rules.source.open.get(part.name) if isinstance(part, nodes.Name) else None
    if place is None or place.unit != "fraction" or not isinstance(value, Decimal):
        return ""
    texts = [text for _, text in rules.patch.open.get(place.name, ())]
    for text in (*texts, place.otherwise):
        written = _FRACTION.fullmatch(text.text)
        if written and abs(value * int(written[2]) - int(written[1])) < _SAME:
            return f"{written[1]}/{written[2]}"
    return ""


def taken(node: Node, known: Mapping[str, Value]) -> Node:
    """Return a formula as it was used: of an `if`, the branch that was taken."""
    while isinstance(node, nodes.If):
        node = node.yes if _compiled(node.condition)(known, Recorder()) is True else node.no
    return node


@lru_cache(maxsize=1024)
def _compiled(condition: Node) -> Compiled:
    return compile_expression(condition)


def _parts(node: Node, known: Mapping[str, Value]) -> Iterator[Node]:
    """Find what stands for a value: a name, or a sum over the persons of a list."""
    if (isinstance(node, nodes.Name) and node.name in known) or (
        isinstance(node, nodes.Call) and _summed(node) is not None
    ):
        yield node
    else:
        for child in children(node):
            yield from _parts(child, known)


def _summed(node: Node) -> tuple[str, str] | None:
    """Return list and attribute of `sum(list.attribute)`."""
    if not (
        isinstance(node, nodes.Call) and isinstance(node.target, nodes.Name) and node.target.name == "sum"
    ):
        return None
    path = node.arguments[0] if len(node.arguments) == 1 else None
    if isinstance(path, nodes.Path) and isinstance(path.base, nodes.Name):
        return path.base.name, path.name
    return None


def _values(part: Node, known: Mapping[str, Value], units: Mapping[str, str]) -> Iterator[tuple[Value, str]]:
    summed = _summed(part)
    if isinstance(part, nodes.Name):
        yield known[part.name], units.get(part.name, "")
    elif summed is not None:
        name, attribute = summed
        items = known.get(name)
        for item in items if isinstance(items, list) else ():
            yield item.get(attribute), units.get(f"{name}.{attribute}", "")


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text.replace("**", "^"))
