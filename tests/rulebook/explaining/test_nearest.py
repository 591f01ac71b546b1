"""The nearest change: nothing closer in the same fact does it; over numbers, choices, days, children, two facts at once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook.located import read
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.reasons.changes import what_would_change
from dugnad.rulebook.reasons.difference import Change
from dugnad.rulebook.reasons.wishes import wished
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.ruleset import Patch, Ruleset, compile_ruleset
from rulebook.explaining.benefit import plain

ON = date(2026, 9, 1)
FACTS = """
law: Testloven
facts:
  søknadsdato: { type: date, from: case }
  poeng: { type: number, from: prøven, label: { nb: Poeng, nn: Poeng, en: Points } }
  inntekt: { type: number, unit: kr/år, from: skattegrunnlaget, label: { nb: Inntekt, nn: Inntekt, en: Income } }
  botid: { type: number, unit: måneder, from: folkeregisteret }
  boform: { type: text, from: applicant, one of: [leier, eier, bofellesskap], label: { nb: Boform, nn: Buform, en: Housing } }
  flyttet inn: { type: date, from: applicant }
  barn: { list of: person, from: folkeregisteret, entries: { navn: text } }
  barn.timer: { type: number, unit: timer/uke, from: barnehagen, label: { nb: Timer, nn: Timar, en: Hours } }
  barn.fødselsdato: { type: date, from: folkeregisteret }
"""
CHILD = {"person": "b1", "navn": "Kari", "timer": Decimal(30), "fødselsdato": date(2025, 6, 1)}
GIVEN: Mapping[str, Any] = {
    "søknadsdato": ON,
    "poeng": Decimal(50),
    "inntekt": Decimal(400_000),
    "botid": Decimal(24),
    "boform": "eier",
    "flyttet inn": date(2026, 3, 10),
    "barn": [CHILD],
}


def ruleset(condition: str, *, more: str = "", each: str = "") -> Ruleset:
    text = f"""
law: Testloven
{more}
{each}
conclude:
  utfall:
    table: |
      | F | {condition} | → utfall    | hjemmel |
      |---|-------------|-------------|---------|
      |   | true        | "innvilget" | § 1     |
      |   | -           | "avslag"    | § 2     |
result: {{ outcome: utfall, refusals: [avslag], key: person, name: navn }}
"""
    rates, _ = read_rates(read("{}", file="rates.yaml"))
    made, findings = compile_ruleset(
        read_rules(read(text, file="rules.yaml")), read_facts(read(FACTS, file="facts.yaml")), rates, Patch()
    )
    assert findings == ()
    assert made is not None
    return made


def found(rules: Ruleset, **changed: Any) -> tuple[tuple[Change, ...], list[str]]:
    known = {**GIVEN, **{name.replace("_", " "): value for name, value in changed.items()}}
    outcome = rules.decide(known, on=ON)
    assert outcome.outcome in ("avslag", None)
    changes = what_would_change(rules, known, outcome, on=ON)
    return changes, [plain(wished(rules, outcome, one, "nb")) for one in changes]


def granted(rules: Ruleset, **changed: Any) -> bool:
    return rules.decide({**GIVEN, **changed}, on=ON).outcome == "innvilget"


@settings(max_examples=60, deadline=None)
@given(
    points=st.integers(0, 120),
    bands=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 12)), min_size=1, max_size=3),
)
def test_of_bands_anywhere_the_nearest_on_each_side_is_told(points, bands) -> None:
    """Decided for every value from 0 to 200, which is what the search may not do."""
    rules = ruleset(" or ".join(f"poeng in [{low}..{low + width}]" for low, width in bands))
    if granted(rules, poeng=Decimal(points)):
        return
    does = [value for value in range(201) if granted(rules, poeng=Decimal(value))]
    below, above = [v for v in does if v < points], [v for v in does if v > points]
    wanted = {*below[-1:], *above[:1]}
    changes, _ = found(rules, poeng=Decimal(points))
    assert {int(one.changed[0].after) for one in changes} == wanted
    for one in changes:
        assert granted(rules, poeng=one.changed[0].after)
        assert not granted(rules, poeng=one.changed[0].edge)


@settings(max_examples=60, deadline=None)
@given(
    share=st.integers(1, 40),
    months=st.integers(1, 12),
    price=st.integers(1, 9_000),
    income=st.integers(0, 3_000_000),
)
def test_of_a_limit_no_rule_names_the_nearest_krone_is_told(share, months, price, income) -> None:
    """A price from a share of the income: the limit is where share × income / months meets it, to the krone."""
    rules = ruleset(f"inntekt * {share} / 100 / {months} < {price}")
    if Decimal(income) * share / 100 / months < price:
        return
    nearest = -(-price * 100 * months // share) - 1  # the largest income whose share is below the price
    (change,), (sentence,) = found(rules, inntekt=Decimal(income))
    assert change.changed[0].after == nearest
    assert change.changed[0].bound == ("exactly" if nearest == 0 else "at most")
    assert sentence.endswith("ville utfallet ha blitt «innvilget» (§ 1).")


SAID = {
    "poeng >= 60": ["Hvis poeng hadde vært 60 eller mer, ville utfallet ha blitt «innvilget» (§ 1)."],
    "poeng > 60": ["Hvis poeng hadde vært over 60, ville utfallet ha blitt «innvilget» (§ 1)."],
    "poeng in [20..30]": ["Hvis poeng hadde vært 30, ville utfallet ha blitt «innvilget» (§ 1)."],
    "inntekt < 300000": [
        "Hvis inntekt hadde vært under 300 000 kr i året, ville utfallet ha blitt «innvilget» (§ 1)."
    ],
    "botid >= 36": ["Hvis botid hadde vært 36 måneder eller mer, ville utfallet ha blitt «innvilget» (§ 1)."],
    'boform = "leier"': ["Hvis boform hadde vært «leier», ville utfallet ha blitt «innvilget» (§ 1)."],
    'boform != "eier"': [
        "Hvis boform hadde vært «leier», ville utfallet ha blitt «innvilget» (§ 1).",
        "Hvis boform hadde vært «bofellesskap», ville utfallet ha blitt «innvilget» (§ 1).",
    ],
    'flyttet inn <= søknadsdato - @"P1Y"': [
        "Hvis flyttet inn hadde vært 1. september 2025 eller tidligere, ville utfallet ha blitt «innvilget» (§ 1)."
    ],
    "poeng > 60 and inntekt < 9": [
        "Hvis poeng hadde vært over 60 og inntekt hadde vært under 9 kr i året, ville utfallet ha blitt «innvilget» (§ 1)."
    ],
    'boform = "leier" and poeng in [60..70]': [
        "Hvis poeng hadde vært 60 og boform hadde vært «leier», ville utfallet ha blitt «innvilget» (§ 1)."
    ],
    "søknadsdato < date(2026, 1, 1)": [],  # the day of the application is the case itself
    "count(barn) > 3": [],  # children are not thought up
}


@pytest.mark.parametrize("condition", SAID)
def test_what_would_have_turned_a_refusal_is_said_as_people_say_it(condition) -> None:
    assert found(ruleset(condition))[1] == SAID[condition]


@pytest.mark.parametrize("condition", ["poeng >= 60", "poeng >= 60 and inntekt < 300000"])
def test_an_unknown_fact_is_asked_for_and_nothing_is_said_of_others(condition) -> None:
    assert found(ruleset(condition), poeng=None) == ((), [])


EACH = """
decide for each: barn
called: barnet
calculate each:
  alder: { is: "years and months duration(fødselsdato, søknadsdato)" }
  alder i måneder: { is: alder.years * 12 + alder.months }
"""


def test_of_a_child_the_hours_are_told_with_its_name() -> None:
    rules = ruleset("some b in barn satisfies b.timer < 20", each=EACH)
    assert found(rules)[1] == [
        "Hvis timer for Kari hadde vært under 20 timer i uka, ville utfallet ha blitt «innvilget» (§ 1)."
    ]


def test_of_a_child_too_young_the_age_is_told_and_never_the_day_it_was_born() -> None:
    """Born 1 June 2025: 15 months on 1 September 2026. Found by deciding for a child born on other days."""
    rules = ruleset("some v in vedtak satisfies v.alder i måneder in [18..24]", each=EACH)
    (change,), (sentence,) = found(rules)
    assert sentence == (
        "Hvis «alder i måneder» for Kari hadde vært 18, ville utfallet ha blitt «innvilget» (§ 1)."
    )
    assert "2025" not in str(change.as_data())


def test_behind_a_number_without_a_title_the_fact_is_told() -> None:
    rules = ruleset("samlet < 300000", more="calculate:\n  samlet: { unit: kr/år, is: inntekt * 2 }")
    assert found(rules)[1] == [
        "Hvis inntekt hadde vært 149 999 kr i året eller mindre, ville utfallet ha blitt «innvilget» (§ 1)."
    ]
