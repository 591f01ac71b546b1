"""Days, times and lengths that Python's own types cannot hold: years to ±999,999,999, and nanoseconds.

A value is of one of these types only where ``date``, ``time``, ``datetime`` or ``timedelta`` cannot hold it, so
that equal values always have one type. All reckoning beyond Python's types is done on whole numbers: days since
1 January of year 1 (which is day 1, as ``date.toordinal``), nanoseconds since midnight.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
MAX_YEAR = 999_999_999
"""DMN 1.5, 10.3.2.3.5: years are -999,999,999 to 999,999,999."""
Zone = tzinfo | None
_CYCLE_DAYS, _CYCLE_YEARS = 146_097, 400
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day in a year before 1 or after 9999; the year before year 1 is 0."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return day_text(self)


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day with a fraction that microseconds cannot hold: nanoseconds since midnight, and its zone."""

    nanos: int
    tzinfo: Zone = None

    def __str__(self) -> str:
        return clock_text(self)


Day = date | WideDate
"""A day; a ``datetime`` is not one, though Python says so."""
Clock = time | WideTime


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time of which either half is too wide for Python."""

    date: Day
    clock: Clock

    @property
    def year(self) -> int:
        """The year on the calendar."""
        return self.date.year

    @property
    def month(self) -> int:
        """The month on the calendar."""
        return self.date.month

    @property
    def day(self) -> int:
        """The day of the month on the calendar."""
        return self.date.day

    def __str__(self) -> str:
        return f"{day_text(self.date)}T{clock_text(self.clock)}"


@dataclass(frozen=True, slots=True)
class WideLength:
    """A days-and-time duration in nanoseconds."""

    nanos: int

    def __neg__(self) -> "WideLength":
        return WideLength(-self.nanos)

    def __str__(self) -> str:
        return length_text(self)


Moment = datetime | WideMoment
Length = timedelta | WideLength


def number_of_day(year: int, month: int, day: int) -> int:
    """Count days since 1 January of year 1 (day 1) in the Gregorian calendar, whatever the year."""
    shifted = year - (month <= 2)  # noqa: PLR2004 - years that begin in March put the leap day last
    cycle, rest = divmod(shifted, _CYCLE_YEARS)
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    in_cycle = rest * 365 + rest // 4 - rest // 100 + in_year
    return cycle * _CYCLE_DAYS + in_cycle - 305


def civil_of(number: int) -> tuple[int, int, int]:
    """Give year, month and day of a day counted as by ``number_of_day``."""
    cycle, in_cycle = divmod(number + 305, _CYCLE_DAYS)
    rest = (in_cycle - in_cycle // 1460 + in_cycle // 36_524 - in_cycle // 146_096) // 365
    in_year = in_cycle - (365 * rest + rest // 4 - rest // 100)
    shifted = (5 * in_year + 2) // 153
    day = in_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9  # noqa: PLR2004 - March is the first
    return cycle * _CYCLE_YEARS + rest + (month <= 2), month, day  # noqa: PLR2004 - as above


def day_text(day: Day) -> str:
    """Write a day: four digits of year or as many as it takes, a minus before."""
    sign = "-" if day.year < 0 else ""
    return f"{sign}{abs(day.year):04}-{day.month:02}-{day.day:02}"


def clock_nanos(clock: Clock) -> int:
    """Give the nanoseconds since midnight, as the clock on the wall shows them."""
    if isinstance(clock, WideTime):
        return clock.nanos
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * NANOS + clock.microsecond * 1000


def clock_text(clock: Clock) -> str:
    """Write a time of day with fractions only where there are any, and its zone."""
    seconds, fraction = divmod(clock_nanos(clock), NANOS)
    minutes, second = divmod(seconds, 60)
    written = f".{fraction:09}".rstrip("0") if fraction else ""
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}{written}{zone_text(clock.tzinfo)}"


def zone_text(zone: tzinfo | None) -> str:
    """Write a zone as FEEL does: nothing, ``Z``, ``+02:00`` or ``@Europe/Oslo``."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if not offset:
        return "Z"
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}{tail}"


def length_nanos(length: Length) -> int:
    """Give the nanoseconds of a days-and-time duration."""
    return length.nanos if isinstance(length, WideLength) else length // _MICRO * 1000


def length_text(length: Length) -> str:
    """Write a days-and-time duration: ``P1DT2H3M4.5S``, and ``PT0S`` for none."""
    nanos = length_nanos(length)
    seconds, fraction = divmod(abs(nanos), NANOS)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, second = divmod(rest, 60)
    tail = f".{fraction:09}".rstrip("0") if fraction else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{second}{tail}S" if second or fraction else ""
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if nanos < 0 else "") + f"P{body or 'T0S'}"


def mapped_day(number: int) -> int:
    """Give a day of the same place in the 400-year cycle, far from the ends of Python's calendar.

    The rules of a time zone repeat by that cycle there: before 401 its mean solar time, after 9600 its last rule.
    """
    if _CYCLE_DAYS < number <= 23 * _CYCLE_DAYS:
        return number
    return number % _CYCLE_DAYS + (_CYCLE_DAYS if number <= _CYCLE_DAYS else 22 * _CYCLE_DAYS)
