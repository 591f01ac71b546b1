"""Reckoning with dates, times and durations (DMN 1.5, tables 57, 59 and 65).

Python's own arithmetic where it reaches; whole numbers of nanoseconds where it does not.
"""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.temporal.making import (
    clock_at,
    day_at,
    day_number,
    day_of,
    days_in_month,
    instant,
    length_of,
    moment_at,
    moment_of,
    offset_nanos,
    parts,
    wall_nanos,
    zone_of,
)
from dugnad.rulebook.feel.values import CONTEXT, Value
from dugnad.rulebook.feel.wide import (
    DAY,
    MAX_YEAR,
    NANOS,
    Clock,
    Day,
    Length,
    Moment,
    WideMoment,
    clock_nanos,
    length_nanos,
)

_NANOS = Decimal(NANOS)
_EXACT = CONTEXT.copy()
_EXACT.prec = 60


def seconds_of(length: Length) -> Decimal:
    """Give the length in seconds, exactly."""
    return _EXACT.divide(Decimal(length_nanos(length)), _NANOS)


def of_seconds(seconds: Decimal) -> Length:
    """Make a duration of this many seconds, cut to whole nanoseconds. Raises Fault when too long."""
    if abs(seconds) > 10**30:
        raise Fault("out-of-range", "The duration is too long.")
    return length_of(int(_EXACT.multiply(seconds, _NANOS)))


def add_lengths(left: Length, right: Length, sign: int = 1) -> Length:
    """Add a duration to another, or with ``sign`` -1 subtract it. Raises Fault when too long."""
    return length_of(length_nanos(left) + sign * length_nanos(right))


def is_moment(value: Day | Moment) -> bool:
    """Tell a date and time from a date."""
    return isinstance(value, (datetime, WideMoment))


def add_months(moment: Day | Moment, months: int) -> Value:
    """Add whole months, to the last day of the month where the day does not exist. Keeps a time of day."""
    day, clock = parts(moment)
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        raise Fault("out-of-range", f"The date is outside the years -{MAX_YEAR} to {MAX_YEAR}.")
    there = day_of(year, index + 1, min(day.day, days_in_month(year, index + 1)))
    return moment_of(there, clock) if is_moment(moment) else there


def add_length(moment: Day | Moment, length: Length, sign: int = 1) -> Value:
    """Add a days-and-time duration; a date alone counts whole days from its midnight. Raises Fault."""
    nanos = sign * length_nanos(length)
    if not is_moment(moment):
        return day_at(day_number(moment) + nanos // DAY)  # type: ignore[arg-type] # a date, as just asked
    zone = zone_of(moment)
    if zone is None:
        return moment_at(wall_nanos(moment) + nanos, None)
    return moment_at(instant(moment) + nanos, zone)


def between(left: Day | Moment, right: Day | Moment) -> Length:
    """Subtract one date or date and time from another. Raises Fault where only one of them has a zone."""
    if (zone_of(left) is None) != (zone_of(right) is None):
        raise Fault("type-mismatch", "A time with a zone and one without cannot be subtracted.")
    return length_of(instant(left) - instant(right))


def clock_value(clock: Clock) -> int:
    """Give the nanoseconds since midnight, in UTC where the offset of its zone is known without a date."""
    offset = clock.tzinfo.utcoffset(None) if clock.tzinfo is not None else None
    return clock_nanos(clock) - (0 if offset is None else int(offset.total_seconds()) * NANOS)


def time_between(left: Clock, right: Clock) -> Length:
    """Subtract one time of day from another. Raises Fault where only one of them has a zone."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise Fault("type-mismatch", "A time with a zone and one without cannot be subtracted.")
    return length_of(clock_value(left) - clock_value(right))


def shift_time(clock: Clock, length: Length, sign: int = 1) -> Clock:
    """Add to a time of day, around midnight where needed."""
    return clock_at((clock_nanos(clock) + sign * length_nanos(length)) % DAY, clock.tzinfo)


def order_keys(left: Value, right: Value) -> tuple[int, int]:
    """Give numbers that order two dates and times, or two times, as they are ordered: by whole seconds (10.3.2.3.4).

    Where only one has a zone, the other is taken to be in that zone, too (table 54).
    """
    if is_clock(left):
        zoned = (left.tzinfo is None) == (right.tzinfo is None)
        keys = (clock_value(left), clock_value(right)) if zoned else (clock_nanos(left), clock_nanos(right))
    else:
        zoned = (zone_of(left) is None) == (zone_of(right) is None)
        keys = (instant(left), instant(right)) if zoned else (wall_nanos(left), wall_nanos(right))
    return keys[0] // NANOS, keys[1] // NANOS


def is_clock(value: Value) -> bool:
    """Tell a time of day from a date and time."""
    return isinstance(value, Clock)


def zoned(value: Value) -> bool:
    """Tell whether a time or a date and time has a zone."""
    return (value.tzinfo if is_clock(value) else zone_of(value)) is not None


def offset_of(value: Value) -> timedelta | None:
    """Give the distance from UTC of a time or a date and time; None without a zone, or where no date tells it."""
    clock = value if is_clock(value) else parts(value)[1]
    if clock.tzinfo is None:
        return None
    if is_clock(value):
        return clock.tzinfo.utcoffset(None)
    return timedelta(microseconds=offset_nanos(clock.tzinfo, wall_nanos(value)) // 1000)


def iso_week(day: Day) -> int:
    """Give the week of the year by ISO 8601, whatever the year: the week of the year its Thursday is in."""
    number = day_number(day)
    thursday = day_at(number - (number - 1) % 7 + 3)
    return (day_number(thursday) - day_number(day_of(thursday.year, 1, 1))) // 7 + 1


def day_in_year(day: Day) -> int:
    """Give the number of a day in its year."""
    return day_number(day) - day_number(day_of(day.year, 1, 1)) + 1


def weekday(day: Day) -> int:
    """Give the day of the week: 1 is Monday."""
    return (day_number(day) - 1) % 7 + 1


def months_between(start: Day | Moment, end: Day | Moment) -> int:
    """Give the whole months from one day to the other, as in reckoning an age: the time of day does not count."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (months > 0 and end.day < start.day) + (months < 0 and end.day > start.day)


def midnight_utc() -> time:
    """Give the time of day a date has where a time is asked for."""
    return time(tzinfo=UTC)
