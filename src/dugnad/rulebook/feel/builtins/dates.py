"""Functions of dates, times and durations. The moment of the decision is a value given by the caller, never
a clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from dugnad.rulebook.feel import temporal
from dugnad.rulebook.feel.builtins.registry import feel, whole
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import Env, Months, Value

NOW = "now()"
"""The key in ``values`` under which the caller gives the moment of the decision (a datetime with zone)."""
TODAY = "today()"
"""The key in ``values`` under which the caller gives the day; without it, the day of ``now()``."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@feel("date(from: string)")
def date_from_text(text: str) -> date:
    """Read a date."""
    return temporal.parse_date(text)


@feel("date(from: moment)")
def date_from(moment: date) -> date:
    """Give the day of a moment."""
    return _day(moment)


@feel("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> date:
    """Make a date of its numbers. Raises Fault where there is no such day."""
    try:
        return date(whole(year, "The year"), whole(month, "The month"), whole(day, "The day"))
    except (ValueError, OverflowError):
        raise temporal.conversion(year, "date") from None


@feel("time(from: string)")
def time_from_text(text: str) -> time:
    """Read a time of day."""
    return temporal.parse_time(text)


@feel("time(from: time|moment)")
def time_from(moment: time | date) -> time:
    """Give the time of day of a moment; a date begins at midnight UTC."""
    if isinstance(moment, time):
        return moment
    return moment.timetz() if isinstance(moment, datetime) else time(tzinfo=UTC)


@feel("time(hour: number, minute: number, second: number, offset?: days and time duration|null)")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """Make a time of its numbers. Raises Fault where there is no such time."""
    try:
        fraction = int((second - int(second)) * 1_000_000)
        zone = None if offset is None else temporal.zone_of_offset(offset)
        return time(whole(hour, "The hour"), whole(minute, "The minute"), int(second), fraction, zone)
    except (ValueError, OverflowError):
        raise temporal.conversion(hour, "time") from None


@feel("date and time(from: string)")
def moment_from_text(text: str) -> datetime:
    """Read a date and time."""
    return temporal.parse_datetime(text)


@feel("date and time(from: moment)")
def moment_from(moment: date) -> datetime:
    """Give a date's midnight; a date and time is unchanged."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


@feel("date and time(date: moment, time: time)")
def moment_of(day: date, clock: time) -> datetime:
    """Join a day and a time."""
    return datetime.combine(_day(day), clock)


@feel("duration(from: string|duration)")
def duration(text: str | Months | timedelta) -> Months | timedelta:
    """Read a duration."""
    return temporal.parse_duration(text) if isinstance(text, str) else text


@feel("years and months duration(from: moment, to: moment)")
def months_between(start: date, end: date) -> Months:
    """Give the whole months between two days, as in reckoning an age."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and _rest(end) < _rest(start):
        months -= 1
    elif months < 0 and _rest(end) > _rest(start):
        months += 1
    return Months(months)


def _rest(moment: date) -> tuple[int, time]:
    return (moment.day, moment.time() if isinstance(moment, datetime) else time())


@feel("day of year(date: moment)")
def day_of_year(day: date) -> Decimal:
    """Give the number of the day in its year."""
    return Decimal(day.timetuple().tm_yday)


@feel("day of week(date: moment)")
def day_of_week(day: date) -> str:
    """Give the English name of the weekday."""
    return _DAYS[day.weekday()]


@feel("month of year(date: moment)")
def month_of_year(day: date) -> str:
    """Give the English name of the month."""
    return _MONTHS[day.month - 1]


@feel("week of year(date: moment)")
def week_of_year(day: date) -> Decimal:
    """Give the ISO 8601 week."""
    return Decimal(day.isocalendar().week)


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
    return _day(_given(env, TODAY, NOW))
