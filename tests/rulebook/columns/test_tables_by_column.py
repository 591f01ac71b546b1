"""Decision tables by column that once gave another result than the exact evaluator."""

import pytest

from dugnad.rulebook.feel import parse
from dugnad.rulebook.tables import Cell, HitPolicy, Input, Output, Row, Table
from rulebook.columns.alike import NAMES, Run, compare_table, in_duckdb, people

PEOPLE = people(200, seed=17)


@pytest.fixture(scope="module")
def run() -> Run:
    return in_duckdb(PEOPLE)


def table(policy: str, inputs: list[str], outputs: list[Output], rows: list[tuple[str, ...]]) -> Table:
    heads = tuple(Input(text, parse(text, names=NAMES, dialect="dugnad")) for text in inputs)
    width = len(inputs)
    cells = [tuple(map(Cell, row)) for row in rows]
    made = tuple(Row(row[:width], row[width:]) for row in cells)
    return Table(heads, tuple(outputs), made, HitPolicy.named(policy))


ONE = [Output("o")]
TABLES = {
    "no row counts nothing, but a default stands": table(
        "C#", ["yes"], [Output("o", default=Cell("7"))], [("true", "0")]
    ),
    "a default of added rows": table(
        "C+", ["word"], [Output("o", default=Cell("7"))], [('"a"', "1"), ('"b"', "n")]
    ),
    "the least where one is null": table("C<", ["yes"], ONE, [("-", "n"), ("true", "sum(folk.sum)")]),
    "a null is added": table("C+", ["yes"], ONE, [("true", "sum(folk.sum)"), ("false", "1")]),
    "an error in the output nobody reads": table(
        "U", ["yes"], [Output("o"), Output("other")], [("true", "1", "n / whole"), ("false", "2", "3")]
    ),
    "an error in a row that may or may not match": table(
        "U", ["n", "yes"], ONE, [("< 0", "true", "1 / whole"), ("-", "-", "2")]
    ),
    "a value the table does not provide for": Table(
        (Input("word", parse("word", names=NAMES), Cell('"a", "b"')),),
        (Output("o"),),
        (Row((Cell("-"),), (Cell("1"),)),),
    ),
    "the better of two rows": table(
        "P",
        ["yes", "no"],
        [Output("o", Cell("2, 1"))],
        [("true", "-", "1"), ("-", "true", "2"), ("-", "-", "1")],
    ),
    "a cell that looks in its input": table(
        "F",
        ["words"],
        ONE,
        [('"a" in ?', "1"), ('not("b" in ?)', "2"), ("count(?) in [2..3]", "3"), ("-", "4")],
    ),
    "the same twice is no overlap": table("A", ["yes", "no"], ONE, [("true", "-", "n"), ("-", "true", "n")]),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_same_as_the_exact_evaluator_or_a_doubt(name: str, run: Run) -> None:
    result = compare_table(TABLES[name], PEOPLE, run)
    assert result.agreed > 10
