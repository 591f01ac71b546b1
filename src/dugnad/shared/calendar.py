"""Dates as Norwegian law counts them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_OSLO = ZoneInfo("Europe/Oslo")


def oslo(at: datetime) -> date:
    """Return the date in Norway at that moment: what "today" means in a deadline."""
    return at.astimezone(_OSLO).date()


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


def add_weeks(day: date, weeks: int) -> date:
    """Return the day on which a time limit of `weeks` ends: the weekday on which it began to run (domstolloven § 148).

    A limit that ends on a Saturday, Sunday or public holiday runs to the next working day (domstolloven § 149).
    """
    return next_working_day(day + timedelta(weeks=weeks))


def next_working_day(day: date) -> date:
    """Return `day`, or the first day after it that is neither Saturday, Sunday nor a public holiday."""
    while day.weekday() >= 5 or day in public_holidays(day.year):  # noqa: PLR2004 - Saturday is 5
        day += timedelta(days=1)
    return day


def public_holidays(year: int) -> frozenset[date]:
    """Return Norway's public holidays (lov om helligdager § 2, lov om 1 og 17 mai)."""
    easter = _easter(year)
    moving = (-3, -2, 0, 1, 39, 49, 50)  # Maundy Thursday … Whit Monday
    fixed = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
    return frozenset(
        [easter + timedelta(days=days) for days in moving] + [date(year, m, d) for m, d in fixed]
    )


def _easter(year: int) -> date:
    """Return Easter Sunday by Gauss's method in its Gregorian form (Meeus, Astronomical Algorithms, chapter 8)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, skipped = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    quotient, remainder = divmod(rest, 4)
    weekday = (32 + 2 * skipped + 2 * quotient - epact - remainder) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
