"""Norwegian days: holidays as published, time limits by domstolloven §§ 148-149."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.shared.calendar import add_months, add_weeks, next_working_day, oslo, public_holidays


@pytest.mark.parametrize(  # dates of the official calendar
    ("year", "easter", "ascension", "whit_monday"),
    [
        (2024, date(2024, 3, 31), date(2024, 5, 9), date(2024, 5, 20)),
        (2025, date(2025, 4, 20), date(2025, 5, 29), date(2025, 6, 9)),
        (2026, date(2026, 4, 5), date(2026, 5, 14), date(2026, 5, 25)),
        (2038, date(2038, 4, 25), date(2038, 6, 3), date(2038, 6, 14)),
    ],
)
def test_moving_holidays_fall_as_in_the_official_calendar(year, easter, ascension, whit_monday):
    assert {easter, ascension, whit_monday, date(year, 5, 17), date(year, 12, 26)} <= public_holidays(year)


def test_a_limit_of_three_weeks_ends_on_the_same_weekday():
    assert add_weeks(date(2026, 11, 18), 3) == date(2026, 12, 9)


def test_a_limit_that_ends_on_a_saturday_runs_to_monday():
    assert add_weeks(date(2026, 11, 21), 3) == date(2026, 12, 14)


def test_a_limit_that_ends_at_christmas_runs_past_it():
    assert add_weeks(date(2026, 12, 4), 3) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 21), 1, date(2026, 12, 21)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


def test_today_is_norways_today():
    assert oslo(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)) == date(2026, 8, 1)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_working_day_is_never_a_weekend_or_a_holiday(day):
    found = next_working_day(day)
    assert found >= day
    assert found.weekday() < 5
    assert found not in public_holidays(found.year)
