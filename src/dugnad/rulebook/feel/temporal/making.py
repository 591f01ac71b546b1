"""Making days, times, moments and lengths from numbers, and taking them apart: one way for all of them."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import kind_of
from dugnad.rulebook.feel.wide import (
    DAY,
    MAX_YEAR,
    NANOS,
    Clock,
    Day,
    Length,
    Moment,
    WideDate,
    WideLength,
    WideMoment,
    WideTime,
    civil_of,
    clock_nanos,
    mapped_day,
    number_of_day,
)

_MAX_OFFSET = 18 * 3600
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PYTHON_DAYS = 3_652_059
_MAX_DAYS = 1_000_000_000_000


def conversion(text: object, kind: str) -> Fault:
    """Make the fault of a text that is no such value; the text itself may be personal and stays out."""
    return Fault("conversion", f"This {kind_of(text)} is not a valid {kind}.")


def days_in_month(year: int, month: int) -> int:
    """Give how many days a month has."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTH_DAYS[month - 1]  # noqa: PLR2004 - February


def day_of(year: int, month: int, day: int) -> Day:
    """Make a day. Raises ValueError where there is none."""
    if 1 <= year <= 9999:  # noqa: PLR2004 - the years Python's dates can hold
        return date(year, month, day)
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):  # noqa: PLR2004
        raise ValueError("no such day")
    return WideDate(year, month, day)


def day_number(day: Day) -> int:
    """Count days since 1 January of year 1, which is day 1."""
    return number_of_day(day.year, day.month, day.day) if isinstance(day, WideDate) else day.toordinal()


def day_at(number: int) -> Day:
    """Give the day with this number. Raises Fault outside the years FEEL has."""
    if 1 <= number <= _PYTHON_DAYS:
        return date.fromordinal(number)
    year, month, day = civil_of(number)
    if abs(year) > MAX_YEAR:
        raise Fault("out-of-range", f"The date is outside the years -{MAX_YEAR} to {MAX_YEAR}.")
    return WideDate(year, month, day)


def clock_at(nanos: int, zone: tzinfo | None) -> Clock:
    """Give the time of day this long after midnight."""
    micros, rest = divmod(nanos, 1000)
    if rest:
        return WideTime(nanos, zone)
    seconds, micro = divmod(micros, 1_000_000)
    minutes, second = divmod(seconds, 60)
    return time(minutes // 60, minutes % 60, second, micro, zone)


def moment_of(day: Day, clock: Clock) -> Moment:
    """Join a day and a time of day."""
    if isinstance(day, WideDate) or isinstance(clock, WideTime):
        return WideMoment(day, clock)
    return datetime.combine(day, clock)


def parts(moment: Day | Moment) -> tuple[Day, Clock]:
    """Take a moment apart; a date begins at midnight UTC (DMN 1.5, 10.3.2.9.4)."""
    if isinstance(moment, WideMoment):
        return moment.date, moment.clock
    if isinstance(moment, datetime):
        return moment.date(), moment.timetz()
    return moment, time(tzinfo=UTC)


def day_part(moment: Day | Moment) -> Day:
    """Give the day of a date or a date and time."""
    return parts(moment)[0]


def midnight(day: Day) -> Moment:
    """Give the date and time a date stands for where one is asked for: midnight UTC."""
    return moment_of(day, time(tzinfo=UTC))


def length_of(nanos: int) -> Length:
    """Make a days-and-time duration. Raises Fault when it is longer than any two moments are apart."""
    if abs(nanos) > _MAX_DAYS * DAY:
        raise Fault("out-of-range", "The duration is too long.")
    micros, rest = divmod(nanos, 1000)
    if rest:
        return WideLength(nanos)
    try:
        return timedelta(microseconds=micros)
    except OverflowError:
        return WideLength(nanos)


def wall_nanos(moment: Day | Moment) -> int:
    """Count nanoseconds from day 0 to what calendar and clock on the wall show."""
    day, clock = parts(moment)
    return day_number(day) * DAY + clock_nanos(clock)


def zone_of(moment: Day | Moment) -> tzinfo | None:
    """Give the zone of a moment; a date is in UTC."""
    return parts(moment)[1].tzinfo


def offset_nanos(zone: tzinfo, wall: int) -> int:
    """Give how far a zone is ahead of UTC when its wall shows this."""
    if not isinstance(zone, ZoneInfo):
        return _nanos(zone.utcoffset(None))
    number, nanos = divmod(wall, DAY)
    return _nanos(_python_moment(mapped_day(number), nanos, zone).utcoffset())


def instant(moment: Day | Moment) -> int:
    """Count nanoseconds from day 0 in UTC; a moment without a zone is taken as it stands."""
    wall, zone = wall_nanos(moment), zone_of(moment)
    return wall if zone is None else wall - offset_nanos(zone, wall)


def moment_at(instant: int, zone: tzinfo | None) -> Moment:
    """Give the moment at this instant, in this zone. Raises Fault outside the years FEEL has."""
    wall = instant
    if isinstance(zone, ZoneInfo):
        number, nanos = divmod(instant, DAY)
        there = zone.fromutc(_python_moment(mapped_day(number), nanos, zone))
        wall += _nanos(there.utcoffset())
    elif zone is not None:
        wall += _nanos(zone.utcoffset(None))
    number, nanos = divmod(wall, DAY)
    return moment_of(day_at(number), clock_at(nanos, zone))


def _python_moment(number: int, nanos: int, zone: tzinfo) -> datetime:
    return datetime.combine(date.fromordinal(number), time(), zone) + timedelta(microseconds=nanos // 1000)


def _nanos(offset: timedelta | None) -> int:
    return 0 if offset is None else (offset.days * 86_400 + offset.seconds) * NANOS


@lru_cache(maxsize=256)
def zone_named(text: str) -> tzinfo:
    """Give the zone written as ``Z``, ``+02:00`` or ``@Europe/Oslo``. Raises Fault."""
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (KeyError, ValueError, OSError):
            raise conversion(text, "time zone") from None
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)
    if offset > _MAX_OFFSET or minutes > 59:  # noqa: PLR2004 - minutes of an hour
        raise conversion(text, "time zone")
    return zone_of_offset(timedelta(seconds=-offset if text[0] == "-" else offset))


def zone_of_offset(offset: Length) -> tzinfo:
    """Give the zone with this distance from UTC. Raises Fault beyond 18 hours."""
    if not isinstance(offset, timedelta) or abs(offset) > timedelta(seconds=_MAX_OFFSET):
        raise conversion(offset, "time zone")
    return timezone(offset) if offset else UTC
