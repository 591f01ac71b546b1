"""Years to ±999,999,999 and nanoseconds (DMN 1.5, 10.3.2.3.4 to 8): the calendar is one, whatever type holds it."""

from datetime import date, datetime, timedelta

import pytest
from feel_runs import D, evaluate, evaluated
from hypothesis import given
from hypothesis import strategies as st

from dugnad.rulebook.feel import temporal
from dugnad.rulebook.feel.wide import WideDate, WideMoment, WideTime, civil_of, number_of_day

NUMBERS = st.integers(-365_241_000_000, 365_241_000_000)


@given(st.dates())
def test_days_are_counted_as_python_counts_them(day: date) -> None:
    assert number_of_day(day.year, day.month, day.day) == day.toordinal()
    assert civil_of(day.toordinal()) == (day.year, day.month, day.day)


@given(NUMBERS)
def test_a_day_and_its_number_are_one(number: int) -> None:
    assert temporal.day_number(temporal.day_at(number)) == number


@given(NUMBERS)
def test_the_calendar_repeats_every_400_years(number: int) -> None:
    day, later = temporal.day_at(number), temporal.day_at(number + 146_097)
    assert (later.month, later.day, temporal.weekday(later)) == (day.month, day.day, temporal.weekday(day))
    assert (later.year - day.year, temporal.iso_week(later)) == (400, temporal.iso_week(day))


@given(NUMBERS)
def test_what_is_written_is_read_again(number: int) -> None:
    day = temporal.day_at(number)
    assert temporal.parse_date(temporal.temporal_text(day)) == day


@given(NUMBERS, st.integers(-(10**6), 10**6))
def test_days_added_are_days_between(number: int, days: int) -> None:
    day = temporal.day_at(number)
    length = temporal.length_of(days * 86_400 * 10**9)
    assert temporal.between(temporal.add_length(day, length), day) == length


@given(st.datetimes(), st.timedeltas(timedelta(days=-400_000), timedelta(days=400_000)))
def test_moments_are_reckoned_as_python_reckons_them(moment: datetime, length: timedelta) -> None:
    try:
        wanted = moment + length
    except OverflowError:
        wanted = None
    found = temporal.add_length(moment, length)
    assert found == wanted if wanted is not None else isinstance(found, WideMoment)


def test_values_are_of_pythons_types_wherever_those_can_hold_them() -> None:
    assert evaluate('@"9999-12-31" + @"P1D"') == WideDate(10_000, 1, 1)
    assert evaluate('@"10000-01-01" - @"P1D"') == date(9999, 12, 31)
    assert type(evaluate('@"10:00:00.123456"')) is not WideTime
    assert type(evaluate('@"10:00:00.1234567"')) is WideTime
    assert evaluate('@"10:00:00.1234567" - @"PT0.0000007S"') == temporal.parse_time("10:00:00.123456")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('string(@"-999999999-01-01")', "-999999999-01-01"),
        (
            'string(@"999999999-12-31T23:59:59.999999999@Europe/Oslo")',
            "999999999-12-31T23:59:59.999999999@Europe/Oslo",
        ),
        ('string(@"0000-02-29" + @"P1Y")', "0001-02-28"),
        ('string(@"-0004-02-29" - @"P1M")', "-0004-01-29"),
        ('string(@"12024-08-01T12:00:00@Europe/Oslo" + @"PT12H")', "12024-08-02T00:00:00@Europe/Oslo"),
        ('@"12024-07-01T12:00:00@Europe/Oslo".time offset = @"PT2H"', True),
        ('@"12024-01-01T12:00:00@Europe/Oslo".time offset = @"PT1H"', True),
        ('@"12024-07-01T12:00:00@Europe/Oslo" = @"12024-07-01T10:00:00Z"', True),
        ('@"-2024-01-01" < @"0001-01-01"', True),
        ('@"10000-01-01" > @"9999-12-31"', True),
        ('sort([@"10000-01-01", @"2024-01-01", @"-0001-01-01"])[1].year', D(-1)),
        ('@"-0001-12-31" in [@"-0002-01-01"..@"0001-01-01"]', True),
        ('(@"999999999-12-31" - @"-999999999-01-01").days', D(730_484_999_633)),
        ('years and months duration(@"-0001-01-01", @"0001-01-01").years', D(2)),
        ('day of year(@"10004-12-31")', D(366)),
        ('string(@"PT0.000000001S" * 3)', "PT0.000000003S"),
        ('@"10:00:00.123456789".second', D("0.123456789")),
        ("date(-5, 1, 31).month", D(1)),
        ('date and time(@"12024-01-01", @"10:00:00").hour', D(10)),
        ('count(distinct values([@"10000-01-01", @"9999-12-31" + @"P1D"]))', D(1)),
        # equal at the resolution of seconds, as 10.3.2.3.4 counts them; is() looks at all there is
        ('@"10:00:00.1" = @"10:00:00.2"', True),
        ('is(@"10:00:00.1", @"10:00:00.2")', False),
        ('(@"10:00:00.2" - @"10:00:00.1").seconds', D("0.1")),
    ],
)
def test_far_dates_and_fine_times_behave_as_others(text: str, value: object) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('@"999999999-12-31" + @"P1D"', "out-of-range"),
        ('@"-999999999-01-01" - @"P1M"', "out-of-range"),
        ("date(1000000000, 1, 1)", "conversion"),
        ('date("-0000-01-01")', "conversion"),
        ('time("10:00:00.1234567891")', "conversion"),
        ('duration("P1000000000000000Y")', "out-of-range"),
        ('@"P1D" * 10**30', "out-of-range"),
    ],
)
def test_beyond_what_feel_has_is_null_and_told(text: str, code: str) -> None:
    assert evaluated(text) == (None, [code])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("decimal(123456789012345678901234567890.1234, 2)", D("123456789012345678901234567890.12")),
        ("string(0 * -1)", "0"),
        ("0.1 + 0.2", D("0.3")),
        ("1 / 3 * 3 = 1", False),
        ("1234567890123456789012345678901234 + 1", D("1234567890123456789012345678901235")),
        ("time(23, 59, 59.9999999999999999999999999999999).second", D("59.999999999")),
        ('date and time("2012-03-07Z").year', D(2012)),
    ],
)
def test_numbers_have_34_digits_and_no_negative_zero(text: str, value: object) -> None:
    assert evaluate(text) == value
