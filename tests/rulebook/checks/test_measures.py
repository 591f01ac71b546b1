"""Units that do not go together, wherever they meet."""

import pytest
from serving import FACTS, RATES, RULES, checked, with_step, with_table

SHARES = (
    RATES
    + """
andel:
  unit: "%"
  law: § 1
  values:
    - { from: 2024-08-01, value: 6, source: x.no }
"""
)


def units(rules: str = RULES, **texts: str) -> list[str]:
    return [one.what for one in checked(rules, **texts) if one.code == "unit"]


@pytest.mark.parametrize(
    ("formula", "unit", "what"),
    [
        ("inntekt + makspris", "", "kr/år and kr/måned are mixed without conversion."),
        ("inntekt / 10", "kr/måned", "this is kr/år, but kr/måned is declared"),
        ("makspris * 100", "øre", "this is kr/måned, but øre is declared"),
        ("modulo(inntekt, 100 øre)", "", "kr/år and øre are mixed without conversion."),
        ("list contains([1 kr/år], makspris)", "", "kr/år and kr/måned are mixed without conversion."),
        ("{a: inntekt}.a + makspris", "", "kr/år and kr/måned are mixed without conversion."),
        ("(søknadsdato - date(2020, 1, 1)).days", "måneder", "this is dager, but måneder is declared"),
        ("5 % + 30", "%", "30 beside a share (%) is 3000 %: write 30 % for a percentage."),
        ("30", "%", "30 is 3000 % where % is declared"),
        (
            "sum(for b in barn return if b.alder > 3 then inntekt else makspris)",
            "",
            "kr/år and kr/måned are mixed",
        ),
    ],
)
def test_a_mix_up_in_a_formula(formula: str, unit: str, what: str) -> None:
    more = f'    unit: "{unit}"\n' if unit else ""

    (found,) = units(with_step(formula, more))

    assert found.startswith(what)


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("inntekt / 12", "kr/måned"),
        ("makspris * 12", "kr/år"),
        ("2 uker * 7 + 1 dag", "dager"),
        ("3 år * 12 + 2 måneder", "måneder"),
        ("100 kr * 100", "øre"),
        ("5 % + 0.1", "%"),
        ("1 - 5 %", "fraction"),
        ("(søknadsdato - date(2020, 1, 1)).days / 7", "uker"),
    ],
)
def test_a_conversion_that_is_right(formula: str, unit: str) -> None:
    assert units(with_step(formula, f'    unit: "{unit}"\n')) == []


def test_a_step_without_a_unit_passes_on_the_one_that_follows() -> None:
    rules = with_step("makspris * 2").replace("< makspris | if", "< prøve * 12 | if")

    assert units(rules) == ["kr/måned is compared with kr/år"]


def test_rows_that_give_different_units() -> None:
    rules = with_table("""
        | F | alene | → prøve    |
        |   | true  | 5 kr/måned |
        |   | -     | 5 kr/år    |
    """)

    assert units(rules) == ["this is kr/år, but a row above gives kr/måned"]


def test_an_attribute_of_a_list_that_a_step_has_filtered_keeps_its_unit() -> None:
    facts = FACTS.replace("barn.alder: { type: number,", "barn.alder: { type: number, unit: år,")
    rules = with_step("store.alder[1] > 5 kr").replace(
        "calculate:\n", "calculate:\n  store: { is: 'barn[alder > 3]' }\n", 1
    )

    assert "år and kr are mixed without conversion." in units(rules, facts=facts)


def test_a_share_written_as_per_cent_in_the_rates() -> None:
    assert units(rates=SHARES) == ["6 is 600 % as %: a share is written as a fraction"]


def test_a_cell_with_a_plain_number_under_a_percentage() -> None:
    rules = with_table("""
        | F | andel | → prøve |
        |   | >= 30 | 1       |
        |   | -     | 2       |
    """)

    assert "30 is 3000 % under a heading in %" in units(
        rules, rates=SHARES.replace("value: 6", "value: 0.06")
    )


@pytest.mark.parametrize(
    ("before", "after", "what", "mend"),
    [
        # the declaration is wrong: what leans on the step is no mistake of its own
        (
            "law: § 2, unit: kr/måned }",
            "law: § 2, unit: kr/år }",
            "this is kr/måned, but kr/år is declared",
            "Multiply by 12, or declare kr/måned.",
        ),
        (
            "inntekt * 6 % / 11",
            "inntekt * 6 %",
            "this is kr/år, but kr/måned is declared",
            "Divide by 12, or by the months one pays for, or declare kr/år.",
        ),
        (
            "inntekt * 6 % / 11",
            "inntekt * inntekt / 11",
            "this is kr²/år², but kr/måned is declared",
            "They measure different things: mend the calculation, or declare kr²/år².",
        ),
    ],
)
def test_a_wrong_unit_is_told_once_with_how_to_mend_it(before: str, after: str, what: str, mend: str) -> None:
    assert before in RULES
    found = [one for one in checked(RULES.replace(before, after)) if one.code == "unit"]
    assert [(one.what, one.mend) for one in found] == [(what, mend)]


def test_the_same_in_several_rows_is_told_once_with_all_lines() -> None:
    rules = with_table(
        """
        | F | alene | → prøve |
        |   | true  | 5 kr    |
        |   | -     | 6 kr    |
        """,
        "    unit: kr/måned\n",
    )
    (found,) = units(rules)
    assert found == "this is kr, but kr/måned is declared (also on line 11)"


def test_a_share_beside_a_bare_number_is_not_also_always_true() -> None:
    rules = with_table("| F | alene | → prøve |\n| | true | 30 % |\n| | - | 0 % |", '    unit: "%"\n')
    rules = rules.replace("prøve = null", "prøve > 30")
    assert {one.code for one in checked(rules)} == {"unit"}
