"""Large tables: cells read plainly, rows found by index, a bound on the size. Answers stay what they were."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook import (
    Cell,
    CompiledTable,
    FeelSyntaxError,
    HitPolicy,
    Input,
    Output,
    Recorder,
    Row,
    Table,
    TableError,
    Value,
    compile_table,
    parse,
    parse_unary_tests,
)
from dugnad.rulebook.tables import index as indexing
from dugnad.rulebook.tables.plain import plain_output, plain_test
from dugnad.rulebook.tables.prepare import MAX_CELLS

D = Decimal
NAMES = ("x", "y")


def made(rows: Sequence[Sequence[str]], policy: HitPolicy = HitPolicy.COLLECT) -> CompiledTable:
    return compile_table(
        Table(
            tuple(Input(name, parse(name, names=NAMES)) for name in NAMES),
            (Output("ut"),),
            tuple(Row(tuple(map(Cell, row[:2])), (Cell(row[2]),)) for row in rows),
            policy,
        ),
        names=NAMES,
    )


def row_by_row(table: CompiledTable) -> CompiledTable:
    table._index, table._tests_after_index = None, table._tests
    return table


DAY = date(2024, 2, 27)
NUMBERS = [
    "-",
    "< 3",
    ">= 3",
    "[1..4)",
    "]2..5]",
    "1",
    "2, 4",
    "not(3)",
    "-1",
    "not(< 2)",
    "not([0..2], 4)",
    "3, < 1",
    "> y",
]
DAYS = ["-", '@"2024-02-28"', '< @"2024-03-01"', '[@"2024-02-27"..@"2024-03-02")', 'not(@"2024-02-28", > @"2024-03-01")',
        'date("2024-02-29")', '>= date("2024-02-29"), @"2024-02-27"']  # fmt: skip
TEXTS = ["-", '"a"', '"b","c"', 'not("a")', 'not("a","c")']
TRUTHS = ["-", "true", "false", "not(true)"]
COLUMNS: dict[str, tuple[list[str], list[Value]]] = {
    "numbers": (NUMBERS, [D(at) / 2 for at in range(-4, 13)]),
    "days": (DAYS, [DAY + timedelta(days=at) for at in range(-1, 7)]),
    "texts": (TEXTS, ["a", "b", "c", "d", ""]),
    "truths": (TRUTHS, [True, False]),
}


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(sorted(COLUMNS)), st.booleans())
def test_an_index_finds_what_testing_every_row_finds(
    data: st.DataObject,
    kind: str,
    tree: bool,  # noqa: FBT001 - drawn
) -> None:
    cells, values = COLUMNS[kind]
    rows = data.draw(
        st.lists(st.tuples(st.sampled_from(cells), st.sampled_from(NUMBERS)), min_size=6, max_size=12)
    )
    written = [[left, right, str(at)] for at, (left, right) in enumerate(rows)]
    before = indexing.MOST_LISTED
    indexing.MOST_LISTED = 0 if tree else before
    try:
        table = made(written)
    finally:
        indexing.MOST_LISTED = before
    plain = row_by_row(made(written))
    for value in values:
        given_values = {"x": value, "y": D(2)}
        assert table(given_values) == plain(given_values)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from([HitPolicy.COLLECT, HitPolicy.FIRST]))
def test_the_trace_says_the_same_of_every_cell_with_an_index_and_without(
    data: st.DataObject, policy: HitPolicy
) -> None:
    cells = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.just("1"))
    rows = data.draw(st.lists(cells, min_size=5, max_size=9))
    values = {
        "x": data.draw(st.sampled_from([D(0), D(3), D("2.5"), None])),
        "y": D(data.draw(st.integers(0, 4))),
    }
    told = []
    for table in (made(rows, policy), row_by_row(made(rows, policy))):
        recorder = Recorder()
        table(values, recorder)
        told.append(recorder.as_data()[0]["rows"])
    for found, wanted in zip(*told, strict=True):
        assert found["outcome"] == wanted["outcome"]
        pairs = zip(found["cells"], wanted["cells"], strict=True)
        both = [(a["outcome"], b["outcome"]) for a, b in pairs]
        assert all(a == b for a, b in both if "not read" not in (a, b))


def test_a_row_that_names_a_fact_is_tested_and_the_others_still_found_by_index() -> None:
    rows = [[f"[{at * 10}..{at * 10 + 10})", "-", str(at)] for at in range(500)]
    rows[250][0] = "> y"
    recorder = Recorder()
    assert made(rows)({"x": D(4004), "y": D(0)}, recorder) == [D(250), D(400)]
    assert len(recorder.records[0][1][1]) == 2


def test_ranges_of_numbers_and_days_are_found_without_testing_the_rest() -> None:
    numbers = [[f"[{at * 10}..{at * 10 + 10})", "-", str(at)] for at in range(2000)]
    days = [
        [f'[@"{DAY + timedelta(days=at)}"..@"{DAY + timedelta(days=at + 1)}")', "-", str(at)]
        for at in range(2000)
    ]
    for rows, value in ((numbers, D("15004.5")), (days, DAY + timedelta(days=1500))):
        recorder = Recorder()
        assert made(rows, HitPolicy.UNIQUE)({"x": value, "y": D(0)}, recorder) == D(1500)
        assert len(recorder.records[0][1][1]) == 1


def test_two_thousand_nested_limits_are_no_two_million_entries() -> None:
    rows = [[f">= {at}", "-", str(at)] for at in range(2000)]
    table = made(rows)
    assert table({"x": D(3), "y": D(0)}) == [D(0), D(1), D(2), D(3)]


@pytest.mark.parametrize(
    "text",
    ["1", "-1.50", "007", '"ja"', '""', "true", "-", "", "< 3", ">=3.5", "<= -2", "[1..2]", "(1..2)", "]1 .. 2[",
     "[-5..-1)", "( 1..2 ]"],
)  # fmt: skip
def test_a_plain_cell_is_read_as_the_grammar_reads_it(text: str) -> None:
    assert plain_test(text, 0) == parse_unary_tests(text, names=NAMES, dialect="dugnad")


@pytest.mark.parametrize("text", ["1", "-1.50", '"ja"', "true", "false"])
def test_a_plain_output_is_read_as_the_grammar_reads_it(text: str) -> None:
    assert plain_output(text, 0) == parse(text, names=NAMES, dialect="dugnad")


@given(st.text(alphabet='0123456789.-<>=[]()" atrue%', max_size=12))
def test_whatever_is_read_plainly_the_grammar_reads_the_same(text: str) -> None:
    stripped = text.strip()
    found = plain_test(stripped, 0)
    if found is None:
        return
    try:
        assert parse_unary_tests(stripped, names=NAMES, dialect="dugnad") == found
    except FeelSyntaxError as wrong:
        raise AssertionError(stripped) from wrong


def test_more_cells_than_anyone_can_read_are_refused_at_once() -> None:
    row = Row((Cell("1"), Cell("2")), (Cell("3"),))
    head = tuple(Input(name, parse(name, names=NAMES)) for name in NAMES)
    with pytest.raises(TableError, match=str(MAX_CELLS)):
        compile_table(Table(head, (Output("ut"),), (row,) * (MAX_CELLS // 3 + 1)), names=NAMES)


def allowed(inputs: str, outputs: str, policy: HitPolicy = HitPolicy.FIRST) -> CompiledTable:
    return compile_table(
        Table(
            (Input("x", parse("x", names=NAMES), Cell(inputs)),),
            (Output("ut", Cell(outputs)),),
            (Row((Cell("1"),), (Cell("y"),)), Row((Cell("-"),), (Cell('"b"'),))),
            policy,
        ),
        names=NAMES,
    )


@pytest.mark.parametrize(
    ("x", "y", "value", "codes"),
    [
        (D(1), "a", "a", []),
        (D(2), "a", "b", []),
        (D(11), "a", None, ["not-allowed"]),
        (None, "a", None, ["null-operand", "not-allowed"]),
        (D(1), "z", None, ["not-allowed"]),
        (D(1), None, None, []),
    ],
)
def test_what_the_head_allows_is_enforced(x: Value, y: Value, value: Value, codes: list[str]) -> None:
    recorder = Recorder()
    assert allowed("[1..10]", '"a","b"')({"x": x, "y": y}, recorder) == value
    assert [item.code for item in recorder.diagnostics] == codes


def test_ranked_outputs_follow_the_columns_that_say_an_order() -> None:
    rows = [('"nei"', "2"), ('"ja"', "1"), ('"ja"', "2")]
    table = Table(
        (Input("x", parse("x", names=NAMES)),),
        (Output("svar", Cell('"ja","nei"')), Output("nr")),
        tuple(Row((Cell("-"),), (Cell(first), Cell(second))) for first, second in rows),
        HitPolicy.OUTPUT_ORDER,
    )
    assert compile_table(table, names=NAMES)({"x": D(1)}) == [
        {"svar": "ja", "nr": D(1)},
        {"svar": "ja", "nr": D(2)},
        {"svar": "nei", "nr": D(2)},
    ]


def test_a_table_that_never_ends_is_null_and_told() -> None:
    endless = "{f: function(n) f(n + 1), r: f(1)}.r"
    recorder = Recorder()
    assert made([["-", "-", endless]], HitPolicy.FIRST)({"x": D(1), "y": D(1)}, recorder) is None
    assert [item.code for item in recorder.diagnostics] == ["too-deep"]
