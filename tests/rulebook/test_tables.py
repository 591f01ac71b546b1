"""Decision tables: hit policies of DMN 1.5, 8.2.11; undecided rows; the trace."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from feeling import D
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook import (
    Cell,
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
    unknown,
)

NAMES = ("x", "y", "barn nr.", "rabatt barn nr. 2")


def table(
    policy: str,
    inputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    outputs: Sequence[Output] = (Output("ut"),),
    **more: Any,
) -> Table:
    width = len(inputs)
    return Table(
        tuple(Input(name, parse(name, names=NAMES)) for name in inputs),
        tuple(outputs),
        tuple(
            Row(
                tuple(map(Cell, row[:width])),
                tuple(map(Cell, row[width : width + len(outputs)])),
                {"hjemmel": f"§ {at}"},
            )
            for at, row in enumerate(rows, 1)
        ),
        HitPolicy.named(policy),
        **more,
    )


def run(made: Table, **values: Value) -> tuple[Value, list[str]]:
    recorder = Recorder()
    result = compile_table(made, names=NAMES)(values, recorder)
    return result, [item.code for item in recorder.diagnostics]


SIBLINGS = table(
    "U", ["barn nr."], [["1", "0 %"], ["2", "rabatt barn nr. 2"], [">= 3", "100 %"]], name="søskenrabatt"
)


@pytest.mark.parametrize(("number", "discount"), [(1, D(0)), (2, D("0.3")), (3, D(1)), (7, D(1))])
def test_sibling_discount_of_section_3a(number: int, discount: Value) -> None:
    values = {"barn nr.": D(number), "rabatt barn nr. 2": D("0.3")}
    assert run(SIBLINGS, **values) == (discount, [])


OVERLAPPING = [["> 1", '"a"'], ["> 2", '"b"'], ["> 3", '"a"']]


@pytest.mark.parametrize(
    ("policy", "value", "codes"),
    [
        ("U", None, ["overlap"]),
        ("A", None, ["overlap"]),
        ("F", "a", []),
        ("R", ["a", "b", "a"], []),
        ("C", ["a", "b", "a"], []),
        ("C#", D(3), []),
        ("RULE ORDER", ["a", "b", "a"], []),
    ],
)
def test_rows_that_match_at_once(policy: str, value: Value, codes: list[str]) -> None:
    assert run(table(policy, ["x"], OVERLAPPING), x=D(9)) == (value, codes)


def test_any_accepts_rows_that_agree() -> None:
    assert run(table("A", ["x"], [["> 1", "5"], ["> 2", "5.0"]]), x=D(9)) == (D(5), [])


@pytest.mark.parametrize(("policy", "value"), [("C+", D(9)), ("C<", D(2)), ("C>", D(4))])
def test_collect_with_aggregation(policy: str, value: Value) -> None:
    assert run(table(policy, ["x"], [["> 1", "3"], ["> 2", "4"], ["> 3", "2"], ["> 99", "100"]]), x=D(9)) == (
        value,
        [],
    )


RANKED = (Output("ut", Cell('"høy", "middels", "lav"')),)
LEVELS = [["> 1", '"lav"'], ["> 2", '"høy"'], ["> 3", '"middels"']]


def test_priority_and_output_order_follow_the_list_of_output_values() -> None:
    assert run(table("P", ["x"], LEVELS, RANKED), x=D(9)) == ("høy", [])
    assert run(table("P", ["x"], LEVELS, RANKED), x=D(2)) == ("lav", [])
    assert run(table("O", ["x"], LEVELS, RANKED), x=D(9)) == (["høy", "middels", "lav"], [])


def test_no_row_is_null_and_told_unless_there_is_a_default() -> None:
    assert run(table("U", ["x"], [["1", "5"]]), x=D(2)) == (None, ["no-row"])
    assert run(table("U", ["x"], [["1", "5"]], (Output("ut", default=Cell("7")),)), x=D(2)) == (D(7), [])


def test_several_outputs_make_a_context() -> None:
    made = table("U", ["x"], [["1", "true", '"§ 1"'], ["-", "false", "x"]], (Output("ja"), Output("hvorfor")))
    assert run(made, x=D(3)) == ({"ja": False, "hvorfor": D(3)}, [])


U = unknown("y")


@pytest.mark.parametrize(
    ("policy", "rows", "value"),
    [
        ("U", [["1", "1", "5"], ["2", "-", "6"]], D(6)),  # x = 2 settles it
        ("U", [["2", "1", "5"], ["2", "> 1", "6"]], U),
        ("F", [["2", "1", "5"], ["2", "-", "6"]], U),  # the row before may match
        ("F", [["2", "1", "6"], ["2", "-", "6"]], D(6)),  # and would say the same
        ("F", [["2", "-", "6"], ["2", "1", "5"]], D(6)),  # the row after does not matter
        ("A", [["2", "1", "6"], ["2", "-", "6"]], D(6)),
        ("C", [["2", "1", "6"], ["2", "-", "6"]], U),
        ("C#", [["2", "1", "6"], ["2", "-", "6"]], U),
        ("U", [["2", "is unknown", "5"], ["2", "is known", "6"]], D(5)),
    ],
)
def test_undecided_rows(policy: str, rows: list[list[str]], value: Value) -> None:
    assert run(table(policy, ["x", "y"], rows), x=D(2), y=U) == (value, [])


@pytest.mark.parametrize(("certain", "value"), [('"høy"', "høy"), ('"lav"', U)])
def test_under_priority_an_undecided_row_matters_only_if_it_could_win(certain: str, value: Value) -> None:
    rows = [["2", "1", '"middels"'], ["2", "-", certain]]
    assert run(table("P", ["x", "y"], rows, RANKED), x=D(2), y=U) == (value, [])


def test_all_undecided_rows_may_agree_with_the_default() -> None:
    made = table("F", ["y"], [["1", "5"]], (Output("ut", default=Cell("5")),))
    assert run(made, y=U) == (D(5), [])


def test_a_cell_that_cannot_be_tested_is_told() -> None:
    assert run(table("F", ["x"], [["> 1", "5"], ["-", "6"]]), x="ni") == (D(6), ["type-mismatch"])


def test_every_mistake_is_told_at_once_with_its_place_in_the_file() -> None:
    made = Table(
        (Input("x", parse("x", names=NAMES)),),
        (Output("ut"),),
        (
            Row((Cell("> (", 100),), (Cell("5", 110),)),
            Row((Cell("1", 200),), (Cell("rabat barn nr. 2", 210),)),
        ),
    )
    with pytest.raises(TableError) as wrong:
        compile_table(made, names=NAMES)
    assert [(at.row, at.column, at.error.start) for at in wrong.value.problems] == [(1, 0, 103), (2, 1, 210)]
    assert wrong.value.problems[1].error.suggestion == "rabatt barn nr. 2"


@pytest.mark.parametrize(
    "made",
    [
        table("P", ["x"], [["1", "2"]]),
        table("C+", ["x"], [["1", "2", "3"]], (Output("a"), Output("b"))),
        Table((), (Output("a"),), (Row((Cell("1"),), (Cell("1"),)),)),
        Table((), (), ()),
    ],
)
def test_a_malformed_table_is_refused(made: Table) -> None:
    with pytest.raises(TableError):
        compile_table(made)


def test_the_trace_tells_rows_cells_and_law() -> None:
    made = table(
        "F",
        ["x", "y"],
        [["> 5", "-", "1"], ["2", "1", "2"], ["-", "-", "3"], ["-", "-", "4"]],
        name="n",
        law="§ 9",
    )
    recorder = Recorder()
    recorder.enter("barn 1")
    compile_table(made, names=NAMES)({"x": D(2), "y": D(2)}, recorder)
    recorder.leave()
    (group,) = json.loads(json.dumps(recorder.as_data()))
    (record,) = group["records"]
    assert group["group"] == "barn 1"
    assert (record["name"], record["law"], record["matched"]) == ("n", "§ 9", [3])
    assert (record["output"], record["outcome"], record["inputs"]) == ("3", "computed", {"x": "2", "y": "2"})
    assert [row["outcome"] for row in record["rows"]] == ["not fulfilled", "not fulfilled", "fulfilled"]
    assert [cell["outcome"] for cell in record["rows"][0]["cells"]] == ["not fulfilled", "not read"] or [
        cell["outcome"] for cell in record["rows"][0]["cells"]
    ] == ["not fulfilled", "fulfilled"]
    assert [cell["outcome"] for cell in record["rows"][1]["cells"]] == ["fulfilled", "not fulfilled"]
    assert record["rows"][2]["annotations"] == {"hjemmel": "§ 3"}


def test_diagnostics_belong_to_the_record_they_came_with() -> None:
    recorder = Recorder()
    good, bad = table("F", ["x"], [["-", "1"]]), table("F", ["x"], [["-", "1 / 0"]])
    for made in (good, bad, good):
        compile_table(made, names=NAMES)({"x": D(1)}, recorder)
    assert [[item["code"] for item in record["diagnostics"]] for record in recorder.as_data()] == [
        [],
        ["division-by-zero"],
        [],
    ]


TESTS = st.sampled_from(["-", "< 3", ">= 3", "[1..4)", "]2..5]", "1", "2, 4", "not(3)", "-1", "not(< 2)"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(TESTS, TESTS), min_size=8, max_size=14),
    st.integers(-2, 6),
    st.integers(-2, 6),
    st.booleans(),
)
def test_an_indexed_table_decides_as_a_row_by_row_one(
    cells: list[tuple[str, str]],
    x: int,
    y: int,
    first: bool,  # noqa: FBT001 - drawn
) -> None:
    rows = [[left, right, str(at)] for at, (left, right) in enumerate(cells)]
    made = table("F" if first else "C", ["x", "y"], rows)
    values = {"x": D(x), "y": D(y) / 2}
    indexed = compile_table(made, names=NAMES)
    plain = compile_table(made, names=NAMES)
    plain._index, plain._tests_after_index = None, plain._tests
    assert indexed(values) == plain(values)
    recorders = [Recorder(), Recorder()]
    indexed(values, recorders[0])
    plain(values, recorders[1])
    assert recorders[0].as_data()[0]["matched"] == recorders[1].as_data()[0]["matched"]


def test_a_table_of_texts_is_indexed_and_answers_all_the_same() -> None:
    rows = [[f'"{letter}"', f"{at}"] for at, letter in enumerate("abcdefghij")] + [['not("a","b")', "99"]]
    made = compile_table(table("C", ["x"], rows), names=NAMES)
    assert made._index is not None
    assert [made({"x": letter}) for letter in "aj"] == [[D(0)], [D(9), D(99)]]
    assert made({"x": "k"}) == [D(99)]
    assert made({"x": U}) == U


def test_a_table_of_ten_thousand_rows_looks_at_one() -> None:
    rows = [[f"{at}", "-" if at % 2 else "1", f"{at}"] for at in range(10_000)]
    made = compile_table(table("U", ["x", "y"], rows), names=NAMES)
    recorder = Recorder()
    assert made({"x": D("7777.0"), "y": D(3)}, recorder) == D(7777)
    assert len(recorder.records[0][1][1]) == 1
    assert made({"x": D(6), "y": D(3)}) is None
    assert made({"x": D(-6), "y": D(3)}) is None


@pytest.mark.parametrize(("value", "given"), [("a", 1), ("b", 2), ("c", 3), ("z", 4)])
def test_texts_are_ordered_alike_in_every_run(value: str, given: int) -> None:
    """Also where an index finds the row: it must not lean on how texts are hashed in this process."""
    rows = [['< "b"', "1"], ['"b"', "2"], ['"c"', "3"], ['> "m"', "4"]]
    assert compile_table(table("F", ["x"], rows))({"x": value}, Recorder()) == given
