"""The kindergarten fee: the examples a lawyer reads, and what must hold for every family."""

import pickle
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.catalogue.checking import check_folder, format_findings, tailorings_of
from dugnad.catalogue.examples import ExampleResult, run_examples
from dugnad.catalogue.loading import read_folder, service_from_files
from dugnad.catalogue.types import LoadedService, Tailoring
from dugnad.catalogue.wording import compose_letter
from dugnad.rulebook.feel.values import Value, unknown
from dugnad.rulebook.rules.explaining import explain
from dugnad.rulebook.ruleset import Outcome

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "services" / "redusert-foreldrebetaling"
TODAY = date(2026, 11, 21)


@cache
def loaded() -> tuple[LoadedService, Mapping[str, Tailoring]]:
    service = service_from_files(read_folder(FOLDER))
    tailorings, findings = tailorings_of(service, ROOT / "tailoring")
    assert findings == []
    return service, tailorings


@cache
def results() -> Mapping[str, ExampleResult]:
    return {result.name: result for result in run_examples(*loaded()).results}


@pytest.mark.parametrize("name", list(results()))
def test_example(name: str) -> None:
    failures = results()[name].failures

    assert not failures, format_findings(failures)


def test_nothing_is_wrong_in_the_folder_and_every_row_and_control_point_is_reached() -> None:
    findings = check_folder(FOLDER)

    assert not findings, format_findings(findings)


def child(number: int, born: date, **changes: Any) -> dict[str, Any]:
    return {
        "person": f"barn-{number}",
        "foreldre": ["mor", "far"],
        "foreldreansvar": True,
        "delt bosted": False,
        "bor på adressen": True,
        "navn": f"Barn {number}",
        "fornavn": f"Barn {number}",
        "fødselsdato": born,
        "adressebeskyttelse": "ugradert",
        "har plass": True,
        "barnehage": "Solkroken",
        "barnehagens kommune": "4614",
        "avtalt tid": Decimal(45),
        "plass fra": date(2024, 8, 1),
        **changes,
    }


def family(income: int, children: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    mother = {
        "person": "mor",
        "navn": "Mor",
        "adressebeskyttelse": "ugradert",
        "personinntekt": Decimal(income),
        "kapitalinntekt": Decimal(0),
        "inntektsår": Decimal(2025),
    }
    known: dict[str, Any] = {
        "søker": "mor",
        "vår kommune": "4614",
        "søknadsdato": TODAY,
        "bostedskommune": "4614",
        "ektefelle": [],
        "husholdning": [mother],
        "barn": children,
        "samboer uten felles barn": False,
        "varig inntektsnedgang": False,
        "barna stemmer": True,
    }
    return known | {name.replace("_", " "): value for name, value in changes.items()}


def decide(facts: dict[str, Any], municipality: str = "4614") -> Outcome:
    service, tailorings = loaded()
    return service.ruleset(tailorings[municipality]).decide(facts, on=TODAY)


births = st.dates(min_value=date(2021, 1, 1), max_value=date(2026, 1, 1))
hours = st.integers(min_value=1, max_value=50)
children = st.lists(st.tuples(births, hours), min_size=1, max_size=5)


def made(drawn: list[tuple[date, int]]) -> list[dict[str, Any]]:
    return [child(at, born, **{"avtalt tid": Decimal(week)}) for at, (born, week) in enumerate(drawn)]


@given(st.integers(min_value=0, max_value=2_000_000), children)
def test_no_child_costs_more_than_six_per_cent_of_the_income_nor_than_the_price(
    income: int, drawn: list[tuple[date, int]]
) -> None:
    outcome = decide(family(income, made(drawn)))

    assert outcome.automatic
    for item in outcome.items:
        amount = item.values["månedsbeløp"]
        assert 0 <= amount <= Decimal(1150)
        assert amount * 11 <= Decimal(income) * 6 / 100


@given(st.integers(min_value=0, max_value=900_000), st.integers(min_value=0, max_value=300_000), children)
def test_more_income_never_gives_a_lower_fee(income: int, more: int, drawn: list[tuple[date, int]]) -> None:
    less = decide(family(income, made(drawn))).values["samlet månedsbeløp"]

    assert decide(family(income + more, made(drawn))).values["samlet månedsbeløp"] >= less


@given(st.integers(min_value=0, max_value=900_000), children, st.randoms())
def test_the_order_in_the_register_changes_nothing(
    income: int, drawn: list[tuple[date, int]], random: Any
) -> None:
    listed = made(drawn)
    shuffled = list(listed)
    random.shuffle(shuffled)

    def amounts(outcome: Outcome) -> dict[str, Decimal]:
        return {item.key: item.values["månedsbeløp"] for item in outcome.items}

    assert amounts(decide(family(income, listed))) == amounts(decide(family(income, shuffled)))


NEEDED = ["husholdning", "barn", "bostedskommune", "ektefelle", "varig inntektsnedgang", "barna stemmer"]
ABOUT_A_CHILD = [
    "fødselsdato",
    "avtalt tid",
    "plass fra",
    "barnehagens kommune",
    "foreldre",
    "bor på adressen",
]


@pytest.mark.parametrize("name", NEEDED)
def test_any_fact_that_is_missing_goes_to_a_person(name: str) -> None:
    facts = family(205_000, [child(1, date(2023, 3, 1))])
    del facts[name]

    outcome = decide(facts)

    assert not outcome.automatic
    assert outcome.outcome != "avslag"
    assert name in outcome.unknown


@pytest.mark.parametrize("attribute", ABOUT_A_CHILD)
def test_anything_missing_about_a_child_goes_to_a_person(attribute: str) -> None:
    young = child(1, date(2023, 3, 1))
    del young[attribute]

    outcome = decide(family(205_000, [young, child(2, date(2025, 1, 5))]))

    assert not outcome.automatic
    assert outcome.outcome != "avslag"
    assert f"barn.{attribute}" in outcome.unknown


def test_a_lodger_is_no_household_but_a_spouse_and_a_stated_cohabitant_are() -> None:
    service, _ = loaded()
    rules = service.ruleset()

    def counts(relation: str, *, joint: bool, stated: bool | None, kin: bool = False) -> Value:
        known = {} if stated is None else {"samboer uten felles barn": stated}
        entry = {"relasjon": relation, "felles barn": joint, "nær slekt": kin}
        return rules.counts("husholdning", entry, known)

    assert counts("ektefelle", joint=False, stated=None) is True
    assert counts("registrert partner", joint=False, stated=False) is True
    assert counts("samboer", joint=True, stated=None) is True
    assert counts("annen", joint=False, stated=True) is True
    assert counts("annen", joint=False, stated=False) is False
    assert counts("annen", joint=False, stated=None) == unknown("samboer uten felles barn")
    assert counts("annen", joint=False, stated=True, kin=True) is False


def today_in_stord() -> Outcome:
    return decide(family(205_000, [child(1, date(2023, 3, 1)), child(2, date(2025, 1, 5))]))


def test_the_steps_are_told_in_nynorsk_with_the_numbers_and_the_law() -> None:
    service, tailorings = loaded()
    steps = explain(service.ruleset(tailorings["4614"]), today_in_stord(), "nn")
    told = {(step.name, step.key): step for step in steps}

    def plain(text: str) -> str:
        return text.replace("\u00a0", " ")

    cap = told["inntektstak", None]
    assert plain(cap.sentence) == (
        "Seks prosent av 205 000 kr, fordelt på 11 månader, er 1 118,18 kr i månaden for kvart barn."
    )
    assert (plain(cap.numbers), cap.law) == ("205 000 kr × 6 % / 11 = 1 118,18 kr", "§ 3b nr. 1")
    sibling = told["etter søskenmoderasjon", "barn-2"]
    assert plain(sibling.numbers) == "1 118,18 kr × (1 − 30 %) = 782,73 kr"
    assert sibling.law == "§ 3a"
    assert told["etter gratis kjernetid", "barn-2"].sentence.startswith("20 gratis timar gjeld frå 1. august")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("income", [205_000, 900_000])
def test_a_letter_has_no_gap_in_any_language(language: str, income: int) -> None:
    service, tailorings = loaded()
    rules = service.ruleset(tailorings["4614"])
    outcome = rules.decide(family(income, [child(1, date(2023, 3, 1))]), on=TODAY)
    words = {
        "klagefrist": "12. desember 2026",
        "klageinstans": "Statsforvalteren i Vestland",
        "kontakt": "53 00 00 00",
    }

    letter = compose_letter(service, rules, outcome, language, words=words, automatic=True)

    text = "\n".join(paragraph for part in letter.parts for paragraph in part.paragraphs)
    assert letter.title
    assert all(all(part.paragraphs) for part in letter.parts)
    empty = {part.name for part in letter.parts if not part.paragraphs}
    assert empty <= {"children"}, "the table of amounts needs no words of the service's own"
    assert "{" not in text
    assert "12. desember 2026" in text
    unknown_words = ("ikke kjent", "ikkje kjent", "not known")
    assert not any(word in text for word in unknown_words)


def test_a_letter_by_a_person_does_not_say_that_it_was_automatic() -> None:
    service, tailorings = loaded()
    words = {"klagefrist": "12. desember 2026", "klageinstans": "Statsforvalteren i Vestland", "kontakt": "x"}
    rules = service.ruleset(tailorings["4614"])

    letter = compose_letter(service, rules, today_in_stord(), "nb", words=words, automatic=False)

    assert "automatic" not in {part.name for part in letter.parts}


def test_only_three_things_are_asked_and_none_that_a_register_knows() -> None:
    service, _ = loaded()
    asked = [question for page in service.pages for question in page.asks]

    assert [question.fact for question in asked] == [
        "barna stemmer",
        "samboer uten felles barn",
        "varig inntektsnedgang",
    ]
    assert all(service.book.facts[question.fact].source == "applicant" for question in asked)
    assert set(asked[2].attach) == {True}
    assert set(asked[0].note) == {False}


def test_a_service_travels_as_its_files() -> None:
    service, tailorings = loaded()
    again = pickle.loads(pickle.dumps(service))  # noqa: S301 - our own bytes

    assert again.version == service.version
    assert again.edition(tailorings["4614"]) == service.edition(tailorings["4614"])
    outcome = again.ruleset(tailorings["4614"]).decide(
        family(205_000, [child(1, date(2023, 3, 1)), child(2, date(2025, 1, 5))]), on=TODAY
    )
    assert outcome.as_bytes() == today_in_stord().as_bytes()


def test_a_fraction_is_told_as_the_municipality_wrote_it() -> None:
    """Stord set andel 20 timer to 20 / 45: «44,44 %» would be neither what it decided nor exact."""
    service, tailorings = loaded()
    rules = service.ruleset(tailorings["4614"])

    steps = explain(rules, today_in_stord(), "nb")

    numbers = next(step.numbers for step in steps if step.name == "etter gratis kjernetid" and step.numbers)
    assert "(1 − 20/45)" in numbers
