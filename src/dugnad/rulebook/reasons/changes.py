"""What would have changed a decision: the nearest fact, the row that fails on it, and where its limit lies.

Nothing is guessed. A change is found by deciding the same case again, by the same rules on the same day, with that
one fact different, and halving until the nearest value that does it stands beside one that does not. What cannot
be shown so is not said. Ties to the law: the row of the table that would have applied.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import TypeAlias

from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.reasons.account import rows_of
from dugnad.rulebook.reasons.difference import Bound, Change, Changed
from dugnad.rulebook.reasons.levers import Lever, levers
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome, Raw, matched

Place: TypeAlias = tuple[str, str | None]
Test: TypeAlias = Callable[[Outcome], bool]

MOST_RUNS = 400
MOST_CHANGES = 3
MOST_TOGETHER = 3
_SAMPLES = 4


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

    `facts`, `on` and `disputed` are those `outcome` was decided on. At most three changes, at most 400 decisions
    made to find them; empty where there is none, or none can be shown. Which outcomes are refusals, and which way
    an amount is better, the rules say under `result`.
    """
    if outcome.outcome is None:
        return ()
    search = _Search(rules, facts, outcome, on, tuple(disputed))
    found = search.turning() if is_refusal(rules, outcome) else search.bettering()
    return tuple(sorted(found, key=_distance))[:MOST_CHANGES]


def _distance(change: Change) -> tuple[int, Decimal]:
    far = Decimal(0)
    for one in change.changed:
        if isinstance(one.after, Decimal) and isinstance(one.before, Decimal):
            far += abs(one.after - one.before) / max(one.before, Decimal(1))
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
        self.levers = levers(rules, facts, outcome)
        self.stopped = {stop.name for stop in outcome.stops}
        self.less: bool | None = None

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

    def turning(self) -> Iterator[Change]:
        """Find what would have turned a refusal: one fact, or where none does, two, or three."""

        def granted(made: Outcome) -> bool:
            return not is_refusal(self.rules, made)

        for together in range(1, MOST_TOGETHER + 1):
            found = list(self._together(granted, together))
            if found:
                yield from found
                return

    def bettering(self) -> Iterator[Change]:
        """Find where another row would have given a better amount; nothing where it is not said what is better."""
        better, total = self.rules.source.result.better, _total(self.rules, self.now)
        if not better or total is None:
            return
        less = self.less = better == "lower"
        ends = [
            (lever, end, made)
            for lever in self.levers
            for end in lever.ends
            if (made := self.decide({lever: end}))
        ]
        told: set[tuple[Lever, Value]] = set()
        for lever, end, made in ends:
            then = _total(self.rules, made)
            if then is None or then == total or (then < total) is not less or is_refusal(self.rules, made):
                continue
            for place in _rows_changed(self.now, made):
                change = self._change({lever: end}, _same_rows(place, made))
                known = change is None or (lever, change.changed[0].after) in told
                if change is not None and not known and _improves(change, less=less):
                    told.add((lever, change.changed[0].after))
                    yield change

    def _together(self, test: Test, together: int) -> Iterator[Change]:
        """Find the sets of this many facts that do it, each thought as different as can be; one set where several must."""
        for chosen in combinations(self.levers, together):
            for ends in product(*(lever.ends for lever in chosen)):
                values = dict(zip(chosen, ends, strict=True))
                made = self.decide(values)
                change = self._change(values, test) if made is not None and test(made) else None
                if change is not None:
                    yield change
                    if together > 1:
                        return

    def _change(self, values: Mapping[Lever, Value], test: Test) -> Change | None:
        """Bring each lever as near to what is as still does it, and say what came of that."""
        near = dict(values)
        changed = []
        for lever, end in values.items():
            after, edge = self._nearest(near, lever, end, test)
            near[lever] = after
            bound = self._bound(near, lever, end, test)
            limit = isinstance(edge, Decimal) and edge in set(self._limits(lever))
            changed.append(
                Changed(lever.name, lever.key, lever.before, after, edge, lever.unit, bound, limit)
            )
        made = self.decide(near)
        if made is None or not test(made) or made.outcome is None:
            return None
        amounts = _amounts(self.rules, self.now, made)
        place = next(iter(_rows_changed(self.now, made)), None)
        if place is None:  # rules without tables: the formula of the outcome itself
            name = self.rules.source.result.outcome
            return Change(
                tuple(changed), made.outcome, name, None, 0, self.rules.source.steps[name].law, (), amounts
            )
        raw = _by_place(made)[place]
        row = matched(raw)[0]
        failing = next((one.failing for one in rows_of(_by_place(self.now)[place]) if one.number == row), ())
        law = raw[0].laws[row - 1] or raw[0].step.law or self._law_after(made, place)
        return Change(tuple(changed), made.outcome, *place, row, law, failing, amounts)

    def _law_after(self, made: Outcome, place: Place) -> str:
        """Return the law of the next row that changes, where the first has none of its own."""
        new = _by_place(made)
        laws = (
            new[one][0].laws[matched(new[one])[0] - 1]
            for one in _rows_changed(self.now, made)
            if one != place
        )
        return next((law for law in laws if law), "")

    def _nearest(
        self, values: Mapping[Lever, Value], lever: Lever, end: Value, test: Test
    ) -> tuple[Value, Value]:
        """Halve between what is and what does it; both ends stay what they were shown to be."""
        if not isinstance(end, Decimal):
            return end, lever.before
        good, bad = self._hinted(values, lever, end, test)
        while abs(good - bad) > lever.step:
            middle = bad + ((good - bad) / 2 / lever.step).to_integral_value() * lever.step
            middle = middle.quantize(lever.step)
            if middle in (good, bad):
                break
            made = self.decide({**values, lever: middle})
            if made is not None and test(made):
                good = middle
            else:
                bad = middle
            if self.left <= 0:
                break
        return good, bad

    def _hinted(
        self, values: Mapping[Lever, Value], lever: Lever, end: Decimal, test: Test
    ) -> tuple[Decimal, Decimal]:
        """Try the limits the rules name first: most thresholds are a rate, found in two decisions instead of twenty."""
        good, bad = end, lever.before
        side = lever.step if end > bad else -lever.step
        for limit in sorted({one for one in self._limits(lever) if min(good, bad) < one < max(good, bad)}):
            for inside, outside in ((limit + side, limit), (limit, limit - side)):
                nearer = self.decide({**values, lever: inside})
                if nearer is not None and test(nearer):
                    farther = self.decide({**values, lever: outside})
                    if farther is None or not test(farther):
                        return inside, outside
        return good, bad

    def _bound(self, values: Mapping[Lever, Value], lever: Lever, end: Value, test: Test) -> Bound:
        """Tell whether what lies beyond the nearest value does it too, as far as samples can show.

        Where an amount is told, none beyond may be worse than it: one says "at most", or "at least".
        """
        after, there = values[lever], self.decide(values)
        if not isinstance(end, Decimal) or not isinstance(after, Decimal) or there is None:
            return "exactly"
        for part in range(1, _SAMPLES + 1):
            beyond = (after + (end - after) * part / _SAMPLES).quantize(lever.step)
            made = self.decide({**values, lever: beyond})
            if made is None or not test(made) or self._worse(there, made):
                return "exactly"
        return "at most" if end < after or end < lever.before else "at least"

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

    def _limits(self, lever: Lever) -> Iterator[Decimal]:
        """Give the numbers in the lever's unit that the rules have a name for: rates and open places."""
        for name in (*self.rules.rates.rates, *self.rules.source.open):
            value = self.now.known.get(name)
            if isinstance(value, Decimal) and self.rules.words.units.get(name, "") == lever.unit:
                yield value


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
