"""What may be thought different when asking what would have changed a decision.

Only what can change and what people have a word for: numbers and yes-or-no from a register or the applicant, and
sums of them that the service has a title for (the household's income). Never a date of birth, a person, an address.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.facts import Fact
from dugnad.rulebook.rules.outcome import Outcome

_KINDS = ("number", "boolean")
_FIXED_SOURCES = ("case", "case worker")
_MOST: Mapping[str, Decimal] = {"timer": Decimal(168), "dager": Decimal(366), "måneder": Decimal(1_200)}
_LEAST_TOP = Decimal(1_000)
_MONEY_TOP = Decimal(10_000_000)
_HUNDREDTH, _ONE = Decimal("0.01"), Decimal(1)


@dataclass(frozen=True, slots=True)
class Lever:
    """A fact (or a sum of facts) that may be thought different. `key`: of which item, None for the whole.

    `place` is where it stands: (name,) or (list, index, attribute). `step` is the smallest difference, in its unit.
    """

    name: str
    key: str | None
    place: tuple[str | int, ...]
    before: Value
    unit: str
    step: Decimal
    ends: tuple[Value, ...]

    def put(self, facts: Mapping[str, Value], value: Value) -> dict[str, Value]:
        """Return the facts with this one changed; nothing else."""
        changed = dict(facts)
        if len(self.place) == 1:
            changed[self.name] = value
            return changed
        listed, index, attribute = self.place
        entries = [dict(entry) for entry in facts[str(listed)]]
        entries[int(index)][attribute] = value
        changed[str(listed)] = entries
        return changed


def levers(rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome) -> tuple[Lever, ...]:
    """Return what may be thought different in this case: sums first, then facts, then facts of each item."""
    sums = list(_sums(rules, outcome))
    covered = {name for op in sums for name in op.reads}
    found = [
        lever
        for op in sums
        if (lever := _lever(op.name, None, (op.name,), outcome.known[op.name], op.step.unit))
    ]
    for fact in rules.book.facts.values():
        if fact.of_list is None and _may_change(fact):
            made = _lever(fact.name, None, (fact.name,), facts.get(fact.name), fact.unit)
            found += [made] if made else []
    found += _of_items(rules, facts, outcome, covered)
    return tuple(found)


def _sums(rules: Ruleset, outcome: Outcome) -> Iterator[StepOp]:
    """Find the steps with a title that are made of facts alone, and are numbers here."""
    for op in rules.operations("common"):
        of_facts = bool(op.reads) and all(name in rules.book.facts for name in op.reads)
        if op.step.title and op.table is None and of_facts and type(outcome.known.get(op.name)) is Decimal:
            yield op


def _of_items(
    rules: Ruleset, facts: Mapping[str, Value], outcome: Outcome, covered: set[str]
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
                if _may_change(one):
                    made = _lever(
                        one.attribute, key, (name, index, one.attribute), entry.get(one.attribute), one.unit
                    )
                    if made:
                        yield made


def _may_change(fact: Fact) -> bool:
    """Tell whether a fact may be spoken of as different: it has a word for people, is shown, is no fixed thing."""
    has_word = bool(fact.label) or fact.source == "applicant"
    return fact.kind in _KINDS and fact.shown and has_word and fact.source not in _FIXED_SOURCES


def _lever(
    name: str, key: str | None, place: tuple[str | int, ...], before: Value, unit: str
) -> Lever | None:
    if isinstance(before, bool):
        return Lever(name, key, place, before, unit, _ONE, (not before,))
    if type(before) is not Decimal or before < 0:
        return None
    step = _HUNDREDTH if unit in ("%", "fraction") else _ONE
    top = _top(before, unit)
    ends = [end for end in (Decimal(0), top) if end != before]
    return Lever(name, key, place, before, unit, step, tuple(ends))


def _top(before: Decimal, unit: str) -> Decimal:
    """Return how far up to look: what can be for hours and shares, else well above what is."""
    if unit in ("%", "fraction"):
        return _ONE
    plain = unit.partition("/")[0]
    if plain in _MOST:
        return max(before, _MOST[plain])
    return max(before * 10, _MONEY_TOP if plain == "kr" else _LEAST_TOP).to_integral_value()
