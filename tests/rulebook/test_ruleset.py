"""A small service decided: order by need, per child, unknown facts, errors, tailoring, replay."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dugnad.rulebook.feel.values import unknown
from dugnad.rulebook.located import Finding, Place, read
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import from_data, read_facts, to_data
from dugnad.rulebook.rules.source import Text, read_rules
from dugnad.rulebook.ruleset import Outcome, Patch, Ruleset, bounds_of, compile_ruleset

FACTS = """
law: Testloven
facts:
  søknadsdato: { type: date, from: case }
  inntekt: { type: number, unit: kr/år, from: skattegrunnlaget, law: § 2, kept: 5 years }
  nedgang: { type: boolean, from: applicant, law: § 4 }
  barn:
    list of: person
    from: folkeregisteret
    law: § 3
    kept: 5 years
    only when: bor her
    entries: { bor her: boolean }
  barn.alder: { type: number, from: folkeregisteret, law: § 3, kept: 5 years }
  barn.har plass: { type: boolean, from: barnehageregisteret, if not found: false, law: § 3, kept: 5 years }
"""
RATES = """
makspris:
  unit: kr/måned
  law: § 1
  values:
    - { from: 2024-08-01, value: 2000, source: stord.kommune.no }
    - { from: 2025-08-01, value: 1200, verified: false }
"""
RULES = """
law: Testloven
rates on: gjelder fra
stop:
  nedgang: { when: nedgang, law: § 4, why: { nb: Skjønn, nn: Skjønn, en: Discretion } }
open:
  pris: { unit: kr/måned, at least: 0 kr/måned, at most: makspris, otherwise: makspris, law: § 1 }
  rabatt: { unit: "%", at least: 30 %, at most: 100 %, otherwise: 30 %, law: § 3 }
  avrunding: { one of: [hele kroner ned, hele kroner nærmeste], otherwise: hele kroner ned, law: § 1 }
calculate:
  heldag: { is: "min(pris, tak)", law: § 1 }                     # written before what it needs
  tak: { is: inntekt * 6 % / 11, law: § 2, unit: kr/måned }
  gjelder fra: { is: søknadsdato }
  de med plass: { is: "barn[har plass]" }
decide for each: de med plass
called: barnet
calculate each:
  nr: { is: "1 + count(de med plass[alder > barnet.alder])" }
  beløp:
    unit: kr/måned
    round: avrunding
    table: |
      | U | nr   | → beløp               | hjemmel |
      |---|------|-----------------------|---------|
      |   | 1    | heldag                | § 1     |
      |   | >= 2 | heldag * (1 - rabatt) | § 3     |
conclude:
  samlet: { is: sum(vedtak.beløp) }
  utfall: { is: 'if samlet < pris * count(vedtak) then "innvilget" else "avslag"' }
result: { outcome: utfall, amount: beløp }
"""


def compiled(rules: str = RULES, patch: Patch | None = None) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    book = read_facts(read(FACTS, file="facts.yaml"))
    rates, _ = read_rates(read(RATES, file="rates.yaml"))
    return compile_ruleset(read_rules(read(rules, file="rules.yaml")), book, rates, patch or Patch())


def ruleset(rules: str = RULES, patch: Patch | None = None) -> Ruleset:
    made, findings = compiled(rules, patch)
    assert findings == ()
    assert made is not None
    return made


def facts(**changes: Any) -> dict[str, Any]:
    first = {"person": "a", "bor her": True, "alder": Decimal(4), "har plass": True}
    second = {"person": "b", "bor her": True, "alder": Decimal(2), "har plass": True}
    known: dict[str, Any] = {
        "søknadsdato": date(2024, 9, 1),
        "inntekt": Decimal(220_000),
        "nedgang": False,
        "barn": [first, second],
    }
    return known | {name.replace("_", " "): value for name, value in changes.items()}


def decide(made: Ruleset | None = None, **changes: Any) -> Outcome:
    return (made or ruleset()).decide(facts(**changes), on=date(2024, 9, 1))


def test_two_children_are_decided_by_income_and_order() -> None:
    outcome = decide()

    # 220 000 × 6 % / 11 = 1 200; the second child 1 200 × 70 % = 840
    assert [item.values["beløp"] for item in outcome.items] == [Decimal(1200), Decimal(840)]
    assert outcome.values["samlet"] == Decimal(2040)
    assert (outcome.outcome, outcome.automatic) == ("innvilget", True)
    assert outcome.because == ("§ 1", "§ 3")


def test_an_unknown_fact_stops_automation_and_is_never_a_refusal() -> None:
    outcome = decide(inntekt=None)

    assert not outcome.automatic
    assert outcome.outcome is None
    assert outcome.unknown == ("inntekt",)
    assert [stop.name for stop in outcome.stops] == ["opplysning mangler"]
    assert outcome.stops[0].law == "§ 2"


def test_what_does_not_matter_may_be_unknown() -> None:
    younger = {"person": "b", "bor her": True, "har plass": False}
    outcome = decide(barn=[{"person": "a", "alder": Decimal(4), "har plass": True}, younger])

    assert outcome.automatic
    assert outcome.unknown == ()


def test_a_register_that_does_not_know_the_child_means_no_place_where_the_file_says_so() -> None:
    outcome = decide(barn=[{"person": "a", "alder": Decimal(4), "har plass": True}, {"person": "b"}])

    assert [item.key for item in outcome.items] == ["a"]


def test_discretion_stops_with_a_draft() -> None:
    outcome = decide(nedgang=True)

    assert [(stop.name, stop.law) for stop in outcome.stops] == [("nedgang", "§ 4")]
    assert outcome.values["samlet"] == Decimal(2040)
    assert outcome.control_points["nedgang"] is True


def test_an_unanswered_question_about_discretion_stops_too() -> None:
    assert decide(nedgang=None).unknown == ("nedgang",)


def test_an_error_on_the_path_stops_automation() -> None:
    outcome = decide(inntekt="mye")

    assert not outcome.automatic
    assert "feil i beregningen" in {stop.name for stop in outcome.stops}
    assert outcome.diagnostics[0][0] == "tak"


def test_a_disputed_fact_stops_while_the_register_value_stays_in_the_draft() -> None:
    outcome = ruleset().decide(facts(), on=date(2024, 9, 1), disputed=["barn.alder"])

    assert [(stop.name, stop.concerns) for stop in outcome.stops] == [
        ("opplysning bestridt", ("barn.alder",))
    ]
    assert outcome.values["samlet"] == Decimal(2040)


def test_no_rate_for_the_day_stops_with_its_name() -> None:
    outcome = decide(søknadsdato=date(2024, 7, 31))

    assert [(stop.name, stop.concerns) for stop in outcome.stops] == [("sats mangler", ("makspris",))]


def test_an_unconfirmed_rate_stops_with_a_draft_until_it_is_confirmed() -> None:
    # 1 200 is the cap of the income too: the second pays 840 by either
    stopped = decide(søknadsdato=date(2025, 9, 1), inntekt=Decimal(900_000))
    confirmed = ruleset(patch=Patch(confirms=frozenset({("makspris", date(2025, 8, 1))})))

    assert [(stop.name, stop.concerns) for stop in stopped.stops] == [("sats ikke bekreftet", ("makspris",))]
    assert [item.values["beløp"] for item in stopped.items] == [Decimal(1200), Decimal(840)]
    assert decide(confirmed, søknadsdato=date(2025, 9, 1), inntekt=Decimal(900_000)).automatic


def test_a_person_may_set_a_step_and_the_trace_says_so() -> None:
    outcome = decide(tak=Decimal(500))

    assert [item.values["beløp"] for item in outcome.items] == [Decimal(500), Decimal(350)]
    assert next(step for step in outcome.trace if step.name == "tak").set_by_person


def text(value: str) -> Text:
    return Text(value, Place("tailoring.yaml", 7, 3))


def test_tailoring_by_date_within_its_bounds() -> None:
    dated = ((date(2024, 8, 1), text("1000 kr/måned")), (date(2024, 10, 1), text("900 kr/måned")))
    made = ruleset(patch=Patch(open={"pris": dated, "rabatt": ((date(2024, 8, 1), text("50 %")),)}))

    assert decide(made).values["samlet"] == Decimal(1500)
    assert decide(made, søknadsdato=date(2024, 10, 1)).values["samlet"] == Decimal(1350)
    assert bounds_of(made) == ()


@pytest.mark.parametrize(
    ("place", "value"), [("pris", "2001 kr/måned"), ("pris", "-1 kr/måned"), ("rabatt", "29 %")]
)
def test_tailoring_beyond_its_bounds_is_found_and_never_used(place: str, value: str) -> None:
    made = ruleset(patch=Patch(open={place: ((date(2024, 8, 1), text(value)),)}))

    assert [(one.code, one.line) for one in bounds_of(made)] == [("bounds", 7)]
    assert [(stop.name, stop.concerns) for stop in decide(made).stops] == [
        ("lokal verdi utenfor rammen", (place,))
    ]


def test_a_choice_must_be_among_the_choices() -> None:
    _, findings = compiled(patch=Patch(open={"avrunding": ((date(2024, 8, 1), text("hele tusen")),)}))

    assert [one.code for one in findings] == ["choice"]


@pytest.mark.parametrize(
    ("before", "after", "code", "what"),
    [
        ("inntekt * 6 %", "intekt * 6 %", "feel", "intekt"),
        ("is: søknadsdato", "is: 'if tak > 0 then søknadsdato else heldag'", "circle", "depends on itself"),
        ("| U | nr ", "| X | nr ", "table", "hit policy"),
        ("→ beløp  ", "beløp  ", "table", "no output"),
        (
            "      |   | 1    | heldag                | § 1     |",
            "      |   | 1 | heldag |",
            "table",
            "cells",
        ),
        ("round: avrunding", "round: omtrent", "rounding", "omtrent"),
        ("| >= 2 |", "| >= to |", "feel", "to"),
        ("when: nedgang", "when: (nedgang", "feel", "Expected"),
    ],
)
def test_a_rule_that_cannot_work_is_found_with_its_line(
    before: str, after: str, code: str, what: str
) -> None:
    broken = RULES.replace(before, after)
    made, findings = compiled(broken)

    assert made is None
    found = next(one for one in findings if one.code == code)
    assert what in found.what
    line = broken.splitlines()[found.line - 1]
    assert any(word in line for word in after.split()) or code == "circle"
    assert found.mend


def test_the_same_facts_give_the_same_bytes_through_storage() -> None:
    made = ruleset()
    stored = to_data(facts())
    assert isinstance(stored, dict)
    again = made.decide(from_data(made.book, stored), on=date(2024, 9, 1))

    assert again.as_bytes() == decide(made).as_bytes()
    assert ruleset().decide(from_data(made.book, stored), on=date(2024, 9, 1)).as_bytes() == again.as_bytes()


def test_the_trace_tells_each_step_with_what_it_read() -> None:
    trace = {(step.name, step.key): step for step in decide().trace}

    assert trace["beløp", "b"].rows == (2,)
    assert trace["beløp", "b"].law == "§ 3"
    assert trace["beløp", "b"].inputs == {"nr": Decimal(2)}
    assert trace["tak", None].inputs == {"inntekt": Decimal(220_000)}


def test_a_person_of_a_list_counts_only_once_it_is_known_that_they_do() -> None:
    made = ruleset()

    assert made.counts("barn", {"bor her": True}, {}) is True
    assert made.counts("barn", {"bor her": False}, {}) is False
    assert made.counts("barn", {}, {}) == unknown("bor her")
    assert made.counts("barn", {"bor her": "ja"}, {}) == unknown("barn"), "no truth value"


@pytest.mark.parametrize(
    ("name", "raw"), [("inntekt", "mange"), ("inntekt", "100 kr/måned"), ("søknadsdato", "i går")]
)
def test_a_value_of_the_wrong_type_names_the_fact_and_not_the_value(name: str, raw: str) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        from_data(ruleset().book, {name: raw})

    assert raw not in str(caught.value)
