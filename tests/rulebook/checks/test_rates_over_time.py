"""Rates over time: what is written wrong, and what is most likely a slip of the pen, each told once."""

import pytest
from serving import RATES, checked

from dugnad.rulebook.located import read
from dugnad.rulebook.rates import read_rates

FIRST = "{ from: 2024-08-01, value: 2000, source: stord.kommune.no }"


def told(line: str, before: str = "") -> list[tuple[str, str]]:
    text = RATES.replace(f"    - {FIRST}\n", f"{before}    - {line}\n")
    _, wrong = read_rates(read(text, file="rates.yaml"))
    found = [*wrong, *(one for one in checked(rates=text) if one.code.startswith("rate"))]
    assert all(text.splitlines()[one.line - 1].strip().startswith("- {") for one in found)
    return [(one.code, one.what) for one in found]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{ from: "2024-08-01", value: 2000, source: x }', "from is '2024-08-01', which is no date"),
        ("{ from: 01.08.2024, value: 2000, source: x }", "from is '01.08.2024', which is no date"),
        ("{ from: 2024-08-01, value: 2 000, source: x }", "value is '2 000', which is no number"),
        ("{ from: 2024-08-01, value: 2000 kr, source: x }", "value is '2000 kr', which is no number"),
        ("{ from: 2024-08-01, value: 2000, until: snart, source: x }", "until is 'snart', which is no date"),
        (
            "{ from: 2024-08-01, value: 2000, verified: nei, source: x }",
            "verified is 'nei', which is no truth value",
        ),
        ("{ from: 2024-08-01, source: x }", "a rate needs value"),
    ],
)
def test_a_value_that_is_none_is_told_once_where_it_stands(line: str, what: str) -> None:
    assert told(line) == [("rate-value", what)]


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("    - { from: 2024-08-01, until: 2025-01-01, value: 1900, source: x }\n", "rate-order"),
        ("    - { from: 2020-01-01, until: 2024-08-01, value: 1900, source: x }\n", "rate-overlap"),
        ("    - { from: 2020-01-01, value: 190000, source: x }\n", "rate-leap"),
        (
            "    - { from: 2019-01-01, value: 1900, source: x }\n    - { from: 2020-01-01, value: 190000, source: x }\n",
            "rate-leap",
        ),
        ("    - { from: 2020-01-01, until: 2019-01-01, value: 1900, source: x }\n", "rate-order"),
    ],
)
def test_two_values_that_do_not_go_together_are_one_mistake(before: str, code: str) -> None:
    assert [found for found, _ in told(FIRST, before)] == [code]


def test_a_rate_that_rises_as_rates_do_is_no_leap() -> None:
    assert told(FIRST, "    - { from: 2020-01-01, value: 1000, source: x }\n") == []
