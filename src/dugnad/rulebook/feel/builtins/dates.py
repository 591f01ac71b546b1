"""Functions of dates, times and durations. The moment of the decision is a value given by the caller, never
a clock.
"""

from decimal import Decimal

from dugnad.rulebook.feel import temporal
from dugnad.rulebook.feel.builtins.registry import feel, whole
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import CONTEXT, Env, Months, Value
from dugnad.rulebook.feel.wide import NANOS

NOW = "now()"
"""The key in ``values`` under which the caller gives the moment of the decision (a datetime with zone)."""
TODAY = "today()"
"""The key in ``values`` under which the caller gives the day; without it, the day of ``now()``."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@feel("date(from: string)")
def date_from_text(text: str) -> Value:
    """Read a date."""
    return temporal.parse_date(text)


@feel("date(from: moment)")
def date_from(moment: Value) -> Value:
    """Give the day of a moment."""
    return temporal.day_part(moment)


@feel("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    """Make a date of its numbers. Raises Fault where there is no such day."""
    try:
        return temporal.day_of(whole(year, "The year"), whole(month, "The month"), whole(day, "The day"))
    except (ValueError, OverflowError):
        raise temporal.conversion(year, "date") from None


@feel("time(from: string)")
def time_from_text(text: str) -> Value:
    """Read a time of day."""
    return temporal.parse_time(text)


@feel("time(from: time|moment)")
def time_from(moment: Value) -> Value:
    """Give the time of day of a moment; a date begins at midnight UTC."""
    return moment if temporal.is_clock(moment) else temporal.parts(moment)[1]


@feel("time(hour: number, minute: number, second: number, offset?: days and time duration|null)")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Value = None) -> Value:
    """Make a time of its numbers, the second with a fraction. Raises Fault where there is no such time."""
    zone = None if offset is None else temporal.zone_of_offset(offset)
    hours, minutes = whole(hour, "The hour"), whole(minute, "The minute")
    if not (0 <= hours <= 23 and 0 <= minutes <= 59 and 0 <= second < 60):  # noqa: PLR2004 - the parts of a day
        raise temporal.conversion(hour, "time")
    return temporal.clock_at((hours * 60 + minutes) * 60 * NANOS + int(CONTEXT.scaleb(second, 9)), zone)


@feel("date and time(from: string)")
def moment_from_text(text: str) -> Value:
    """Read a date and time."""
    return temporal.parse_datetime(text)


@feel("date and time(from: moment)")
def moment_from(moment: Value) -> Value:
    """Give a date's midnight in UTC; a date and time is unchanged."""
    return moment if temporal.is_moment(moment) else temporal.midnight(moment)


@feel("date and time(date: moment, time: time)")
def moment_of(day: Value, clock: Value) -> Value:
    """Join a day and a time."""
    return temporal.moment_of(temporal.day_part(day), clock)


@feel("duration(from: string|duration)")
def duration(text: Value) -> Value:
    """Read a duration."""
    return temporal.parse_duration(text) if isinstance(text, str) else text


@feel("years and months duration(from: moment, to: moment)")
def months_between(start: Value, end: Value) -> Months:
    """Give the whole months between two days, as in reckoning an age."""
    return Months(temporal.months_between(start, end))


@feel("day of year(date: moment)")
def day_of_year(day: Value) -> Decimal:
    """Give the number of the day in its year."""
    return Decimal(temporal.day_in_year(temporal.day_part(day)))


@feel("day of week(date: moment)")
def day_of_week(day: Value) -> str:
    """Give the English name of the weekday."""
    return _DAYS[temporal.weekday(temporal.day_part(day)) - 1]


@feel("month of year(date: moment)")
def month_of_year(day: Value) -> str:
    """Give the English name of the month."""
    return _MONTHS[temporal.day_part(day).month - 1]


@feel("week of year(date: moment)")
def week_of_year(day: Value) -> Decimal:
    """Give the ISO 8601 week."""
    return Decimal(temporal.iso_week(temporal.day_part(day)))


def _given(env: Env, *keys: str) -> Value:
    for key in keys:
        value = env[0].get(key)
        if value is not None:
            return value
    raise Fault("no-moment", "The calculation was not told which moment it is for.")


@feel("now()", with_env=True)
def now(env: Env) -> Value:
    """Give the moment the calculation is for."""
    return _given(env, NOW)


@feel("today()", with_env=True)
def today(env: Env) -> Value:
    """Give the day the calculation is for."""
    return temporal.day_part(_given(env, TODAY, NOW))
