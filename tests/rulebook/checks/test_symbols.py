"""Names in cells: what is said of them holds whatever they stand for, and only what can be is said."""

from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook.checks.tables import judge
from dugnad.rulebook.checks.tables.judging import Context, Judged
from dugnad.rulebook.checks.tables.regions.axis import Domain, Related
from dugnad.rulebook.checks.tables.regions.spans import holds
from dugnad.rulebook.feel import parse
from dugnad.rulebook.tables import Cell, HitPolicy, Input, Output, Row, Table, compile_table

NAMES = frozenset({"x", "a", "b"})
VALUES = [Decimal(number) for number in range(5)]


@st.composite
def question(draw: st.DrawFn) -> str:
    op = draw(st.sampled_from(["", "< ", "<= ", "> ", ">= ", "!= ", "range"]))
    one, other = draw(st.tuples(*[st.sampled_from(["a", "b", "2", "3"])] * 2))
    return f"[{one}..{other})" if op == "range" else f"{op}{one}"


@st.composite
def tables(draw: st.DrawFn) -> Table:
    cells = st.one_of(
        question(),
        st.lists(question(), min_size=2, max_size=2).map(", ".join),
        question().map("not({})".format),
    )
    rows = draw(st.lists(cells, min_size=1, max_size=3))
    return Table(
        inputs=(Input("x", parse("x", names=NAMES)),),
        outputs=(Output("row"),),
        rows=tuple(Row((Cell(cell),), (Cell(str(at)),)) for at, cell in enumerate(rows)),
        hit_policy=HitPolicy.UNIQUE,
    )


def judged(table: Table, bounds: tuple[Decimal | None, Decimal | None] = (None, None)) -> Judged:
    context = Context(NAMES, [Domain("number", unit="kr")], bounds=lambda _name: bounds)
    found = judge(table, context, gaps=1000, overlaps=1000)
    assert not found.unjudged
    return found


def matching(table: Table, values: dict[str, Any]) -> list[int]:
    rows = [Table(table.inputs, table.outputs, (row,), HitPolicy.UNIQUE) for row in table.rows]
    return [at for at, row in enumerate(rows) if compile_table(row, names=NAMES)(values) is not None]


def region(axis: Any, values: dict[str, Any]) -> int:
    if isinstance(axis, Related):
        stands = (values["x"] > values[axis.other]) - (values["x"] < values[axis.other])
        return stands + 1 if axis.ordered else int(stands == 0)
    return int(axis.region(values["x"]))


def covered(found: Judged, values: dict[str, Any]) -> bool:
    return any(
        all(holds(spans, region(axis, values)) for axis, spans in zip(found.axes, gap, strict=True))
        for gap in found.gaps
    )


@given(tables())
@settings(max_examples=40, deadline=None)
def test_an_input_lies_in_a_gap_exactly_where_no_row_matches_whatever_the_names_are(table: Table) -> None:
    found = judged(table)
    pairs = {(one.first, one.second) for one in found.overlaps}
    certain = {(one.first, one.second) for one in found.overlaps if one.certain}
    for a, b in product(VALUES[::2], repeat=2):
        met: set[tuple[int, int]] = set()
        for x in [*VALUES, Decimal("2.5"), Decimal(-1), Decimal(9)]:
            values = {"x": x, "a": a, "b": b}
            rows = matching(table, values)
            if not _backwards(table, values):
                assert covered(found, values) is (rows == [])
            met |= {(first, second) for first in rows for second in rows if first < second}
        assert met <= pairs
    assert certain <= pairs


def _backwards(table: Table, values: dict[str, Any]) -> bool:
    """An interval that ends before it begins is an error, and matches nothing, not even within `not`."""
    for row in table.rows:
        for part in row.inputs[0].text.replace("not(", "").split(", "):
            if part.startswith("["):
                low, high = part.strip("[)").split("..")
                if values.get(low, Decimal(low) if low.isdigit() else 0) > values.get(
                    high, Decimal(high) if high.isdigit() else 0
                ):
                    return True
    return False


@given(tables())
@settings(max_examples=40, deadline=None)
def test_what_the_bounds_of_a_name_exclude_is_not_said(table: Table) -> None:
    free, bounded = judged(table), judged(table, (Decimal(3), Decimal(4)))

    assert set(bounded.gaps) <= set(free.gaps)
    assert {(one.first, one.second) for one in bounded.overlaps} <= {
        (one.first, one.second) for one in free.overlaps
    }
    for a, b, x in product([Decimal(3), Decimal(4)], [Decimal(3), Decimal(4)], [*VALUES, Decimal("3.5")]):
        values = {"x": x, "a": a, "b": b}
        if not _backwards(table, values):
            assert covered(bounded, values) is (matching(table, values) == [])
