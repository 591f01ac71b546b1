"""The trace as data: a machine can read by which section, from what, and which cell failed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dugnad.catalogue.checking import load_folder, try_folder
from dugnad.rulebook.reasons.account import account, account_data
from rulebook.explaining.benefit import RULES, decide, facts, ruleset

PROJECT = Path(__file__).resolve().parents[3]
SERVICES = sorted(
    path.parent for at in ("services", "bench/services") for path in (PROJECT / at).glob("*/rules.yaml")
)


def entry(name, **changes):
    rules = ruleset()
    return next(one for one in account(rules, decide(rules, facts(**changes))) if one.name == name)


def test_a_step_tells_its_law_what_it_read_and_where_that_comes_from() -> None:
    step = entry("støtte", inntekt=Decimal(500_000))
    assert (step.law, step.unit, step.outcome) == ("§ 7", "kr/måned", "computed")
    assert {read.name: (read.value, read.unit, read.origin) for read in step.inputs} == {
        "innenfor": (True, "", "step"),
        "inntektsgrense": (Decimal(583_650), "kr/år", "rate"),
        "inntekt": (Decimal(500_000), "kr/år", "fact"),
    }
    assert step.output == Decimal(836)  # (583 650 − 500 000) × 1 % = 836,50, rounded down


def test_a_row_that_does_not_apply_tells_which_cell_failed() -> None:
    step = entry("innenfor")
    assert [(row.number, row.became) for row in step.rows] == [(1, "not fulfilled"), (2, "fulfilled")]
    assert [(cell.input, cell.test) for cell in step.rows[0].failing] == [("inntekt", "< inntektsgrense")]
    assert (step.outcome, step.law) == ("not fulfilled", "§ 6")


def test_an_unknown_fact_leaves_the_row_undecided() -> None:
    step = entry("innenfor", formue=None)
    assert step.outcome == "not fulfilled"  # the income is too high whatever is owned
    step = entry("innenfor", inntekt=Decimal(1), formue=None)
    assert step.outcome == "undecided"
    assert step.rows[0].became == "undecided"


def test_the_account_is_json_and_equal_for_equal_outcomes() -> None:
    rules = ruleset()
    outcome = decide(rules, facts())
    stored = outcome.as_bytes()
    data = account_data(rules, outcome)
    assert json.loads(json.dumps(data)) == data == account_data(rules, decide(rules, facts()))
    assert outcome.as_bytes() == stored  # telling changes nothing of what is stored


def test_a_step_a_person_set_says_so() -> None:
    rules = ruleset()
    step = next(one for one in account(rules, decide(rules, facts(innenfor=True))) if one.name == "innenfor")
    assert step.set_by_person
    assert step.inputs == ()
    assert step.as_data()["set by person"] is True


def test_law_and_section_stand_apart_also_where_a_row_names_another_law() -> None:
    rules = ruleset(RULES.replace("| § 6     |", "| forvaltningsloven § 13 |"))
    step = next(one for one in account_data(rules, decide(rules, facts())) if one["step"] == "innenfor")
    assert (step["law"], step["section"]) == ("forvaltningsloven", "§ 13")
    first, second = step["rows"]  # type: ignore[misc] # rows are a list
    assert (first["law"], first["section"], first["outcome"]) == ("Testloven", "§ 2", "not fulfilled")
    assert (second["law"], second["section"], second["outcome"]) == ("forvaltningsloven", "§ 13", "fulfilled")


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_the_account_of_every_example_is_as_its_schema_says(service) -> None:
    schema = json.loads((PROJECT / "docs/reference/account.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    rules = load_folder(service).ruleset()
    for one in try_folder(service).results:
        if one.outcome is not None:
            data = json.loads(json.dumps(account_data(rules, one.outcome), allow_nan=False))
            assert [error.message for error in validator.iter_errors(data)] == []
            assert all(step["outcome"] == "undecided" or step["output"] is not None for step in data)
