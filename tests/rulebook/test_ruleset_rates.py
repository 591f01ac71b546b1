"""A rate is the one in force on the day, with its source; a gap is a gap."""

from datetime import date
from decimal import Decimal

import pytest

from dugnad.rulebook.located import read
from dugnad.rulebook.rates import Rates, read_rates

TEXT = """
makspris:
  unit: kr/måned
  law: § 1
  values:
    - { from: 2020-01-01, until: 2020-12-31, value: 3135, source: lundasen-barnehage.no }
    - { from: 2024-08-01, value: 2000, source: stord.kommune.no }
    - { from: 2025-08-01, value: 1200, verified: false }
"""


@pytest.fixture
def rates() -> Rates:
    found, findings = read_rates(read(TEXT, file="rates.yaml"))
    assert findings == ()
    return found


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2019, 12, 31), None),
        (date(2020, 1, 1), 3135),
        (date(2020, 12, 31), 3135),
        (date(2021, 1, 1), None),
        (date(2024, 7, 31), None),
        (date(2024, 8, 1), 2000),
        (date(2025, 7, 31), 2000),
        (date(2025, 8, 1), 1200),
        (date(2040, 1, 1), 1200),
    ],
)
def test_the_rate_of_the_day(rates: Rates, day: date, amount: int | None) -> None:
    found = rates.on(day)["makspris"]

    assert (found.value if found else None) == (Decimal(amount) if amount else None)


def test_a_confirmation_makes_one_value_verified_and_no_other(rates: Rates) -> None:
    confirmed = rates.confirmed([("makspris", date(2025, 8, 1))])

    assert rates.rates["makspris"].values[-1].verified is False
    assert confirmed.rates["makspris"].values[-1].verified is True
    assert confirmed.on(date(2024, 8, 1)) == rates.on(date(2024, 8, 1))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("[]", "rate-empty"),
        ("[{ from: 2024-08-01, value: 2000 }]", "rate-source"),
        ("[{ from: august, value: 2000, source: x }]", "rate-value"),
        ("[{ from: 2024-08-01, value: to tusen, source: x }]", "rate-value"),
        (
            "[{ from: 2024-08-01, value: 1, source: x }, { from: 2024-08-01, value: 2, source: x }]",
            "rate-order",
        ),
    ],
)
def test_a_rate_that_cannot_be_trusted_is_found(values: str, code: str) -> None:
    _, findings = read_rates(read(f"makspris: {{ unit: kr, law: x, values: {values} }}", file="rates.yaml"))

    assert code in {finding.code for finding in findings}
