"""Dates, times and durations from text, by the lexical forms DMN 1.5 refers to (10.3.4.1)."""

import re
from datetime import time
from decimal import Decimal

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.temporal.making import (
    clock_at,
    conversion,
    day_at,
    day_number,
    day_of,
    length_of,
    moment_of,
    zone_named,
)
from dugnad.rulebook.feel.values import Months, Value
from dugnad.rulebook.feel.wide import NANOS, Clock, Day, Length, Moment

MAX_MONTHS = 10**15
"""Months a duration may have: far more than any two dates are apart."""
_MAX_DIGITS = 40
_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?P<zone>Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+\-/]*)?"
)
_MIDNIGHT_AFTER = re.compile(r"24:00:00(?:\.0{1,9})?(?![.0-9])")
_DATE_IN_ZONE = re.compile(r"(?P<day>-?[0-9]{4,9}-[0-9]{2}-[0-9]{2})(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?")
_MONTHS = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_SECONDS = re.compile(r"(-?)P(?:([0-9]+)D)?(T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?")


def parse_date(text: str) -> Day:
    """Read ``2024-08-01``. Raises Fault."""
    found = _DATE.fullmatch(text)
    if found is None or text.startswith("-0000"):
        raise conversion(text, "date")
    try:
        return day_of(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise conversion(text, "date") from None


def parse_time(text: str) -> Clock:
    """Read ``10:30:00``, with up to nine decimals and a zone where given. Raises Fault."""
    found = _TIME.fullmatch(text)
    if found is None or found[1] > "23" or found[2] > "59" or found[3] > "59":
        raise conversion(text, "time")
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    fraction = int(((found[4] or "") + "000000000")[:9])
    return clock_at(seconds * NANOS + fraction, zone_named(found["zone"]) if found["zone"] else None)


def parse_datetime(text: str) -> Moment:
    """Read ``2024-08-01T10:30:00+02:00``; a date alone, with a zone or without, is its midnight. Raises Fault."""
    day, mark, clock = text.partition("T")
    if not mark:
        found = _DATE_IN_ZONE.fullmatch(text)
        zone = zone_named(found["zone"]) if found is not None and found["zone"] else None
        return moment_of(parse_date(found["day"] if found is not None else text), time(tzinfo=zone))
    midnight = _MIDNIGHT_AFTER.match(clock)
    if midnight is None:
        return moment_of(parse_date(day), parse_time(clock))
    return moment_of(
        day_at(day_number(parse_date(day)) + 1), parse_time(f"00:00:00{clock[midnight.end() :]}")
    )


def parse_duration(text: str) -> Months | Length:
    """Read ``P1Y2M`` or ``P1DT2H3M4.5S``. Raises Fault."""
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = _count(found[2]) * 12 + _count(found[3])
        return months_of(-months if found[1] else months)
    found = _SECONDS.fullmatch(text)
    if found is None or found[3] == "T" or not (found[2] or found[3]):
        raise conversion(text, "duration")
    seconds = _count(found[2]) * 86_400 + _count(found[4]) * 3600 + _count(found[5]) * 60 + _count(found[6])
    nanos = seconds * NANOS + int(((found[7] or "") + "000000000")[:9])
    return length_of(-nanos if found[1] else nanos)


def _count(digits: str | None) -> int:
    if digits is not None and len(digits) > _MAX_DIGITS:
        raise Fault("out-of-range", "The duration is too long.")
    return int(digits or 0)


def months_of(months: int) -> Months:
    """Make a years-and-months duration. Raises Fault when it is longer than any two dates are apart."""
    if abs(months) > MAX_MONTHS:
        raise Fault("out-of-range", "The duration is too long.")
    return Months(months)


def months_from(months: Decimal) -> Months:
    """Make a years-and-months duration, cut to whole months. Raises Fault when it is too long."""
    if abs(months) > MAX_MONTHS:
        raise Fault("out-of-range", "The duration is too long.")
    return Months(int(months))


def parse_temporal(text: str) -> Value:
    """Read any date, time or duration, as after ``@``. Raises Fault."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_datetime(text)
    return parse_date(text) if _DATE.fullmatch(text) else parse_time(text)
