"""Amounts and dates as Språkrådet has them: a space in thousands, a comma before øre, `kl. 14.05`."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.design import formats
from dugnad.design.languages import Language, speaking

SATURDAY = date(2026, 11, 21)
# 13.05 in universal time is 14.05 in Norway in winter.
AFTERNOON = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written", "expected"),
    [
        ("nb", lambda: formats.money(1234), "1 234 kr"),
        ("nb", lambda: formats.money(Decimal("1234.5")), "1 234,50 kr"),
        ("nb", lambda: formats.money(Decimal("1234.00")), "1 234 kr"),
        ("nn", lambda: formats.money(Decimal("-1234567.895")), "−1 234 567,90 kr"),
        ("en", lambda: formats.money(Decimal("1234.5")), "NOK 1,234.50"),
        ("nb", lambda: formats.money(0), "0 kr"),
        ("nb", lambda: formats.percent(Decimal("0.06")), "6 %"),
        ("nn", lambda: formats.percent(Decimal("0.075")), "7,5 %"),
        ("en", lambda: formats.percent(Decimal("0.06")), "6%"),
        ("nb", lambda: formats.percent(Decimal(1) / 3, 1), "33,3 %"),
        ("nb", lambda: formats.percent(Decimal(0)), "0 %"),
        ("nb", lambda: formats.number(Decimal(5550203)), "5 550 203"),
        ("nb", lambda: formats.date_long(SATURDAY), "21. november 2026"),
        ("nn", lambda: formats.date_long(SATURDAY, weekday=True), "laurdag 21. november 2026"),
        ("nb", lambda: formats.date_long(SATURDAY, weekday=True), "lørdag 21. november 2026"),
        ("en", lambda: formats.date_long(SATURDAY, weekday=True), "Saturday 21 November 2026"),
        ("nb", lambda: formats.date_short(SATURDAY), "21.11.2026"),
        ("en", lambda: formats.date_short(SATURDAY), "21 Nov 2026"),
        ("nb", lambda: formats.month_year(SATURDAY), "november 2026"),
        ("nb", lambda: formats.datetime_long(AFTERNOON), "21. november 2026 kl. 14.05"),
        ("en", lambda: formats.datetime_long(AFTERNOON), "21 November 2026 at 14:05"),
        ("nn", lambda: formats.datetime_short(AFTERNOON), "21.11.2026 kl. 14.05"),
    ],
)
def test_people_read_amounts_and_dates_in_their_own_form(
    language: Language, written: Callable[[], str], expected: str
) -> None:
    with speaking(language):
        assert written().replace(formats.NBSP, " ") == expected


def test_an_amount_never_breaks_across_lines() -> None:
    assert " " not in formats.money(Decimal("1234567.50")) + formats.percent(Decimal("0.5"))


def test_a_moment_just_before_midnight_utc_belongs_to_the_next_day_in_norway() -> None:
    assert formats.date_long(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1. juli 2026"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.datetime_long(datetime(2026, 6, 30, 22, 30))  # noqa: DTZ001 - the fault under test


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_is_written_is_the_amount(amount: Decimal) -> None:
    digits = formats.money(amount).removesuffix("kr").replace(formats.NBSP, "")
    assert Decimal(digits.replace(",", ".").replace("−", "-")) == amount
