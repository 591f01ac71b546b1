"""What the check says of a table is what the evaluator does: random tables, random inputs, brute force."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, product
from math import prod
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook.checks.tables import Domain, judge
from dugnad.rulebook.checks.tables.judging import Context, Judged
from dugnad.rulebook.checks.tables.regions.axis import point
from dugnad.rulebook.checks.tables.regions.spans import holds
from dugnad.rulebook.feel import parse
from dugnad.rulebook.feel.values import Months
from dugnad.rulebook.tables import Cell, HitPolicy, Input, Output, Row, Table, compile_table

NUMBERS = [Decimal(text) for text in ("-1", "0", "0.5", "1", "1.5", "2", "3", "3.5", "4", "7")]
TEXTS = ["", "a", "b", "c", "aa", "z"]
DAYS = [date(2026, 1, day) for day in (1, 2, 3, 5, 9)]
MOMENTS = [datetime(2026, 1, day, hour, tzinfo=UTC) for day in (1, 2) for hour in (0, 9, 23)]
TIMES = [time(hour, minute) for hour in (0, 8, 23) for minute in (0, 30)]
LENGTHS = [timedelta(days=days, hours=hours) for days in (-1, 0, 2) for hours in (0, 12)]
MONTHS = [Months(months) for months in (-1, 0, 1, 12, 13)]
VALUES: dict[str, list[Any]] = {
    "moment": MOMENTS,
    "time": TIMES,
    "length": LENGTHS,
    "months": MONTHS,
    "one of": ["a", "b", "c"],
    "number": NUMBERS,
    "string": TEXTS,
    "boolean": [True, False],
    "date": DAYS,
    "count": [Decimal(number) for number in range(-2, 8)],
    "maybe": NUMBERS,
}
DOMAINS = {
    "moment": Domain("date and time"),
    "time": Domain("time"),
    "length": Domain("days and time duration"),
    "months": Domain("years and months duration"),
    "one of": Domain("string", values=("a", "b", "c")),
    "number": Domain("number", unit="kr"),
    "string": Domain("string"),
    "boolean": Domain("boolean"),
    "date": Domain("date"),
    "count": Domain("number", whole=True, low=Decimal(0), high=Decimal(5)),
    "maybe": Domain("number", unit="kr", nullable=True),
}


WRITTEN: dict[type, Callable[[Any], str]] = {
    bool: lambda value: str(value).lower(),
    str: '"{}"'.format,
    datetime: lambda value: f'date and time("{value.strftime("%Y-%m-%dT%H:%M:%SZ")}")',
    date: 'date("{}")'.format,
    time: 'time("{}")'.format,
    timedelta: lambda value: f'duration("PT1H") * {int(value.total_seconds() // 3600)}',
    Months: lambda value: f'duration("P1M") * {value.months}',
}


def written(value: Any) -> str:
    return WRITTEN.get(type(value), str)(value)


@st.composite
def simple(draw: st.DrawFn, kind: str) -> str:
    value = written(draw(st.sampled_from(VALUES[kind])))
    if kind == "one of":
        return draw(st.sampled_from([value, f"!= {value}", f'? in ({value}, "c")']))
    if kind == "maybe" and draw(st.integers(0, 3)) == 0:
        return "null"
    if kind == "boolean":
        return value
    ways = [
        "{0}",
        "< {0}",
        "<= {0}",
        "> {0}",
        ">= {0}",
        "!= {0}",
        "range",
        "? > {0}",
        "? between {0} and {1}",
    ]
    way = draw(st.sampled_from(ways))
    other = written(draw(st.sampled_from(VALUES[kind])))
    if way == "range":
        if kind not in (
            "string",
            "number",
            "date",
            "count",
        ):  # backwards it is an error, which stops the decision
            known = {written(one): one for one in VALUES[kind]}
            value, other = sorted((value, other), key=lambda one: point(known[one]))
        low, high = draw(st.sampled_from(["[]", "()", "[)", "(]"]))
        return f"{low}{value}..{other}{high}"
    return way.format(value, other)


@st.composite
def cell(draw: st.DrawFn, kind: str) -> str:
    if draw(st.integers(0, 3)) == 0:
        return "-"
    tests = ", ".join(draw(st.lists(simple(kind), min_size=1, max_size=2)))
    return f"not({tests})" if draw(st.integers(0, 4)) == 0 else tests


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, list[str]]:
    kinds = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=3))
    rows = draw(st.lists(st.tuples(*(cell(kind) for kind in kinds)), min_size=1, max_size=5))
    names = [f"x{at}" for at in range(len(kinds))]
    made = Table(
        inputs=tuple(Input(name, parse(name, names=names)) for name in names),
        outputs=(Output("row"),),
        rows=tuple(Row(tuple(map(Cell, row)), (Cell(str(at)),)) for at, row in enumerate(rows)),
        hit_policy=HitPolicy.UNIQUE,
    )
    return made, kinds


def judged(table: Table, kinds: list[str]) -> Judged:
    context = Context(frozenset(one.label for one in table.inputs), [DOMAINS[kind] for kind in kinds])
    found = judge(table, context, gaps=10_000, overlaps=10_000)
    assert not found.unjudged
    assert not found.more
    return found


def matching(table: Table, values: dict[str, Any]) -> list[int]:
    """Ask the evaluator itself which rows match, one row at a time."""
    return [
        at
        for at, row in enumerate(table.rows)
        if compile_table(replace(table, rows=(row,)), names=set(values))(values) is not None
    ]


def inputs(table: Table, kinds: list[str], data: st.DataObject) -> dict[str, Any]:
    possible = {
        kind: [v for v in values if kind != "count" or 0 <= v <= 5] for kind, values in VALUES.items()
    } | {"maybe": [*NUMBERS, None]}
    drawn = [data.draw(st.sampled_from(possible[kind])) for kind in kinds]
    return dict(zip((one.label for one in table.inputs), drawn, strict=True))


def in_gap(found: Judged, values: dict[str, Any]) -> bool:
    regions = [axis.region(values[axis.label]) for axis in found.axes]
    return any(
        all(at is not None and holds(spans, at) for at, spans in zip(regions, gap, strict=True))
        for gap in found.gaps
    )


@given(tables(), st.data())
@settings(max_examples=70, deadline=None)
def test_an_input_lies_in_a_gap_exactly_where_no_row_matches(
    made: tuple[Table, list[str]], data: st.DataObject
) -> None:
    table, kinds = made
    found = judged(table, kinds)
    for _ in range(5):
        values = inputs(table, kinds, data)
        assert in_gap(found, values) is (matching(table, values) == [])


@given(tables())
@settings(max_examples=60, deadline=None)
def test_every_gap_has_an_input_that_no_row_takes(made: tuple[Table, list[str]]) -> None:
    table, kinds = made
    found = judged(table, kinds)
    for gap in found.gaps:
        values = {axis.label: axis.example(spans) for axis, spans in zip(found.axes, gap, strict=True)}
        assert matching(table, values) == []


@given(tables(), st.data())
@settings(max_examples=70, deadline=None)
def test_two_rows_overlap_exactly_where_some_input_matches_both(
    made: tuple[Table, list[str]], data: st.DataObject
) -> None:
    table, kinds = made
    found = judged(table, kinds)
    pairs = {(one.first, one.second) for one in found.overlaps}
    for one in found.overlaps:
        values = {axis.label: axis.example(spans) for axis, spans in zip(found.axes, one.where, strict=True)}
        assert {one.first, one.second} <= set(matching(table, values))
        assert one.certain
    for _ in range(5):
        rows = matching(table, inputs(table, kinds, data))
        assert {(a, b) for a in rows for b in rows if a < b} <= pairs


@given(tables(), st.data())
@settings(max_examples=70, deadline=None)
def test_a_masked_row_never_decides(made: tuple[Table, list[str]], data: st.DataObject) -> None:
    table, kinds = made
    first = replace(table, hit_policy=HitPolicy.FIRST)
    found = judged(first, kinds)
    silent = {row for row, _ in found.never} | set(found.masked)
    for _ in range(5):
        rows = matching(table, inputs(table, kinds, data))
        assert not rows or rows[0] not in silent


@given(tables(), st.data())
@settings(max_examples=50, deadline=None)
def test_by_priority_a_masked_row_never_decides(made: tuple[Table, list[str]], data: st.DataObject) -> None:
    table, kinds = made
    order = data.draw(st.permutations(range(len(table.rows))))
    ranked = replace(
        table,
        hit_policy=HitPolicy.PRIORITY,
        outputs=(Output("row", values=Cell(", ".join(map(str, order)))),),
    )
    found = judged(ranked, kinds)
    silent = {row for row, _ in found.never} | set(found.masked)
    for _ in range(4):
        values = inputs(table, kinds, data)
        rows = matching(table, values)
        decided = compile_table(ranked, names=set(values))(values)
        assert decided == (min(rows, key=order.index) if rows else None)
        assert decided not in silent


@given(tables())
@settings(max_examples=30, deadline=None)
def test_a_row_decides_somewhere_exactly_where_it_is_not_masked(made: tuple[Table, list[str]]) -> None:
    table, kinds = made
    found = judged(replace(table, hit_policy=HitPolicy.FIRST), kinds)
    regions = [
        [((at, at),) for span in axis.everything for at in range(span[0], span[1] + 1)] for axis in found.axes
    ]
    names = [axis.label for axis in found.axes]
    rows = [compile_table(replace(table, rows=(row,)), names=names) for row in table.rows]
    deciding = set()
    for place in islice(product(*regions), 300):
        values = {axis.label: axis.example(spans) for axis, spans in zip(found.axes, place, strict=True)}
        deciding |= {next((at for at, row in enumerate(rows) if row(values) is not None), None)}
    silent = {row for row, _ in found.never} | set(found.masked)
    assert not deciding & silent
    if prod(map(len, regions)) <= 300:
        assert deciding | silent >= set(range(len(rows)))


@given(tables(), st.data(), st.sampled_from([HitPolicy.FIRST, HitPolicy.ANY]))
@settings(max_examples=60, deadline=None)
def test_without_a_needless_row_everything_is_decided_as_before(
    made: tuple[Table, list[str]], data: st.DataObject, policy: HitPolicy
) -> None:
    table, kinds = made
    outputs = data.draw(st.lists(st.sampled_from("ab"), min_size=len(table.rows), max_size=len(table.rows)))
    rows = tuple(Row(row.inputs, (Cell(f'"{one}"'),)) for row, one in zip(table.rows, outputs, strict=True))
    whole = replace(table, rows=rows, hit_policy=policy)
    for row in judged(whole, kinds).needless:
        less = replace(whole, rows=(*rows[:row], *rows[row + 1 :]))
        for _ in range(3):
            values = inputs(table, kinds, data)
            assert compile_table(less, names=set(values))(values) == compile_table(whole, names=set(values))(
                values
            )
