"""Dates, times and durations: from text, to text, and reckoning with them (DMN 1.5, 10.3.2 and 10.3.4)."""

from datetime import date, datetime, time

from dugnad.rulebook.feel.temporal.making import (
    clock_at,
    conversion,
    day_at,
    day_number,
    day_of,
    day_part,
    length_of,
    midnight,
    moment_of,
    parts,
    zone_of_offset,
)
from dugnad.rulebook.feel.temporal.reading import (
    months_from,
    months_of,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_temporal,
    parse_time,
)
from dugnad.rulebook.feel.temporal.reckoning import (
    add_length,
    add_lengths,
    add_months,
    between,
    day_in_year,
    is_clock,
    is_moment,
    iso_week,
    midnight_utc,
    months_between,
    of_seconds,
    offset_of,
    order_keys,
    seconds_of,
    shift_time,
    time_between,
    weekday,
    zoned,
)
from dugnad.rulebook.feel.values import Months, Value
from dugnad.rulebook.feel.wide import (
    WideDate,
    WideLength,
    WideMoment,
    WideTime,
    clock_nanos,
    clock_text,
    day_text,
    length_nanos,
    length_text,
)

__all__ = [
    "add_length",
    "add_lengths",
    "add_months",
    "between",
    "clock_at",
    "clock_nanos",
    "clock_text",
    "conversion",
    "day_at",
    "day_in_year",
    "day_number",
    "day_of",
    "day_part",
    "is_clock",
    "is_moment",
    "iso_week",
    "length_nanos",
    "length_of",
    "midnight",
    "midnight_utc",
    "moment_of",
    "months_between",
    "months_from",
    "months_of",
    "of_seconds",
    "offset_of",
    "order_keys",
    "parse_date",
    "parse_datetime",
    "parse_duration",
    "parse_temporal",
    "parse_time",
    "parts",
    "seconds_of",
    "shift_time",
    "temporal_text",
    "time_between",
    "weekday",
    "zone_of_offset",
    "zoned",
]


def temporal_text(value: Value) -> str:
    """Write a date, time or duration as FEEL's ``string`` does."""
    if isinstance(value, datetime):
        return f"{day_text(value.date())}T{clock_text(value.timetz())}"
    if isinstance(value, (WideMoment, WideDate, WideTime, WideLength)):
        return str(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, time):
        return clock_text(value)
    return _months_text(value) if isinstance(value, Months) else length_text(value)


def _months_text(value: Months) -> str:
    years, months = divmod(abs(value.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + f"P{body or '0M'}"
