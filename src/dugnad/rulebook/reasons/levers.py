"""What may be thought different when asking what would have changed a decision.

First what can change and people have a word for: numbers, yes or no, and choices from a register or the applicant, a
day the applicant gave, and sums of them that the service has a title for (the household's income). Where none of these
does it, what else the rules read and may be shown, and numbers made of facts (the age a date of birth gives): told as
what the decision went by. Never a date of birth, a person, an address.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from dugnad.rulebook.feel import Compiled, FeelSyntaxError, Node, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.facts import Fact
from dugnad.rulebook.rules.outcome import Outcome
from dugnad.rulebook.rules.source import Scope

_FIXED_SOURCES = ("case", "case worker")
_MOST: Mapping[str, Decimal] = {
    "timer": Decimal(168),
    "dager": Decimal(366),
    "måneder": Decimal(1_200),
    "år": Decimal(120),
}
_LEAST_TOP = Decimal(1_000)
_MONEY_TOP = Decimal(10_000_000)
_HUNDREDTH, _ONE = Decimal("0.01"), Decimal(1)
_DAYS = 20 * 366
"""How far before and after a day is looked for another."""
_SCOPES: tuple[Scope, ...] = ("common", "each", "after")


@dataclass(frozen=True, slots=True)
class Lever:
    """A fact (or a number made of facts) that may be thought different. `key`: of which item, None for the whole.

    `place` is where it stands: (name,) or (list, index, attribute). `step` is the smallest difference, in its unit;
    nought where values have no order. `ends` are as different as it can be, or every other value. `through`: the number
    it is told as, for a day that is not spoken of itself (an age, for a date of birth).
    """

    name: str
    key: str | None
    place: tuple[str | int, ...]
    before: Value
    unit: str
    step: Decimal
    ends: tuple[Value, ...]
    through: str = ""

    def put(self, facts: Mapping[str, Value], value: Value) -> dict[str, Value]:
        """Return the facts with this one changed; nothing else."""
        changed = dict(facts)
        if len(self.place) == 1:
            changed[str(self.place[0])] = value
            return changed
        listed, index, attribute = self.place
        entries = [dict(entry) for entry in facts[str(listed)]]
        entries[int(index)][attribute] = value
        changed[str(listed)] = entries
        return changed

    def number(self, value: Value) -> Decimal:
        """Return where a value lies: a number is itself, a day the number of the day."""
        return Decimal(value.toordinal()) if isinstance(value, date) else value

    def at(self, number: Decimal) -> Value:
        """Return the value that lies there."""
        return date.fromordinal(int(number)) if isinstance(self.before, date) else number


def levers(rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome) -> tuple[Lever, ...]:
    """Return what people can speak of as different in this case: sums first, then facts, then facts of each item."""
    return tuple(_found(rules, facts, outcome, last=False))


def last_levers(rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome) -> tuple[Lever, ...]:
    """Return what else the decision went by, for where nothing of `levers` would have changed it."""
    return tuple(_found(rules, facts, outcome, last=True))


def _found(rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome, *, last: bool) -> Iterator[Lever]:
    sums = [op for op in _of_facts(rules, outcome) if last is not bool(op.step.title)]
    covered = {name for op in _of_facts(rules, outcome) if op.step.title for name in op.reads}
    for op in sums:
        yield from _lever(op.name, None, (op.name,), outcome.known[op.name], op.step.unit)
    for fact in rules.book.facts.values():
        if fact.of_list is None and _may_change(fact) and last is not _has_word(fact):
            yield from _lever_of(fact, None, (fact.name,), facts.get(fact.name))
    yield from _of_items(rules, facts, outcome, covered, last=last)
    if last:
        yield from _days(rules, facts, outcome)


def _of_facts(rules: Ruleset, outcome: Outcome) -> Iterator[StepOp]:
    """Find the steps that are worked out from facts alone, and are numbers here."""
    for op in rules.operations("common"):
        facts = [rules.book.facts.get(name) for name in op.reads]
        is_made = bool(facts) and all(fact is not None and fact.kind != "date" for fact in facts)
        if is_made and op.table is None and type(outcome.known.get(op.name)) is Decimal:
            yield op


def _of_items(
    rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome, covered: set[str], *, last: bool
) -> Iterator[Lever]:
    """Find the facts of the items decided for, such as a child's agreed hours."""
    keys = {item.key for item in outcome.items}
    for name, fact in rules.book.facts.items():
        listed = facts.get(name)
        if fact.kind != "persons" or name in covered or not isinstance(listed, list):
            continue
        for index, entry in enumerate(listed):
            key = str(entry.get(rules.source.result.key))
            for one in rules.book.attributes(name) if key in keys else ():
                if _may_change(one) and last is not _has_word(one):
                    place = (name, index, one.attribute)
                    yield from _lever_of(one, key, place, entry.get(one.attribute))


def _days(rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome) -> Iterator[Lever]:
    """Find the days that are told as a number the rules make of them: an age, a school year."""
    days = [fact for fact in rules.book.facts.values() if fact.kind == "date" and fact.source != "case"]
    items = {item.key: item.known for item in outcome.items}
    for fact in days:
        if fact.of_list is None:
            through = _made_of(rules, fact.name, "common", outcome.known)
            yield from _day(through, None, (fact.name,), facts.get(fact.name))
            continue
        listed = facts.get(fact.of_list)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            key = str(entry.get(rules.source.result.key))
            through = _made_of(rules, fact.attribute, "each", items[key]) if key in items else ""
            place = (fact.of_list, index, fact.attribute)
            yield from _day(through, key, place, entry.get(fact.attribute))


def _day(through: str, key: str | None, place: tuple[str | int, ...], before: Value) -> Iterator[Lever]:
    if through and isinstance(before, date):
        yield from (replace(lever, through=through) for lever in _lever(through, key, place, before, ""))


def _made_of(rules: Ruleset, name: str, scope: Scope, known: Mapping[str, Value]) -> str:
    """Return the first number that is worked out from a day, and is no amount; empty where there is none."""
    made = {name}
    for op in rules.operations(scope):
        if op.table is None and made & op.reads:
            made.add(op.name)
            if type(known.get(op.name)) is Decimal and not op.step.unit.startswith("kr"):
                return op.name
    return ""


def _may_change(fact: Fact) -> bool:
    """Tell whether a fact may be spoken of as different: it is shown, is no fixed thing, and can be searched."""
    can = fact.kind in ("number", "boolean") or bool(fact.one_of)
    can = can or (fact.kind == "date" and fact.source == "applicant")
    return can and fact.shown and fact.source not in _FIXED_SOURCES


def _has_word(fact: Fact) -> bool:
    return bool(fact.label) or fact.source == "applicant"


def _lever_of(fact: Fact, key: str | None, place: tuple[str | int, ...], before: Value) -> Iterator[Lever]:
    name = fact.attribute if len(place) > 1 else fact.name
    if not fact.one_of:
        yield from _lever(name, key, place, before, fact.unit)
    elif before in fact.one_of:
        others = tuple(one for one in fact.one_of if one != before)
        yield Lever(name, key, place, before, fact.unit, Decimal(0), others)


def _lever(
    name: str, key: str | None, place: tuple[str | int, ...], before: Value, unit: str
) -> Iterator[Lever]:
    if isinstance(before, bool):
        yield Lever(name, key, place, before, unit, Decimal(0), (not before,))
    elif isinstance(before, date):
        around = (max(1, before.toordinal() - _DAYS), min(date.max.toordinal(), before.toordinal() + _DAYS))
        ends = tuple(date.fromordinal(day) for day in around)
        yield Lever(name, key, place, before, unit, _ONE, ends)
    elif type(before) is Decimal:
        step = _HUNDREDTH if unit in ("%", "fraction") else _ONE
        numbers = tuple(end for end in (Decimal(0), _top(before, unit)) if end != before)
        yield Lever(name, key, place, before, unit, step, numbers)


def _top(before: Decimal, unit: str) -> Decimal:
    """Return how far up to look: what can be for hours and shares, else well above what is."""
    if unit in ("%", "fraction"):
        return _ONE
    plain = unit.partition("/")[0]
    if plain in _MOST:
        return max(before, _MOST[plain])
    return max(before * 10, _MONEY_TOP if plain == "kr" else _LEAST_TOP).to_integral_value()


@lru_cache(maxsize=64)
def written_limits(rules: Ruleset) -> frozenset[tuple[str, Decimal]]:
    """Return the numbers written in formulas and cells, each with its unit, empty where it has none."""
    return frozenset(
        (node.unit or "", node.value)
        for scope in _SCOPES
        for op in rules.operations(scope)
        for tree in _trees(op, rules.words.by_scope[scope])
        for node in _all(tree)
        if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)
    )


def _trees(op: StepOp, names: frozenset[str]) -> Iterator[Node]:
    if isinstance(op.run, Compiled):
        yield op.run.node
    if op.table is None:
        return
    yield from (column.expression for column in op.table.table.inputs)
    for text in {cell.text for row in op.table.table.rows for cell in row.inputs} - {"", "-"}:
        try:
            yield parse_unary_tests(text, names=names, dialect="dugnad")
        except FeelSyntaxError:
            continue


def _all(tree: Node) -> Iterator[Node]:
    return chain((tree,), *(_all(child) for child in children(tree)))
