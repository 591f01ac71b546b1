"""One input of a table, cut into regions: each constant its cells name, what lies between, what is left over.

Within a region every cell of the column answers alike. A name in a cell (`< kommunens pris`) has no place among
the constants: it gets an axis of its own, below, equal and above, so that nothing is taken for granted of where
it lies.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from dugnad.rulebook.checks.tables.regions.spans import Spans, common, joined, without
from dugnad.rulebook.feel.values import Months, Value

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
Point: TypeAlias = Any
"""A constant as something Python orders: a number, a text, a day's number, a moment."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What an input can be, as far as that is known.

    `kind` is the FEEL type, empty where it is not known. `whole`: whole numbers only. `low` and `high` are the
    least and the greatest it can be, both included. `values` are all it can be, where they are listed.
    """

    kind: str = ""
    whole: bool = False
    low: Value = None
    high: Value = None
    values: tuple[Value, ...] | None = None
    nullable: bool = False
    unit: str = ""


ANYTHING = Domain()


def point(value: Value) -> Point:
    """Return a constant as something Python orders, the same for equal values."""
    if isinstance(value, Months):
        return value.months
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    return value


def steps_by_one(value: Value, *, whole: bool) -> bool:
    """Tell whether nothing lies between a value of this kind and the next: days, months, whole numbers."""
    if isinstance(value, Decimal):
        return whole
    return isinstance(value, Months) or (isinstance(value, date) and not isinstance(value, datetime))


@dataclass(frozen=True, slots=True)
class Axis:
    """One way in which an input varies. Regions are numbered from 0; `everything` are those that can occur.

    `label` is the column's heading; `null` is the region of a missing value, where there is one.
    """

    label: str
    column: int
    everything: Spans
    null: int | None

    @property
    def present(self) -> Spans:
        """The regions where there is a value at all."""
        return self.everything if self.null is None else without_region(self.everything, self.null)


def without_region(spans: Spans, region: int) -> Spans:
    """Return the regions but for one."""
    parts = [(low, min(high, region - 1)) for low, high in spans]
    parts += [(max(low, region + 1), high) for low, high in spans]
    return joined(part for part in parts if part[0] <= part[1])


@dataclass(frozen=True, slots=True)
class Listed(Axis):
    """Values one by one, and, where `open`, anything else as one region after them; `at` gives a value's region."""

    values: tuple[Value, ...]
    open: bool
    at: Mapping[Point, int]

    def where(self, op: str, value: Value) -> Spans:
        """Return the regions in which the input compares so with a constant."""
        wanted = point(value)
        if op not in ("=", "!="):
            compare = COMPARISONS[op]
            alike = [(at, one) for one, at in self.at.items() if type(one) is type(wanted)]
            return common(joined((at, at) for at, one in alike if compare(one, wanted)), self.everything)
        place = self.at.get(wanted)
        found: Spans = () if place is None else ((place, place),)
        if op == "!=":
            found = without(((0, len(self.values) - (not self.open)),), found)
        return common(found, self.everything)

    def region(self, value: Value) -> int | None:
        """Return the region a value lies in; None where it can never be."""
        if value is None:
            return self.null
        return self.at.get(point(value), len(self.values) if self.open else None)

    def example(self, spans: Spans) -> Value:
        """Return a value in one of these regions; None for a missing one, or where none can be made."""
        at = spans[0][0]
        if at == self.null:
            return None
        if at < len(self.values):
            return self.values[at]
        if all(isinstance(value, str) for value in self.values):
            return "".join(map(str, self.values)) + "·"
        return None


@dataclass(frozen=True, slots=True)
class Ordered(Axis):
    """Constants in order, what lies before, between and after them, as far as it can occur.

    `slots` tells of each region what it is: 2i is what lies before constant i, 2i + 1 the constant, the last what
    follows. What no value lies in, as between one day and the next, has no region.
    """

    points: tuple[Point, ...]
    values: tuple[Value, ...]
    by_one: bool
    slots: tuple[int, ...]

    def where(self, op: str, value: Value) -> Spans:
        """Return the regions in which the input compares so with a constant."""
        at = 2 * bisect_left(self.points, point(value)) + 1
        last = 2 * len(self.points)
        found = {
            "=": ((at, at),),
            "!=": ((0, at - 1), (at + 1, last)),
            "<": ((0, at - 1),),
            "<=": ((0, at),),
            ">": ((at + 1, last),),
            ">=": ((at, last),),
        }[op]
        runs = ((bisect_left(self.slots, low), bisect_right(self.slots, high) - 1) for low, high in found)
        return common(joined(run for run in runs if run[0] <= run[1]), self.everything)

    def region(self, value: Value) -> int | None:
        """Return the region a value lies in; None where it can never be."""
        if value is None:
            return self.null
        at = bisect_left(self.points, point(value))
        slot = 2 * at + (at < len(self.points) and self.points[at] == point(value))
        found = bisect_left(self.slots, slot)
        return found if found < len(self.slots) and self.slots[found] == slot else None

    def example(self, spans: Spans) -> Value:
        """Return a value in one of these regions; None for a missing one, or where none can be made."""
        if spans[0][0] == self.null:
            return None
        place, exact = divmod(self.slots[spans[0][0]], 2)
        if exact:
            return self.values[place]
        low = self.values[place - 1] if place else None
        high = self.values[place] if place < len(self.values) else None
        return between(low, high, by_one=self.by_one)


@dataclass(frozen=True, slots=True)
class Related(Axis):
    """How the input stands to something that is not known beforehand: below, equal, above; or equal, different."""

    other: str
    ordered: bool

    def stands(self, op: str) -> Spans:
        """Return the regions in which the input compares so with the other."""
        regions = {
            "=": (1,), "!=": (0, 2), "<": (0,), "<=": (0, 1), ">": (2,), ">=": (1, 2),
        }[op]  # fmt: skip
        return common(joined((at, at) for at in regions), self.everything)


@dataclass(frozen=True, slots=True)
class Holds(Axis):
    """Whether a test holds that is taken as it is written: region 1 where it does."""

    test: str


def between(low: Value, high: Value, *, by_one: bool) -> Value:  # noqa: PLR0911 - one line for each kind of end
    """Return a value above `low` and below `high`; None stands for no end on that side."""
    if low is None and high is None:
        return None
    if isinstance(low, str) or isinstance(high, str):
        return "" if low is None else f"{low}\0"
    if low is None:
        return _moved(high, -1)
    if high is None or by_one:
        return _moved(low, 1) if not isinstance(low, Decimal) or not by_one else _floor(low) + 1
    if isinstance(low, Decimal):
        return low + (high - low) / 2
    if isinstance(low, time):
        return _middle_of_day(low, high)
    return low + (high - low) / 2


def _moved(value: Value, by: int) -> Value:
    if isinstance(value, Months):
        return Months(value.months + by)
    if isinstance(value, Decimal):
        return (_floor(value) if by > 0 else value.to_integral_value(ROUND_CEILING)) + by
    if isinstance(value, time):
        return time.max if by > 0 else time.min
    return value + timedelta(days=by)


def _floor(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_FLOOR)


def _middle_of_day(low: time, high: time) -> time:
    day = date(2000, 1, 1)
    start, end = (datetime.combine(day, one.replace(tzinfo=None)) for one in (low, high))
    return (start + (end - start) / 2).time().replace(tzinfo=low.tzinfo)


def listed(label: str, column: int, domain: Domain, values: Sequence[Value], *, null: bool) -> Listed:
    """Make the axis of an input whose cells only ask which value it is.

    Constants beyond the values the domain lists have a region that cannot occur.
    """
    allowed = domain.values if domain.values is not None else None
    if domain.kind == "boolean" or any(isinstance(value, bool) for value in values):
        allowed = (True, False) if allowed is None else allowed
    whole = tuple(dict.fromkeys((*(allowed or ()), *values)))
    is_open = allowed is None
    last = len(whole) + is_open
    possible = [(0, last - 1)] if allowed is None else [(0, len(allowed) - 1)]
    null_region = last if null else None
    if null_region is not None:
        possible.append((null_region, null_region))
    at = {point(value): number for number, value in enumerate(whole)}
    return Listed(label, column, joined(possible), null_region, whole, is_open, at)


def ordered(label: str, column: int, domain: Domain, values: Sequence[Value], *, null: bool) -> Ordered:
    """Make the axis of an input whose cells ask for more and less."""
    limits = [limit for limit in (domain.low, domain.high) if limit is not None]
    by_point = {point(value): value for value in (*values, *limits)}
    points = tuple(sorted(by_point))
    by_one = bool(points) and steps_by_one(by_point[points[0]], whole=domain.whole)
    every = range(2 * len(points) + 1)
    slots = tuple(at for at in every if _possible(at, points, domain, by_one=by_one))
    last = len(slots) - (not null)
    kept = tuple(by_point[one] for one in points)
    everything: Spans = ((0, last),) if last >= 0 else ()
    return Ordered(label, column, everything, len(slots) if null else None, points, kept, by_one, slots)


_NOTHING_BEFORE = ("", time.min)
"""A text and a time of day that none comes before."""


def _possible(region: int, points: tuple[Point, ...], domain: Domain, *, by_one: bool) -> bool:
    """Tell whether any value of the domain lies in a region."""
    place, exact = divmod(region, 2)
    low = points[place] if exact else points[place - 1] if place else None
    high = points[place] if place < len(points) else None
    if domain.low is not None and high is not None:
        least = point(domain.low)
        if high < least or (high == least and not exact):
            return False
    if domain.high is not None and low is not None:
        most = point(domain.high)
        if low > most or (low == most and not exact):
            return False
    if isinstance(high, str | time) and not exact:
        return high not in _NOTHING_BEFORE and high != f"{low}\0"
    if not by_one:
        return True
    if exact and low is not None:
        return bool(low == int(low))
    return low is None or high is None or bool(int(low // 1) + 1 < high)
