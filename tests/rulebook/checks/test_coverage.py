"""What the examples reach is told row by row, branch by branch, by the names of the examples."""

from datetime import date
from decimal import Decimal
from typing import Any

from serving import RULES, ruleset

from dugnad.rulebook.checks.coverage import coverage
from dugnad.rulebook.ruleset import Outcome

LOW, NONE, HIGH = "lav inntekt", "ingen inntekt", "høy inntekt"


def decided(inntekt: int, rules: str = RULES, **more: Any) -> Outcome:
    facts = {"søknadsdato": date(2024, 9, 1), "inntekt": Decimal(inntekt), "alene": False, **more}
    return ruleset(rules).decide(facts, on=date(2024, 9, 1))


def test_rows_branches_and_outcomes_name_the_examples_that_reach_them() -> None:
    found = coverage(ruleset(), [(LOW, decided(220_000)), (NONE, decided(0)), (HIGH, decided(900_000))])

    assert [one.examples for one in found.rows("pris")] == [(LOW, NONE), (HIGH,)]
    assert [(one.of, one.number, one.examples) for one in found.of("branch")] == [
        ("pris", 1, (LOW,)),
        ("pris", 2, (NONE,)),
        ("utfall", 1, (LOW, NONE)),
        ("utfall", 2, (HIGH,)),
    ]
    assert [(one.of, one.examples) for one in found.of("outcome")] == [
        ("innvilget", (LOW, NONE)),
        ("avslag", (HIGH,)),
    ]
    assert [one.of for one in found.unreached] == ["alene"]
    assert found.share("row") == (2, 2)
    assert found.share("stop") == (0, 1)


def test_a_branch_says_where_it_stands_and_what_it_is() -> None:
    found = coverage(ruleset(), [(HIGH, decided(900_000))])

    branch = next(one for one in found.of("branch") if one.of == "pris")
    assert branch.words == "if inntekt > 0 kr/år then tak"
    assert not branch.reached
    line = RULES.splitlines()[branch.place.line - 1]
    assert line[branch.place.column - 1 :].startswith("tak else 0")


def test_a_control_point_is_reached_where_automation_stopped_there() -> None:
    found = coverage(ruleset(), [("alene", decided(900_000, alene=True))])

    assert [one.examples for one in found.of("stop")] == [("alene",)]


def test_branches_within_a_loop_are_told_apart() -> None:
    rules = RULES.replace(
        "  tak: {", "  alder: { is: 'sum(for b in barn return if b.alder < 2 then 1 else 0)' }\n  tak: {"
    )
    barn = [{"person": "a", "alder": Decimal(4), "bor her": True}]
    found = coverage(ruleset(rules), [("stort barn", decided(1, rules, barn=barn))])

    assert [one.examples for one in found.of("branch")][:2] == [(), ("stort barn",)]


def test_a_step_a_person_has_set_reaches_no_row() -> None:
    found = coverage(ruleset(), [("satt", decided(900_000, pris=Decimal(1)))])

    assert not any(one.reached for one in found.rows("pris"))


def test_a_row_reads_as_a_sentence() -> None:
    rows = coverage(ruleset(), []).rows("pris")

    assert [one.words for one in rows] == [
        "tak < makspris → if inntekt > 0 kr/år then tak else 0",
        "otherwise → makspris",
    ]
    assert [one.law for one in rows] == ["§ 2", "§ 1"]
