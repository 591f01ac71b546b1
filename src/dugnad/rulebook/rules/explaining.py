"""How a number was reached, step by step, in nb, nn or en: for the page, the letter and the desk."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache

from dugnad.rulebook.feel import Compiled, Node, compile_expression
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Item, Outcome, Traced
from dugnad.rulebook.rules.source import Scope
from dugnad.rulebook.rules.words import fill, format_value
from dugnad.rulebook.trace import Recorder

_IN_BRACKETS = re.compile(r"% \((\d+/\d+)\)$")
_FRACTION = re.compile(r"(\d+) */ *([1-9]\d*)")
_SAME = Decimal("1e-20")
_SIGNS = {"*": "×", "-": "−"}
_BY_PERSON = {
    "nb": "En saksbehandler har vurdert saken og satt dette til {value}.",
    "nn": "Ein saksbehandlar har vurdert saka og sett dette til {value}.",
    "en": "A case worker has considered the case and set this to {value}.",
}
_UNDECIDED = {
    "nb": "Dette kan ikke avgjøres ennå. Dette er ikke kjent: {names}.",
    "nn": "Dette kan ikkje avgjerast enno. Dette er ikkje kjent: {names}.",
    "en": "This cannot be decided yet. This is not known: {names}.",
}
_ROUNDED = {"nb": "avrundet til", "nn": "avrunda til", "en": "rounded to"}
_NOT_SET = {"nb": "ikke fastsatt", "nn": "ikkje fastsett", "en": "not set"}
_FINEST = 6
"""How many decimals of a krone are shown, where fewer would show another amount than the one that counts."""
_LONG = Decimal(10_000)
_MOST_DIGITS = 40
"""What is longer is written with a power of ten."""
_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN)


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
    steps = list(_explained(rules, outcome, None, "common", trace, language))
    for item in outcome.items:
        steps.extend(_explained(rules, outcome, item, "each", trace, language))
    steps.extend(_explained(rules, outcome, None, "after", trace, language))
    return steps


def _explained(
    rules: Ruleset,
    outcome: Outcome,
    item: Item | None,
    scope: Scope,
    trace: Mapping[str | None, Mapping[str, Traced]],
    language: str,
) -> Iterator[ExplainedStep]:
    key = item.key if item else None
    shared, traced = trace.get(None, {}), trace.get(key, {})
    show = Shower(language, numbers_of(outcome))
    known = item.known if item else outcome.known
    for op in rules.operations(scope):
        step, done = op.step, traced.get(op.step.name)
        sentence = _sentence(rules, outcome, item, op, known, language)
        if done is None or sentence is None:
            continue
        value = show(done.value, step.unit)
        numbers = "" if done.set_by_person else with_numbers(op, done.value, known, rules, show)
        if done.set_by_person:
            sentence = _BY_PERSON[language].format(value=value)
        elif isinstance(done.value, Unknown):
            sentence = _UNDECIDED[language].format(names=_missing(rules, done.value, language))
        formula = step.formula.text if step.formula else ""
        title = step.title.get(language, step.name)
        law = done.law or _law_behind(rules, op, traced, {**shared, **traced})
        yield ExplainedStep(key, step.name, title, sentence, formula, numbers, value, law, done.set_by_person)


def _missing(rules: Ruleset, value: Unknown, language: str) -> str:
    """Return what must be known first, by the words people have for it."""
    facts = [(name, rules.book.facts.get(name)) for name in sorted(value.names)]
    labels = [
        (fact.label.get(language) if fact and fact.label else None) or name.rpartition(".")[2]
        for name, fact in facts
    ]
    return ", ".join(
        label if label[1:2].isupper() else label[:1].lower() + label[1:] for label in dict.fromkeys(labels)
    )


def _law_behind(rules: Ruleset, op: StepOp, own: Mapping[str, Traced], every: Mapping[str, Traced]) -> str:
    """Return the sections of the tables a step without its own section builds on, else of the amounts it is made of.

    A condition that is not fulfilled by a row without a section rests on those that would have fulfilled it.
    """
    behind: list[str] = []
    for name in sorted(op.reads):
        if name in own and own[name].rows:
            is_denied = not own[name].law and op.table is None and own[name].value is False
            behind += laws_of(rules, name) if is_denied else [own[name].law]
    found = dict.fromkeys(law for law in behind if law)
    return ", ".join(found or dict.fromkeys(_farther(rules, op, every, set())))


def _farther(rules: Ruleset, op: StepOp, every: Mapping[str, Traced], seen: set[str]) -> Iterator[str]:
    """Find the sections of the amounts an amount is made of, and where one has none, of what that is made of."""
    unit, units = op.step.unit, rules.words.units
    for name in sorted(op.reads):
        if name in every and name not in seen and unit and units.get(name) == unit:
            seen.add(name)
            if every[name].law:
                yield every[name].law
            else:
                yield from _farther(rules, _op(rules, name), every, seen)


def laws_of(rules: Ruleset, name: str) -> tuple[str, ...]:
    """Return every section the rows of a step's table name."""
    return tuple(dict.fromkeys(law for law in _op(rules, name).laws if law))


def _op(rules: Ruleset, name: str) -> StepOp:
    return next(op for op in rules.operations(rules.source.steps[name].scope) if op.name == name)


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
    value = known.get(name)
    unit = rules.words.units.get(name, "")
    if value is None:
        return format_value(value, unit, language)
    return shown(value, unit, language, beside=numbers_of(outcome))


def numbers_of(outcome: Outcome) -> frozenset[Decimal]:
    """Return every number an outcome holds, which another may be read beside."""
    known = (outcome.known, *(item.known for item in outcome.items))
    return frozenset(value for one in known for value in one.values() if type(value) is Decimal)


def shown(value: Value, unit: str, language: str, *, beside: frozenset[Decimal] = frozenset()) -> str:
    """Return a value for a reason: as `format_value`, and never as another number than it is.

    An amount that would round to one it stands beside keeps its decimals (1 999,996 kr is less than 2 000 kr); below
    zero has a minus sign; long numbers are grouped; null is not set, which is not the same as unknown.
    """
    if value is None:
        return _NOT_SET[language]
    if type(value) is int:
        value = Decimal(value)
    if not isinstance(value, Decimal):
        return format_value(value, unit, language)
    if value.adjusted() > _MOST_DIGITS:
        return str(value.normalize(_WIDE))
    with localcontext(_WIDE):
        return _number(value, unit, language, beside)


def _number(value: Decimal, unit: str, language: str, beside: frozenset[Decimal]) -> str:
    """Return a number as `shown`; the context at hand can hold all its digits."""
    if value < 0:
        text = _number(-value, unit, language, frozenset(-one for one in beside))
        return text.replace("NOK\u00a0", "NOK\u00a0−") if text.startswith("NOK") else f"−{text}"
    fine = _fine(value) if unit.startswith("kr") and round(value) in beside else None
    is_long = value >= _LONG and not unit.startswith("kr") and value == value.to_integral_value()
    number = f"{fine:,f}" if fine is not None else f"{value:,.0f}" if is_long else ""
    if not number:
        text = format_value(value, unit, language)
    elif fine is not None and language == "en":
        text = f"NOK\u00a0{number}"
    else:
        grouped = number if language == "en" else number.replace(",", "\u00a0").replace(".", ",")
        text = f"{grouped}\u00a0kr" if fine is not None else grouped
    return f"{text}\u00a0øre" if unit == "øre" else text


@dataclass(frozen=True, slots=True)
class Shower:
    """Shows the values of one outcome in one language; `beside`: the numbers an amount is read beside."""

    language: str
    beside: frozenset[Decimal] = frozenset()

    def __call__(self, value: Value, unit: str = "") -> str:
        """Return a value as `shown`."""
        return shown(value, unit, self.language, beside=self.beside)


def _fine(amount: Decimal) -> Decimal | None:
    """Return an amount with more decimals than two, where two would show it as whole kroner it is not."""
    if round(amount, 2) == amount or round(amount, 2) != round(amount):
        return None
    tried = (round(amount, places) for places in range(3, _FINEST + 1))
    return next((one for one in tried if one != round(amount)), None)


def with_numbers(op: StepOp, value: Value, known: Mapping[str, Value], rules: Ruleset, show: Shower) -> str:
    """Write a formula with its values put in and what it came to: "366 667 kr × 6 % / 11 = 2 000,002 kr".

    Of an `if`, the branch that was taken; a rounding is told apart. Empty for a table, for a lone value, and where
    anything is not known.
    """
    if not isinstance(op.run, Compiled) or not isinstance(value, Decimal):
        return ""
    written = _put_in(op, taken(op.run.node, known), known, rules, show)
    exact = op.run(known, Recorder())
    told = show(exact, op.step.unit)
    if not written or written == told:
        return ""
    final = show(value, op.step.unit)
    return (
        f"{written} = {told}" if told == final else f"{written} = {told}, {_ROUNDED[show.language]} {final}"
    )


def _put_in(op: StepOp, node: Node, known: Mapping[str, Value], rules: Ruleset, show: Shower) -> str:
    """Write a formula with its values; empty where it is a lone name, or one of them is not a number."""
    is_plain = isinstance(node, nodes.Name) or not _is_sum(node, known)
    if is_plain or op.step.formula is None or not isinstance(op.run, Compiled):
        return ""
    text, units = op.step.formula.text, rules.words.units
    pieces: list[str] = []
    at = node.start
    for part in _parts(node, known):
        found = list(_values(part, known, units))
        if not all(type(value) in (Decimal, int) for value, _ in found):
            return ""
        words = [_as_written(part, value, rules) or _share(show(value, unit)) for value, unit in found]
        together = " + ".join(words) or show(Decimal(0), units.get(op.name, ""))
        is_inside = len(words) > 1 and node is not part and not _is_added(node)
        pieces += [_signs(text[at : part.start]), f"({together})" if is_inside else together]
        at = part.end
    end = len(text) if node is op.run.node else node.end
    written = "".join([*pieces, _signs(text[at:end])]).strip()
    # A branch of an `if` begins and ends inside its brackets.
    missing = written.count("(") - written.count(")")
    return "(" * -missing + written + ")" * missing


def _is_sum(node: Node, known: Mapping[str, Value]) -> bool:
    """Tell whether a formula is plain arithmetic on numbers, so that it can be shown with its numbers."""
    if isinstance(node, nodes.Name):
        return type(known.get(node.name)) in (Decimal, int)
    if isinstance(node, nodes.Call):
        return isinstance(node.target, nodes.Name) and node.target.name == "sum"
    if isinstance(node, nodes.Literal):
        return isinstance(node.value, Decimal)
    return isinstance(node, nodes.Arithmetic | nodes.Negate) and all(
        _is_sum(one, known) for one in children(node)
    )


def _is_added(node: Node) -> bool:
    """Tell whether a formula only adds, so that a sum in it needs no brackets of its own."""
    if not isinstance(node, nodes.Arithmetic):
        return not isinstance(node, nodes.Negate)
    return node.op == "+" and all(_is_added(side) for side in (node.left, node.right))


def _share(text: str) -> str:
    """Return the fraction alone where a share has one: 4/9, not 44,44 % (4/9)."""
    match = _IN_BRACKETS.search(text)
    return match[1] if match else text


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
    """Find what stands for a value: a name, a number, or a sum over the persons of a list."""
    is_value = (isinstance(node, nodes.Name) and node.name in known) or isinstance(node, nodes.Literal)
    if is_value or _summed(node) is not None:
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
    elif isinstance(part, nodes.Literal):
        yield part.value, part.unit or ""
    elif summed is not None:
        name, attribute = summed
        items = known.get(name)
        for item in items if isinstance(items, list) else ():
            yield item.get(attribute), units.get(f"{name}.{attribute}", "")


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text.replace("**", "^"))
