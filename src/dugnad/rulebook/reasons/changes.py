"""What would have changed a decision: the nearest fact, the row that fails on it, and where its limit lies.

Nothing is guessed. A change is found by deciding the same case again, by the same rules on the same day, with that
one fact different, and halving until the nearest value that does it stands beside one that does not. What cannot
be shown so is not said. Ties to the law: the row of the table that would have applied.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import combinations, product
from typing import TypeAlias

from dugnad.rulebook.feel.values import Value, to_value
from dugnad.rulebook.reasons.account import rows_of
from dugnad.rulebook.reasons.difference import Bound, Change, Changed
from dugnad.rulebook.reasons.levers import Lever, last_levers, levers
from dugnad.rulebook.reasons.nearing import bound, limits, reach, tries
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome, Raw, matched

Place: TypeAlias = tuple[str, str | None]
Test: TypeAlias = Callable[[Outcome], bool]

MOST_RUNS = 600
MOST_CHANGES = 3
_FEW = 6
_YEAR = 365


def is_refusal(rules: Ruleset, outcome: Outcome) -> bool:
    """Tell whether an outcome is a refusal, as the rules' `result` says."""
    return rules.source.result.refuses(outcome.outcome)


def what_would_change(
    rules: Ruleset,
    facts: Mapping[str, Value],
    outcome: Outcome,
    *,
    on: date,
    disputed: Collection[str] = (),
) -> tuple[Change, ...]:
    """Return what would have turned a refusal, or bettered the amount of what was granted; the nearest first.

    `facts`, `on` and `disputed` are those `outcome` was decided on. At most three changes, at most 600 decisions
    made to find them; empty where there is none, or none can be shown. Which outcomes are refusals, and which way
    an amount is better, the rules say under `result`.
    """
    if outcome.outcome is None:
        return ()
    given = {name: to_value(value) for name, value in facts.items()}
    search = _Search(rules, given, outcome, on, tuple(disputed))
    if is_refusal(rules, outcome):
        return tuple(sorted(search.turning(), key=_distance))[:MOST_CHANGES]
    return tuple(_worth_telling(sorted(search.bettering(), key=_distance)))[:MOST_CHANGES]


def _worth_telling(found: list[Change]) -> Iterator[Change]:
    """Leave out what comes to the very amounts that a nearer value of the same facts comes to."""
    told: set[tuple[object, ...]] = set()
    for change in found:
        who = tuple((one.name, one.key, one.bound) for one in change.changed)
        came_to = (who, change.outcome, *change.amounts.items())
        if came_to not in told:
            told.add(came_to)
            yield change


def _distance(change: Change) -> tuple[int, Decimal]:
    far = Decimal(0)
    for one in change.changed:
        before, after = one.before, one.after
        if isinstance(before, date) and isinstance(after, date):
            far += Decimal(abs((after - before).days)) / _YEAR
        elif isinstance(after, Decimal) and isinstance(before, Decimal):
            far += abs(after - before) / max(abs(before), Decimal(1))
        else:
            far += 1
    return len(change.changed), far


class _Search:
    """One search: it decides again and again, within a budget."""

    def __init__(
        self,
        rules: Ruleset,
        facts: Mapping[str, Value],
        outcome: Outcome,
        on: date,
        disputed: tuple[str, ...],
    ) -> None:
        self.rules = rules
        self.facts = facts
        self.now = outcome
        self.on = on
        self.disputed = disputed
        self.left = MOST_RUNS
        self.stopped = {stop.name for stop in outcome.stops}
        self.less: bool | None = None
        self._named: dict[Lever, frozenset[Decimal]] = {}

    def decide(self, values: Mapping[Lever, Value]) -> Outcome | None:
        """Decide with these levers changed; None where it could not be decided as the case itself was."""
        if self.left <= 0:
            return None
        self.left -= 1
        facts = dict(self.facts)
        for lever, value in values.items():
            facts = lever.put(facts, value)
        made = self.rules.decide(facts, on=self.on, disputed=self.disputed)
        is_decided = made.outcome is not None and not made.diagnostics
        return made if is_decided and {stop.name for stop in made.stops} <= self.stopped else None

    def named(self, lever: Lever) -> frozenset[Decimal]:
        """Return the numbers the rules name that a lever can be held against."""
        if lever not in self._named:
            self._named[lever] = limits(self.rules, self.now.known, lever)
        return self._named[lever]

    def turning(self) -> Iterator[Change]:
        """Find what would have turned a refusal: one fact, or where none does, two, or three.

        First of what people can speak of as different, then of all that may be told.
        """

        def granted(made: Outcome) -> bool:
            return not is_refusal(self.rules, made)

        own = levers(self.rules, self.facts, self.now)
        rest = last_levers(self.rules, self.facts, self.now)
        for chosen, together in ((own, 1), (rest, 1), (own or rest, 2), (own or rest, 3)):
            find = (
                self._alone(chosen, granted) if together == 1 else self._together(chosen, granted, together)
            )
            found = list(find)
            if found:
                yield from found
                return

    def bettering(self) -> Iterator[Change]:
        """Find where another row would have given a better amount; nothing where it is not said what is better."""
        better, total = self.rules.source.result.better, _total(self.rules, self.now)
        if not better or total is None:
            return
        less = self.less = better == "lower"
        told: set[tuple[Lever, Value]] = set()
        for lever in levers(self.rules, self.facts, self.now):
            for end in lever.ends:
                made = self.decide({lever: end})
                then = _total(self.rules, made) if made is not None else None
                if made is None or then is None or is_refusal(self.rules, made):
                    continue
                if then == total or (then < total) is not less:
                    continue
                for place in _rows_changed(self.now, made):
                    change = self._change({lever: end}, _same_rows(place, made), place)
                    known = change is None or (lever, change.changed[0].after) in told
                    if change is not None and not known and _improves(change, less=less):
                        told.add((lever, change.changed[0].after))
                        yield change

    def _alone(self, chosen: Collection[Lever], test: Test) -> Iterator[Change]:
        """Find each fact that does it by itself: on each side, or of each other value, the nearest."""
        for lever in chosen:
            sides: set[int] = set()
            for end in tries(lever, self.named(lever)):
                side = _side(lever, end)
                made = self.decide({lever: end}) if side not in sides else None
                change = self._change({lever: end}, test) if made is not None and test(made) else None
                if change is not None and change.changed[0].before != change.changed[0].after:
                    sides |= {side} if side else set()
                    yield change

    def _together(self, chosen: Collection[Lever], test: Test, together: int) -> Iterator[Change]:
        """Find the first set of this many facts that does it."""
        for some in combinations(chosen, together):
            for ends in product(*(self._few(lever) for lever in some)):
                values = dict(zip(some, ends, strict=True))
                made = self.decide(values)
                change = self._change(values, test) if made is not None and test(made) else None
                if change is not None and all(one.before != one.after for one in change.changed):
                    yield change
                    return

    def _few(self, lever: Lever) -> tuple[Value, ...]:
        """Return a few values to try beside other facts: as different as can be, and about the nearest limits."""
        return tuple(dict.fromkeys((*lever.ends, *tries(lever, self.named(lever))[:_FEW])))

    def _change(self, values: Mapping[Lever, Value], test: Test, place: Place | None = None) -> Change | None:
        """Bring each lever as near to what is as still does it, and say what came of that."""
        near = dict(values)
        changed = []
        for lever, end in values.items():
            decide = partial(self._with, near, lever)
            reached = reach(lever, end, lambda value, decide=decide: _holds(decide(value), test))  # type: ignore[misc] # bound now
            near[lever] = reached.after
            holds = self._test_beyond(near, test)
            reaches = bound(lever, reached, self.named(lever), decide, holds)
            one = Changed(
                lever.name,
                lever.key,
                lever.before,
                reached.after,
                reached.edge,
                lever.unit,
                reaches,
                reached.is_limit and reached.edge in self.named(lever),
            )
            changed.append(self._through(lever, one, near) if lever.through else one)
        made = self.decide(near)
        if made is None or not test(made) or made.outcome is None:
            return None
        return self._told(tuple(changed), made, place)

    def _with(self, values: Mapping[Lever, Value], lever: Lever, value: Value) -> Outcome | None:
        return self.decide({**values, lever: value})

    def _through(self, lever: Lever, one: Changed, near: Mapping[Lever, Value]) -> Changed:
        """Return a day that is not spoken of as the number it is told as."""
        outcomes = (self.now, self._with(near, lever, one.after), self._with(near, lever, one.edge))
        before, after, edge = (_value(made, lever.through, lever.key) for made in outcomes)
        reaches: Bound = one.bound
        if reaches != "exactly" and isinstance(before, Decimal) and isinstance(after, Decimal):
            reaches = "at least" if after > before else "at most"
        unit = self.rules.words.units.get(lever.through, "")
        return replace(one, before=before, after=after, edge=edge, unit=unit, bound=reaches, limit=False)

    def _test_beyond(self, near: Mapping[Lever, Value], test: Test) -> Test:
        """Return the test for what lies beyond: it does it, and where an amount is told, none is worse."""
        there = self.decide(near)
        return lambda made: test(made) and (there is None or not self._worse(there, made))

    def _told(self, changed: tuple[Changed, ...], made: Outcome, place: Place | None) -> Change:
        amounts = _amounts(self.rules, self.now, made)
        outcome = made.outcome or ""
        place = place or next(iter(_rows_changed(self.now, made)), None)
        if place is None:  # rules without tables: the formula of the outcome itself
            name = self.rules.source.result.outcome
            return Change(changed, outcome, name, None, 0, self.rules.source.steps[name].law, (), amounts)
        raw = _by_place(made)[place]
        row = matched(raw)[0]
        failing = next((one.failing for one in rows_of(_by_place(self.now)[place]) if one.number == row), ())
        law = raw[0].laws[row - 1] or raw[0].step.law or self._law_after(made, place)
        return Change(changed, outcome, *place, row, law, failing, amounts)

    def _law_after(self, made: Outcome, place: Place) -> str:
        """Return the law of the next row that changes, where the first has none of its own."""
        new = _by_place(made)
        laws = (
            new[one][0].laws[matched(new[one])[0] - 1]
            for one in _rows_changed(self.now, made)
            if one != place
        )
        return next((law for law in laws if law), "")

    def _worse(self, there: Outcome, beyond: Outcome) -> bool:
        """Tell whether any amount is worse beyond than there; False where amounts are not what is told."""
        if self.less is None:
            return False
        amounts = dict(_each_amount(self.rules, beyond))
        for key, told in _each_amount(self.rules, there):
            other = amounts.get(key)
            if isinstance(told, Decimal) and (
                not isinstance(other, Decimal) or (other > told if self.less else other < told)
            ):
                return True
        return False


def _side(lever: Lever, value: Value) -> int:
    """Return on which side of what is a value lies; nought where values have no order."""
    if not lever.step:
        return 0
    return 1 if lever.number(value) > lever.number(lever.before) else -1


def _value(made: Outcome | None, name: str, key: str | None) -> Value:
    """Return what a step came to in an outcome, for the whole or for one item."""
    if made is None:
        return None
    return next((raw[2] for raw in made.raw if raw[0].name == name and raw[1] == key), None)


def _holds(made: Outcome | None, test: Test) -> bool:
    return made is not None and test(made)


def _by_place(outcome: Outcome) -> dict[Place, Raw]:
    return {(raw[0].name, raw[1]): raw for raw in outcome.raw}


def _rows(outcome: Outcome) -> dict[Place, tuple[int, ...]]:
    return {place: matched(raw) for place, raw in _by_place(outcome).items() if raw[0].table is not None}


def _rows_changed(now: Outcome, then: Outcome) -> list[Place]:
    """Return the tables where another row applies, in working order."""
    before, after = _rows(now), _rows(then)
    return [place for place, rows in after.items() if rows and place in before and before[place] != rows]


def _same_rows(place: Place, made: Outcome) -> Test:
    """Return the test whether the table at `place` comes to the same rows as in `made`."""
    rows = _rows(made)[place]
    return lambda one: _rows(one).get(place) == rows


def _total(rules: Ruleset, outcome: Outcome) -> Decimal | None:
    amounts = [value for _, value in _each_amount(rules, outcome) if isinstance(value, Decimal)]
    return sum(amounts, Decimal(0)) if amounts else None


def _each_amount(rules: Ruleset, outcome: Outcome) -> Iterator[tuple[str | None, Value]]:
    name = rules.source.result.amount
    if not name:
        return
    if outcome.items:
        yield from ((item.key, item.known.get(name)) for item in outcome.items)
    elif name in outcome.known:
        yield None, outcome.known[name]


def _amounts(rules: Ruleset, now: Outcome, then: Outcome) -> dict[str | None, tuple[Value, Value]]:
    after = dict(_each_amount(rules, then))
    return {key: (value, after.get(key)) for key, value in _each_amount(rules, now)}


def _improves(change: Change, *, less: bool) -> bool:
    pairs = [pair for pair in change.amounts.values() if all(isinstance(one, Decimal) for one in pair)]
    gained = sum((after - before for before, after in pairs), Decimal(0))
    return gained < 0 if less else gained > 0
