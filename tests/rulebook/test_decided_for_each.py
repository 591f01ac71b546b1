"""Who is decided for: where that is not known, nobody is refused."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from dugnad.rulebook import Outcome, Value, ruleset_from_texts
from dugnad.rulebook.rules.working import FAILED

RULES = """
{steps}
decide for each: {over}
called: barnet
calculate each:
  beløp: {{ unit: kr, is: 100 kr * barnet.timer }}
conclude:
  utfall:
    table: |
      | U | count(vedtak) | → utfall    | law |
      |---|---------------|-------------|-----|
      |   | > 0           | "innvilget" | § 1 |
      |   | 0             | "avslag"    | § 2 |
result: {{ list: vedtak, outcome: utfall, refusals: [avslag], amount: beløp, key: person }}
"""
FACTS = """
facts:
  grense: { type: number, from: applicant, label: { nb: Grense } }
  barn: { type: persons, from: folkeregisteret, label: { nb: Barn } }
  barn.person: { type: text, from: folkeregisteret, label: { nb: Person } }
  barn.timer: { type: number, from: barnehageregisteret, label: { nb: Timer } }
"""
ON = date(2026, 11, 30)
AASE = {"person": "Åse", "timer": Decimal(30)}
NOT_KNOWN = {"person": "Ola"}
OVER_THE_LIMIT = "barn[timer > grense]"
PER_LIMIT = "barn[timer / grense > 1]"


def decided(over: str, facts: Mapping[str, Value], steps: str = "") -> Outcome:
    rules = ruleset_from_texts(rules=RULES.format(over=over, steps=steps), facts=FACTS, rates="{}")
    return rules.decide(facts, on=ON)


def test_nobody_to_decide_for_is_an_answer_when_the_register_says_so() -> None:
    outcome = decided("barn", {"barn": []})
    assert (outcome.outcome, outcome.automatic) == ("avslag", True)


@pytest.mark.parametrize(
    ("over", "facts", "missing"),
    [
        ("barn", {}, ("barn",)),
        (OVER_THE_LIMIT, {"barn": [AASE]}, ("grense",)),
        (OVER_THE_LIMIT, {"grense": Decimal(10)}, ("barn",)),
        (OVER_THE_LIMIT, {"barn": [AASE, NOT_KNOWN], "grense": Decimal(10)}, ("barn.timer",)),
        ("if grense > 1 then barn else barn[timer > 1]", {"barn": [AASE]}, ("grense",)),
    ],
)
def test_not_knowing_whom_to_decide_for_is_a_question_and_no_refusal(
    over: str, facts: Mapping[str, Value], missing: tuple[str, ...]
) -> None:
    outcome = decided(over, facts)
    assert outcome.outcome is None
    assert outcome.unknown == missing
    assert [stop.name for stop in outcome.stops] == ["opplysning mangler"]


@pytest.mark.parametrize(
    ("over", "facts"),
    [
        (PER_LIMIT, {"barn": [AASE], "grense": Decimal(0)}),
        ("grense", {"grense": Decimal(1)}),
        ("barn.person", {"barn": [AASE]}),
        ("barn[3]", {"barn": [AASE]}),
    ],
)
def test_an_error_in_whom_to_decide_for_stops_and_refuses_nobody(
    over: str, facts: Mapping[str, Value]
) -> None:
    outcome = decided(over, facts)
    assert outcome.outcome is None
    assert outcome.diagnostics[0][0] == "vedtak"
    assert FAILED in [stop.name for stop in outcome.stops]


def test_an_error_in_a_step_before_stops_too() -> None:
    outcome = decided(
        "de over",
        {"barn": [AASE], "grense": Decimal(0)},
        f'calculate: {{ de over: {{ is: "{PER_LIMIT}" }} }}',
    )
    assert [stop.name for stop in outcome.stops] == [FAILED]
    assert not outcome.automatic
