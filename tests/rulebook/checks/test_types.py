"""What can never work is found without a case: the kinds of values, through every part of FEEL."""

import pytest
from serving import FACTS, RULES, checked, with_step, with_table

FORMULAS = [
    # (formula, code, where the finding points at, what it says)
    ('"a" + 1', "type", '"a" + 1', "'\"a\"' is a text and '1' is a number: + is not defined between them"),
    ("inntekt > sivilstand", "type", "inntekt > sivilstand", "cannot be compared with >"),
    ("søknadsdato - 5", "type", "søknadsdato - 5", "is a date and '5' is a number"),
    ("if inntekt then 1 else 2", "type", "inntekt then", "what stands after 'if' must be true or false"),
    ("alene and inntekt", "type", "inntekt", "each side of 'and' must be true or false"),
    ("-sivilstand", "type", "-sivilstand", "no sign to change"),
    ("inntekt()", "type", "inntekt()", "not a function"),
    ("(function(a, b) a + b)(1)", "arguments", "function(", "the function takes 2 arguments, and gets 1"),
    ("upper case(inntekt)", "type", "inntekt)", "upper case() wants a text as 'string', and gets a number"),
    ("sum(barn)", "type", "barn)", "sum() is given an entry with attributes"),
    ("barn.alder * 2", "list-for-one", "barn.alder * 2", "a list of numbers"),
    ("barn.alder > 3", "list-for-one", "barn.alder > 3", "cannot be compared with >"),
    ("abs(barn.alder)", "list-for-one", "barn.alder)", "abs() wants a number or a duration"),
    ("count(barn) >= 0", "always", "count(barn) >= 0", "is always true"),
    ("1 + count(barn) < 1", "always", "1 + count(barn) < 1", "is always false"),
    ("some b in barn satisfies b.alder", "type", "b.alder", "what stands after 'satisfies'"),
    ('barn["første"]', "type", '"første"]', "what stands in [ ]"),
    ("søknadsdato.month = 13", "always", "søknadsdato.month = 13", "is always false"),
    ('day of week(søknadsdato) = "mandag"', "always", "day of week", "it is one of Friday"),
    ("søknadsdato.mont = 1", "missing-attribute", "søknadsdato.mont", "A date has no 'mont'"),
    (
        "max(barn.alder) + 1",
        "may-be-null",
        "max(barn.alder) + 1",
        "may be missing (null); calculating with it",
    ),
    ("barn[1].alder + 1", "may-be-null", "barn[1].alder", "asking for 'alder'"),
    ('inntekt in ("lav", "høy")', "type", '"lav"', "cannot be compared with ="),
    ("inntekt between 1 and sivilstand", "type", "inntekt between", "cannot be compared with <="),
    ("[1.. sivilstand]", "type", "[1.. sivilstand]", "cannot be compared with .."),
]


@pytest.mark.parametrize(("formula", "code", "at", "what"), FORMULAS, ids=[one[0] for one in FORMULAS])
def test_a_formula_that_can_never_work(formula: str, code: str, at: str, what: str) -> None:
    rules = with_step(formula)

    found = [one for one in checked(rules) if one.code not in ("unused", "always") or one.code == code]
    told = [one for one in found if one.code == code and what in one.what]

    assert told, found
    line = rules.splitlines()[told[0].line - 1]
    assert line[told[0].column - 1 :].startswith(at)
    assert told[0].mend


@pytest.mark.parametrize(
    "formula",
    [
        "if inntekt = null then 0 else inntekt * 2",
        "sum(barn.alder)",
        "count(barn[alder < 6 and bor her])",
        "max(append(for b in barn return b.alder, 0)) = 1",
        "barn[alder = 3].alder[1]",
        "(if count(barn) > 0 then barn[1] else null) = null",
        'søknadsdato + duration("P1M") > date(2026, 1, 1)',
        "(søknadsdato - date(2020, 1, 1)).days > 100",
        'string(inntekt) + " kr" = "1 kr"',
        "sort(barn, function(a, b) a.alder < b.alder)[1] = null",
        "every b in barn satisfies b.alder in [1..5]",
        "inntekt in (< 5 kr/år, [7 kr/år..9 kr/år])",
        "{a: 1, b: a + 1}.b = 2",
        "sivilstand instance of string",
        "not(alene)",
        "(function(x) x * 2)(inntekt)",
        "if max(barn.alder) != null and max(barn.alder) > 3 then 1 else 2",
        "index of([1, 2], 1)[1] = 1",
        'get value({a: 1}, "a") = 1',
        'split(sivilstand, " ")[1] = "gift"',
    ],
)
def test_a_formula_that_works_is_left_alone(formula: str) -> None:
    found = [one for one in checked(with_step(formula)) if one.code not in ("always", "may-be-null")]

    assert found == []


def test_a_list_that_is_compared_with_null_after_it_may_be_missing() -> None:
    safe = with_step("if barn[1] != null then 1 else 2")

    assert [one.code for one in checked(safe)] == []


def test_a_step_passes_its_type_on() -> None:
    rules = RULES.replace(
        "tak: { is: inntekt * 6 % / 11, law: § 2, unit: kr/måned }", "tak: { is: sivilstand }"
    )

    (found,) = [one for one in checked(rules) if one.code == "type"]

    assert found.what == "'tak' is a text, 'makspris' is a number: they cannot be compared with <"


def test_a_declared_unit_needs_a_number() -> None:
    rules = RULES.replace("tak: { is: inntekt * 6 % / 11,", "tak: { is: søknadsdato,")

    assert "'tak' is measured in kr/måned, but is a date" in {one.what for one in checked(rules)}


def test_a_null_from_a_table_on_the_way_to_an_amount_is_told() -> None:
    rules = RULES.replace(
        "      |   | -          | makspris   ", "      |   | -          | null       "
    ).replace("if pris < makspris", "if pris + 1 < makspris")

    (found,) = [one for one in checked(rules) if one.code == "may-be-null"]

    assert found.what == "'pris' may be missing (null); calculating with it then stops the decision"
    assert found.severity == "warning"


def test_an_open_place_keeps_to_its_kind() -> None:
    rules = RULES.replace(
        "calculate:", "open:\n  pris: { at least: alene, otherwise: 5, law: § 1 }\ncalculate:", 1
    )

    assert "'pris' is a number; this is true or false" in {one.what for one in checked(rules)}


def test_a_value_outside_the_allowed_ones_is_told_with_what_was_meant() -> None:
    facts = FACTS.replace(
        "sivilstand: { type: text,", "sivilstand: { type: text, one of: [gift, ugift, skilt],"
    )

    (found,) = [one for one in checked(with_step('sivilstand = "gitf"'), facts=facts) if one.code == "always"]

    assert found.what == "'sivilstand = \"gitf\"' is always false; it is one of gift, skilt, ugift"
    assert found.mend == "Did you mean 'gift'?"


def test_a_cell_outside_the_allowed_values_is_told_with_what_was_meant() -> None:
    facts = FACTS.replace(
        "sivilstand: { type: text,", "sivilstand: { type: text, one of: [gift, ugift, skilt],"
    )
    rules = with_table("""
        | F | sivilstand | → prøve |
        |   | "gitf"     | 1       |
        |   | -          | 2       |
    """)

    (found,) = checked(rules, facts=facts)

    assert (found.code, found.mend) == ("never-matches", "Did you mean 'gift'?")
    assert rules.splitlines()[found.line - 1][found.column - 1 :].startswith('"gitf"')


def test_a_mistake_in_one_formula_hides_none_in_another() -> None:
    broken = with_step("inntekt * ").replace("if pris < makspris", "if pris < sivilstand")

    assert [one.code for one in checked(broken)] == ["type"]
