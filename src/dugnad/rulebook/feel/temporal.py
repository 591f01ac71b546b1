"""Dates, times and durations: from text, to text, and reckoning with them (DMN 1.5, 10.3.2 and 10.3.4)."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import Months, Value

_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?P<zone>Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+\-/]*)?"
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_SECONDS = re.compile(r"(-?)P(?:([0-9]+)D)?(T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?")
_MICROSECOND = timedelta(microseconds=1)
_MAX_OFFSET = 18 * 3600


def conversion(text: object, kind: str) -> Fault:
    """Make the fault of a text that is no such value; the text itself may be personal and stays out."""
    return Fault("conversion", f"This {type(text).__name__} is not a valid {kind}.")


def parse_date(text: str) -> date:
    """Read ``2024-08-01``. Raises Fault."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise conversion(text, "date")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise conversion(text, "date") from None


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


def zone_of_offset(offset: timedelta) -> tzinfo:
    """Give the zone with this distance from UTC. Raises Fault beyond 18 hours."""
    if abs(offset) > timedelta(seconds=_MAX_OFFSET):
        raise conversion(offset, "time zone")
    return timezone(offset) if offset else UTC


def parse_time(text: str) -> time:
    """Read ``10:30:00``, with fractions and zone where given. Raises Fault."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise conversion(text, "time")
    zone = found["zone"]
    try:
        return time(
            int(found[1]),
            int(found[2]),
            int(found[3]),
            int(((found[4] or "") + "000000")[:6]),
            zone_named(zone) if zone else None,
        )
    except ValueError:
        raise conversion(text, "time") from None


def parse_datetime(text: str) -> datetime:
    """Read ``2024-08-01T10:30:00+02:00``; a date alone is its midnight. Raises Fault."""
    day, mark, clock = text.partition("T")
    if not mark:
        return datetime.combine(parse_date(text), time())
    midnight_after = clock.startswith("24:00:00") and not clock[8:].strip(".0")
    if midnight_after:
        return datetime.combine(parse_date(day), time()) + timedelta(days=1)
    return datetime.combine(parse_date(day), parse_time(clock))


def parse_duration(text: str) -> Months | timedelta:
    """Read ``P1Y2M`` or ``P1DT2H3M4.5S``. Raises Fault."""
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-months if found[1] else months)
    found = _SECONDS.fullmatch(text)
    if found is None or found[3] == "T" or not (found[2] or found[3]):
        raise conversion(text, "duration")
    try:
        length = timedelta(
            days=int(found[2] or 0),
            hours=int(found[4] or 0),
            minutes=int(found[5] or 0),
            seconds=int(found[6] or 0),
            microseconds=int(((found[7] or "") + "000000")[:6]),
        )
    except OverflowError:
        raise conversion(text, "duration") from None
    return -length if found[1] else length


def parse_temporal(text: str) -> Value:
    """Read any date, time or duration, as after ``@``. Raises Fault."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_datetime(text)
    return parse_date(text) if _DATE.fullmatch(text) else parse_time(text)


def zone_text(moment: time | datetime) -> str:
    """Write the zone as FEEL does: nothing, ``Z``, ``+02:00`` or ``@Europe/Oslo``."""
    zone = moment.tzinfo
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


def time_text(moment: time | datetime) -> str:
    """Write a time of day with fractions only where there are any."""
    fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}{fraction}{zone_text(moment)}"


def temporal_text(value: date | time | timedelta | Months) -> str:
    """Write a date, time or duration as FEEL's ``string`` does."""
    if isinstance(value, datetime):
        return f"{value.year:04}-{value.month:02}-{value.day:02}T{time_text(value)}"
    if isinstance(value, date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, time):
        return time_text(value)
    return _months_text(value) if isinstance(value, Months) else _seconds_text(value)


def _months_text(value: Months) -> str:
    years, months = divmod(abs(value.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + f"P{body or '0M'}"


def _seconds_text(value: timedelta) -> str:
    whole, micro = divmod(abs(value) // _MICROSECOND, 1_000_000)
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{micro:06}".rstrip("0") if micro else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or micro else ""
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + f"P{body or 'T0S'}"


def seconds_of(length: timedelta) -> Decimal:
    """Give the length in seconds, exactly."""
    return Decimal(length // _MICROSECOND) / 1_000_000


def of_seconds(seconds: Decimal) -> timedelta:
    """Make a duration of this many seconds, cut to whole microseconds. Raises Fault when too long."""
    try:
        return timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        raise Fault("out-of-range", "The duration is too long.") from None


def add_months(day: date, months: int) -> date:
    """Add whole months, to the last day of the month where the day does not exist. Keeps a time of day."""
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    if not 1 <= year <= 9999:  # noqa: PLR2004 - the years Python's dates can hold
        raise Fault("out-of-range", "The date is outside the years 1 to 9999.")
    return day.replace(year=year, month=index + 1, day=min(day.day, monthrange(year, index + 1)[1]))


def add_length(moment: date, length: timedelta) -> date:
    """Add a days-and-time duration; a date alone counts whole days from its midnight. Raises Fault."""
    try:
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                return moment + length
            return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)
        return (datetime.combine(moment, time()) + length).date()
    except OverflowError:
        raise Fault("out-of-range", "The date is outside the years 1 to 9999.") from None


def time_of_day(moment: time) -> timedelta:
    """Give the time since midnight, in UTC where the time has a zone."""
    length = timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )
    offset = moment.utcoffset()
    return length - offset if offset is not None else length


def shift_time(moment: time, length: timedelta) -> time:
    """Add to a time of day, around midnight where needed."""
    at = datetime.combine(date(2000, 1, 2), moment.replace(tzinfo=None)) + length % timedelta(days=1)
    return at.time().replace(tzinfo=moment.tzinfo)
