"""What cannot be read is told by the compiler; nothing that only follows from it is told beside."""

import pytest
from serving import RULES, checked, with_step, with_table

from dugnad.rulebook.located import Finding

SPOKEN = """utfall:
    law: § 5
    table: |
      | F | alene | → utfall    |
      |   | sant  | "innvilget" |
      |   | -     | "avslag"    |
"""
OUTCOME = 'utfall: { is: \'if pris < makspris then "innvilget" else "avslag"\', law: § 5 }'


def codes(rules: str) -> list[str]:
    return [one.code for one in checked(rules)]


@pytest.mark.parametrize(
    "rules",
    [
        # a misspelt function in the only formula that uses a fact, a step, a rate
        RULES.replace("inntekt * 6 % / 11", "cont(inntekt) * 6 % / 11"),
        RULES.replace("| < makspris |", "| < maksprisen |"),
        RULES.replace("| F | tak ", "| X | tak "),
        RULES.replace("|   | -          | makspris ", "|   | -          |          "),
        # the outcomes, without quotation marks, and in those of a word processor
        RULES.replace('"innvilget"', "innvilget"),
        RULES.replace(OUTCOME, "utfall:\n    law: § 5\n    table: |\n      | F | pris | → utfall |\n"
                      "      | | < makspris | “innvilget” |\n      | | - | “avslag” |\n"),
        # a condition that cannot be read is no outcome
        RULES.replace(OUTCOME, SPOKEN),
        # a list that cannot be read has no known attributes, and no unknown ones
        with_step("barna[alder > 3].count").replace("calculate:\n", "calculate:\n  barna: { is: 'barn[aldr > 3' }\n", 1),
    ],
)  # fmt: skip
def test_what_follows_from_what_cannot_be_read_is_not_told(rules: str) -> None:
    assert rules != RULES
    assert codes(rules) == []


def one(rules: str) -> Finding:
    (found,) = checked(rules)
    return found


@pytest.mark.parametrize(
    ("formula", "code", "what"),
    [
        (
            "inntekt / 1 kr/år in [19..13]",
            "never-matches",
            "'[19..13]' holds nothing: it begins after it ends",
        ),
        ("inntekt / 1 kr/år in [13-19]", "dash", "'[13-19]' is a subtraction: 13 less 19"),
        ("date(2026, 31, 7)", "arguments", "'date(2026, 31, 7)' is no day of any year"),
        (
            "date(søknadsdato.year, 2, 30)",
            "arguments",
            "'date(søknadsdato.year, 2, 30)' is no day of any year",
        ),
    ],
)
def test_what_is_written_otherwise_than_meant(formula: str, code: str, what: str) -> None:
    found = one(with_step(formula))
    assert (found.code, found.what) == (code, what)
    assert found.mend


@pytest.mark.parametrize(
    "formula", ["date(søknadsdato.year, 2, 29)", "20 - 4", "inntekt / 1 kr/år in [20 - 4..30]"]
)
def test_what_is_written_as_it_is_meant(formula: str) -> None:
    assert codes(with_step(formula)) == []


def test_a_row_without_a_result_says_so() -> None:
    table = "| F | alene | → prøve |\n|   | true | - |\n|   | - | 2 |"
    assert codes(with_table(table)) == []


@pytest.mark.parametrize(
    ("before", "after", "code", "what"),
    [
        (
            "| hjemmel |",
            "| lov     |",
            "law-heading",
            "the column 'lov' of 'pris' has sections of law, but its heading",
        ),
        ("→ pris  ", "→ priss ", "heading", "the result of 'pris' is headed 'priss'"),
        (", law: § 5 }", " }", "no-law", "the refusal 'avslag' rests on no section of law"),
    ],
)
def test_a_heading_or_a_section_of_law_that_goes_missing(
    before: str, after: str, code: str, what: str
) -> None:
    assert before in RULES
    found = [one for one in checked(RULES.replace(before, after)) if one.code == code]
    assert found
    assert found[0].what.startswith(what)
