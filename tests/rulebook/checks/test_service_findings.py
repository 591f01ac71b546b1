"""What is never used, what hides something else, control points that contradict, rates that end."""

import pytest
from serving import RATES, RULES, checked, compiled, with_step


def codes(rules: str = RULES, **texts: str) -> list[tuple[str, str]]:
    return [(one.code, one.what) for one in checked(rules, **texts)]


def test_a_service_that_is_right_has_no_findings() -> None:
    assert checked(information=True) == []


def test_a_step_that_only_an_unused_step_reads_is_unused_too() -> None:
    rules = RULES.replace(
        "calculate:\n", "calculate:\n  en: { is: inntekt * 2 }\n  to: { is: en + 1 kr/år }\n", 1
    )

    assert codes(rules) == [
        ("unused", "the step 'en' is used nowhere"),
        ("unused", "the step 'to' is used nowhere"),
    ]


def test_a_step_that_is_told_to_people_is_used() -> None:
    words = "title: { nb: A, nn: A, en: A }, says: { nb: A, nn: A, en: A }"
    rules = RULES.replace("calculate:\n", f"calculate:\n  en: {{ is: inntekt * 2, {words} }}\n", 1)

    assert codes(rules) == []


def test_an_unused_open_place_and_rate() -> None:
    rules = RULES.replace(
        "calculate:", "open:\n  frist: { unit: number, otherwise: 3, law: § 1 }\ncalculate:", 1
    )
    rates = RATES + RATES.replace("makspris", "minstepris")

    assert codes(rules, rates=rates) == [
        ("unused", "the rate 'minstepris' is used nowhere"),
        ("unused", "the open place 'frist' is used nowhere"),
    ]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("sum", "the step 'sum' hides the built-in function sum()"),
        ("item", "the step 'item' bears a word of the language"),
        ("måned", "the step 'måned' bears a word of the language"),
    ],
)
def test_a_name_that_hides_another(name: str, what: str) -> None:
    rules = (
        RULES.replace("tak: {", f"{name}: {{")
        .replace("| tak ", f"| {name} ")
        .replace("then tak", f"then {name}")
    )

    assert ("shadows", what) in codes(rules)


@pytest.mark.parametrize(
    ("when", "code", "what"),
    [
        ("true", "stops-always", "'andre' always stops: no case is ever automatic"),
        ("not(alene)", "stops-always", "every case stops, at 'alene' or at 'andre'"),
        ("alene = false", "stops-always", "every case stops, at 'alene' or at 'andre'"),
        ("alene and not(alene)", "stops-never", "'andre' never stops"),
        ("alene = true", "stops-twice", "'andre' stops exactly where 'alene' does"),
        ("not(not(alene or false))", "stops-twice", "'andre' stops exactly where 'alene' does"),
    ],
)
def test_control_points_that_contradict(when: str, code: str, what: str) -> None:
    why = "law: § 4, why: { nb: A, nn: A, en: A }"
    rules = RULES.replace("calculate:", f"  andre: {{ when: '{when}', {why} }}\ncalculate:", 1)

    assert codes(rules) == [(code, what)]


def test_control_points_that_ask_different_things_are_left_alone() -> None:
    why = "law: § 4, why: { nb: A, nn: A, en: A }"
    rules = RULES.replace("calculate:", f"  andre: {{ when: alene and inntekt > 5, {why} }}\ncalculate:", 1)

    assert codes(rules) == []


def test_a_rate_with_a_gap_and_one_that_ends() -> None:
    after = "\n    - { from: 2025-08-01, value: 1900, source: a.no }"
    gap = RATES.replace("source: stord.kommune.no }", "source: a.no, until: 2024-12-31 }" + after)

    (found,) = checked(rates=gap, information=True)

    assert (found.code, found.severity) == ("rate-gap", "information")
    assert (
        found.what == "'makspris' has no value from 2025-01-01 to 2025-07-31: a decision for those days stops"
    )


def test_a_circle_is_named_whole() -> None:
    rules = RULES.replace("tak: { is: inntekt", "tak: { is: pris + inntekt")

    _, findings = compiled(rules)

    assert [one.what for one in findings if one.code == "circle"] == [
        "'tak' depends on itself: tak → pris → tak"
    ]


def test_a_finding_in_text_folded_over_lines_points_at_its_line() -> None:
    rules = with_step("PLACE").replace(
        "    is: 'PLACE'\n", "    is: >-\n      if alene\n      then inntekt\n      else sivilstand + 1\n"
    )

    (found,) = checked(rules)

    line = rules.splitlines()[found.line - 1]
    assert line[found.column - 1 :] == "sivilstand + 1"


def test_a_finding_in_plain_text_over_two_lines_points_at_its_line() -> None:
    rules = with_step("PLACE").replace(
        "    is: 'PLACE'\n", "    is: if alene then inntekt\n      else sivilstand + 1\n"
    )

    (found,) = checked(rules)

    assert rules.splitlines()[found.line - 1][found.column - 1 :] == "sivilstand + 1"
