"""What is wrong in a table is said in words a lawyer can read, at the row it concerns."""

import pytest
from serving import FACTS, RATES, checked, with_table

LISTED = FACTS.replace("sivilstand: { type: text,", "sivilstand: { type: text, one of: [gift, ugift, skilt],")


def told(table: str, *, facts: str = FACTS, information: bool = False) -> list[tuple[str, str]]:
    found = checked(with_table(table), facts=facts, information=information)
    return [(one.code, one.what) for one in found]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            """
            | U | inntekt                      | sivilstand | → prøve |
            |   | < 100000 kr/år               | -          | 1       |
            |   | [100000..200000)             | "gift"     | 2       |
            |   | >= 200000                    | -          | 3       |
            """,
            ['inntekt from 100 000 to below 200 000 kr/år, when sivilstand is "skilt" or "ugift"'],
        ),
        (
            """
            | U | søknadsdato                             | → prøve |
            |   | < date("2026-01-01")                    | 1       |
            |   | > date("2026-01-03")                    | 2       |
            """,
            ["søknadsdato from 2026-01-01 to 2026-01-03"],
        ),
        (
            """
            | F | alene | sivilstand     | → prøve |
            |   | true  | -              | 1       |
            |   | false | not("gift")    | 2       |
            """,
            ['alene is false, when sivilstand is "gift"'],
        ),
        (
            """
            | U | count(barn) | → prøve |
            |   | 1           | 1       |
            |   | 2           | 2       |
            |   | >= 4        | 3       |
            """,
            ["count(barn) is 0 or 3"],
        ),
        (
            """
            | U | søknadsdato - date("2026-01-01") | → prøve |
            |   | < duration("P10D")               | 1       |
            |   | > duration("P20D")               | 2       |
            """,
            ['søknadsdato - date("2026-01-01") from 10 days up to and including 20 days'],
        ),
    ],
)
def test_a_gap_in_words(table: str, words: list[str]) -> None:
    assert told(table, facts=LISTED) == [("gap", f"no row of 'prøve' decides: {one}") for one in words]


def test_a_text_with_other_values_than_those_named() -> None:
    assert told("""
        | U | sivilstand      | → prøve |
        |   | "gift", "ugift" | 1       |
    """) == [("gap", 'no row of \'prøve\' decides: sivilstand other than "gift" and "ugift"')]


def test_overlaps_by_hit_policy() -> None:
    table = """
        | {0} | inntekt    | → prøve |
        |     | < 10       | 1       |
        |     | [5..20]    | {1}     |
        |     | > 20       | 3       |
    """
    assert told(table.format("U", 2)) == [
        ("overlap", "rows 1 and 2 of 'prøve' both match: inntekt from 5 to below 10 kr/år")
    ]
    assert told(table.format("A", 1)) == []
    assert [code for code, _ in told(table.format("A", 2))] == ["overlap"]
    assert told(table.format("F", 2)) == []
    assert told(table.format("C", 2)) == []


def test_an_overlap_that_depends_on_a_rate_is_a_warning() -> None:
    found = checked(
        with_table("""
        | U | pris                | → prøve |
        |   | < makspris          | 1       |
        |   | >= makspris         | 2       |
        |   | > 3000              | 3       |
    """)
    )

    assert [(one.severity, one.what) for one in found] == [
        ("warning", "rows 2 and 3 of 'prøve' may both match: pris above 3 000 kr/måned and at least makspris")
    ]


def test_what_the_rate_can_never_be_is_no_gap() -> None:
    table = """
        | U | pris                | → prøve |
        |   | < makspris          | 1       |
        |   | [2000..3000)        | 2       |
        |   | >= 3000             | 3       |
    """
    assert RATES.count("value: 2000") == 1
    assert told(table) == []


def test_a_row_that_is_never_reached_names_those_before() -> None:
    assert told("""
        | F | inntekt | alene | → prøve |
        |   | < 10    | -     | 1       |
        |   | >= 10   | true  | 2       |
        |   | -       | true  | 3       |
        |   | -       | -     | 4       |
    """) == [("unreachable", "row 3 of 'prøve' is never reached: rows 1 and 2 take all it would match")]


def test_a_row_that_contradicts_itself_and_a_column_that_decides_nothing() -> None:
    assert told("""
        | F | inntekt  | alene | → prøve |
        |   | [20..10] | -     | 1       |
        |   | -        | -     | 2       |
    """) == [
        ("idle-column", "the column 'alene' of 'prøve' decides nothing"),
        ("never-matches", "row 1 of 'prøve' can never match: inntekt is never [20..10]"),
    ]


def test_a_row_written_twice() -> None:
    assert told("""
        | C | inntekt | → prøve |
        |   | < 10    | 1       |
        |   | >= 10   | 2       |
        |   | < 10    | 1       |
    """) == [("duplicate-row", "row 3 of 'prøve' says the same as row 1")]


def test_what_cannot_be_judged_is_said_with_the_reason() -> None:
    assert (
        "not-judged",
        "'prøve' cannot be judged in full: the cells under 'barn.alder' compare it with both number and string",
    ) in told(
        """
        | F | barn.alder | → prøve |
        |   | 1          | 1       |
        |   | "en"       | 2       |
        """,
        information=True,
    )


def test_a_test_as_it_is_written_has_its_opposite() -> None:
    assert told("""
        | U | sivilstand             | → prøve |
        |   | starts with(?, "gift") | 1       |
    """) == [
        ("gap", "no row of 'prøve' decides: sivilstand such that (starts with(?, \"gift\")) does not hold")
    ]


def test_a_missing_value_is_a_region_of_its_own() -> None:
    rules = with_table("""
        | F | mest  | → prøve |
        |   | < 10  | 1       |
        |   | >= 10 | 2       |
    """).replace("calculate:\n", "calculate:\n  mest: { is: max(barn.alder) }\n", 1)

    found = {one.code: one.what for one in checked(rules)}

    assert found == {
        "gap": "no row of 'prøve' decides: mest missing (null)",
        "may-be-null": "'mest' may be missing (null); comparing it then stops the decision",
    }


def test_a_row_that_changes_nothing() -> None:
    table = """
        | F | inntekt | → prøve | hjemmel |
        |   | < 10    | 1       | {0}     |
        |   | > 20    | 2       | § 2     |
        |   | -       | 1       | § 3     |
    """
    assert told(table.format("§ 3")) == [
        ("needless-row", "row 1 of 'prøve' changes nothing: row 3 says the same of all it matches")
    ]
    assert told(table.format("§ 1")) == []


@pytest.mark.parametrize(
    ("rows", "told_as"),
    [
        # one row broadened: told once, at that row, however many it meets
        (
            "|   | - | - | 1 |\n|   | true | < 20 | 2 |\n|   | true | >= 20 | 3 |",
            [
                (
                    "overlap",
                    "row 1 of 'prøve' also matches what rows 2 and 3 match: alene is true, when inntekt below 20 kr/år",
                )
            ],
        ),
        # a value written twice, so that another is missing: one mistake, told once
        (
            "|   | true | < 5 | 1 |\n|   | true | < 5 | 2 |\n|   | - | >= 5 | 3 |",
            [
                (
                    "overlap",
                    (
                        "rows 1 and 2 of 'prøve' both match: alene is true, when inntekt below 5 kr/år; "
                        "and no row decides: alene is false, when inntekt below 5 kr/år"
                    ),
                )
            ],
        ),
        # an interval with a dash, and nothing of the holes that follow from it
        (
            "|   | - | 1-4 | 1 |\n|   | - | < 1 | 2 |\n|   | - | > 4 | 3 |",
            [("dash", "'1-4' is a subtraction: 1 less 4")],
        ),
        (
            "|   | false | - | 1 |\n|   | true | [20..10] | 2 |\n|   | true | > 20 | 3 |",
            [
                (
                    "never-matches",
                    (
                        "row 2 of 'prøve' can never match: inntekt is never [20..10]; "
                        "and no row decides: alene is true, when inntekt at most 20 kr/år"
                    ),
                )
            ],
        ),
    ],
)
def test_one_mistake_is_told_once(rows: str, told_as: list[tuple[str, str]]) -> None:
    assert told(f"| U | alene | inntekt | → prøve |\n{rows}") == told_as


def test_rows_after_one_that_takes_all_are_told_together() -> None:
    assert told("""
        | F | alene | inntekt | → prøve |
        |   | -     | -       | 1       |
        |   | true  | -       | 2       |
        |   | -     | > 20    | 3       |
        |   | -     | -       | 4       |
    """) == [("unreachable", "rows 2 to 4 of 'prøve' are never reached: row 1 takes all they would match")]


def test_the_same_row_twice_says_which_to_remove() -> None:
    table = "| U | alene | → prøve |\n|   | true | 1 |\n|   | true | 1 |\n|   | false | 2 |"
    (found,) = checked(with_table(table))
    assert found.mend == "Remove row 2: it says the same as row 1."


def test_a_hole_that_a_rate_opens_says_from_when() -> None:
    rates = RATES + "    - { from: 2025-08-01, value: 1200, source: lov }\n"
    table = with_table("""
        | U | pris        | → prøve |
        |   | < 1500      | 1       |
        |   | >= makspris | 2       |
    """)
    found = [one.what for one in checked(table, rates=rates) if one.code == "gap"]
    assert found == [
        (
            "no row of 'prøve' decides: pris at least 1 500 kr/måned and below makspris "
            "(from 2024-08-01 until 2025-08-01, by the value of makspris)"
        )
    ]


def test_a_table_that_leans_on_what_cannot_be_read_is_not_judged() -> None:
    table = "| U | antall | → prøve |\n|   | 1 | 1 |\n|   | >= 2 | 2 |"
    rules = with_table(table).replace("calculate:\n", "calculate:\n  antall: { is: 1 + cont(barn) }\n", 1)
    assert [one.code for one in checked(rules) if one.code == "gap"] == []


def test_a_region_of_number_date_enumeration_and_truth_in_words() -> None:
    assert told(
        """
        | U | inntekt          | søknadsdato          | sivilstand | alene | → prøve |
        |   | < 100000         | -                    | -          | -     | 1       |
        |   | >= 150000        | -                    | -          | -     | 2       |
        |   | [100000..150000) | < date("2026-08-01") | -          | -     | 3       |
        |   | [100000..150000) | >= date("2026-08-01") | "gift"    | -     | 4       |
        |   | [100000..150000) | >= date("2026-08-01") | not("gift") | true | 5      |
        """,
        facts=LISTED,
    ) == [
        (
            "gap",
            (
                "no row of 'prøve' decides: inntekt from 100 000 to below 150 000 kr/år, when søknadsdato at least 2026-08-01 "
                'and sivilstand is "skilt" or "ugift" and alene is false'
            ),
        )
    ]
