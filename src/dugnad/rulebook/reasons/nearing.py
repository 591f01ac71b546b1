"""The nearest value that does it: along one number or day, tried outwards and then halved, deciding each time.

A rule turns where it names a number (a rate, a limit in a cell) or where a formula makes one. So what the rules name is
tried first; towards the nearest of those that does it, doubled distances; between the last that does not and the first
that does, halves. Both values that come of it are shown by decisions, never reckoned.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.reasons.difference import Bound
from dugnad.rulebook.reasons.levers import Lever, written_limits
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome

_SAMPLES = 4
_POWERS = 13
"""Days have no limits in the rules: tried are one day, two, four and so on, up to eleven years."""
_MOST_LIMITS = 12
"""How many of the numbers the rules name are tried on each side, the nearest first."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A value that does it, and the next one towards what is, which does not. `is_limit`: halfway there does it too."""

    after: Value
    edge: Value
    is_limit: bool = False


def limits(rules: Ruleset, known: Mapping[str, Value], lever: Lever) -> frozenset[Decimal]:
    """Return the numbers the rules name that a lever can be held against: rates, open places, what is written."""
    named = (
        known.get(name)
        for name in (*rules.rates.rates, *rules.source.open)
        if rules.words.units.get(name, "") == lever.unit
    )
    written = (value for unit, value in written_limits(rules) if unit in ("", lever.unit))
    return frozenset(value for value in (*named, *written) if isinstance(value, Decimal))


def tries(lever: Lever, named: frozenset[Decimal]) -> tuple[Value, ...]:
    """Return what to try of a lever, the nearest first: about each named number, and as different as can be."""
    if not lever.step:
        return lever.ends
    start = lever.number(lever.before)
    ends = [lever.number(end) for end in lever.ends]
    found: list[Decimal] = []
    for side in (1, -1):
        there = [one for one in named if min(start, *ends) <= one <= max(start, *ends)]
        near = sorted((one for one in there if (one - start) * side >= 0), key=lambda one: abs(one - start))
        found += [one + part * lever.step for one in near[:_MOST_LIMITS] for part in (-1, 0, 1)]
    if isinstance(lever.before, date):
        found += [start + side * 2**power for power in range(_POWERS) for side in (1, -1)]
    inside = {one for one in found if min(start, *ends) <= one <= max(start, *ends)} - {start}
    return tuple(
        lever.at(one) for one in sorted({*inside, *ends} - {start}, key=lambda one: abs(one - start))
    )


def reach(lever: Lever, end: Value, does: Callable[[Value], bool]) -> Reached:
    """Return the nearest value towards `end`, which does it."""
    if not lever.step:
        return Reached(end, lever.before)
    bad, good = lever.number(lever.before), lever.number(end)
    beside = good + (lever.step if bad > good else -lever.step)
    if beside != bad and not does(lever.at(beside)):
        return Reached(end, lever.at(beside), _is_limit(lever, good, beside, does))
    for one in _doubled(bad, good, lever.step):
        if does(lever.at(one)):
            good = one
            break
        bad = one
    while abs(good - bad) > lever.step:
        middle = bad + ((good - bad) / 2 / lever.step).to_integral_value() * lever.step
        if middle in (good, bad):
            break
        if does(lever.at(middle)):
            good = middle
        else:
            bad = middle
    return Reached(lever.at(good), lever.at(bad), _is_limit(lever, good, bad, does))


def _is_limit(lever: Lever, good: Decimal, bad: Decimal, does: Callable[[Value], bool]) -> bool:
    """Tell whether all below (or above) the edge does it, so that one may say "under": halfway there is tried."""
    return not isinstance(lever.before, date) and does(lever.at((good + bad) / 2))


def _doubled(start: Decimal, end: Decimal, step: Decimal) -> Iterator[Decimal]:
    """Give what lies one step away, two, four and so on, on the way to the end, on whole steps."""
    side, distance = (step, 1) if end > start else (-step, 1)
    first = (start / step).to_integral_value(
        rounding="ROUND_FLOOR" if end > start else "ROUND_CEILING"
    ) * step
    while abs(first + side * distance - start) < abs(end - start):
        yield first + side * distance
        distance *= 2


def bound(
    lever: Lever,
    reached: Reached,
    named: frozenset[Decimal],
    decide: Callable[[Value], Outcome | None],
    does: Callable[[Outcome], bool],
) -> Bound:
    """Tell whether what lies beyond the nearest value does it too, as far as samples can show.

    Tried are as different as can be, parts of the way there, and about each number the rules name on it.
    """
    if not lever.step:
        return "exactly"
    start, after = lever.number(lever.before), lever.number(reached.after)
    side = 1 if after > start else -1
    end = next((one for one in map(lever.number, lever.ends) if (one - after) * side > 0), after)
    for one in _beyond(lever, after, end, named):
        made = decide(lever.at(one))
        if made is None or not does(made):
            return "exactly"
    return "at least" if side > 0 else "at most"


def _beyond(lever: Lever, after: Decimal, end: Decimal, named: frozenset[Decimal]) -> Sequence[Decimal]:
    parts = [after + (end - after) * part / _SAMPLES for part in range(1, _SAMPLES + 1)]
    whole = [(one / lever.step).to_integral_value() * lever.step for one in parts]
    about = [one + part * lever.step for one in named for part in (-1, 0, 1)]
    low, high = sorted((after, end))
    return sorted({one for one in (*whole, *about) if low <= one <= high} - {after})
