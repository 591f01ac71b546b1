"""Tables of thousands of rows are judged in full; what is too much is said, and never crashes."""

import pytest

from dugnad.rulebook.checks.tables import judge
from dugnad.rulebook.checks.tables.judging import Context, Judged
from dugnad.rulebook.rules.tabular import read_table

ROWS = 4000


def judged(head: str, rows: list[str]) -> Judged:
    text = "\n".join([f"| {head} | x | y | z | → u |", *(f"| | {row} |" for row in rows)])
    names = frozenset("xyz")
    return judge(read_table(text, name="t", law="", names=names), Context(names))


def test_a_hole_of_one_in_thousands_of_intervals_is_found() -> None:
    rows = [f"[{at * 10}..{at * 10 + 9}] | - | - | {at}" for at in range(ROWS) if at != 77]
    found = judged("U", [*rows, "< 0 | - | - | 0", f">= {ROWS * 10} | - | - | 0"])
    (gap,) = found.gaps
    assert [str(axis.example(spans)) for axis, spans in zip(found.axes[:1], gap[:1], strict=True)] == ["770"]
    assert not found.unjudged


def test_a_hole_in_a_grid_of_two_columns_is_found() -> None:
    side = 70
    rows = [f"{x} | {y} | - | {x}" for x in range(side) for y in range(side) if (x, y) != (33, 44)]
    around = [
        f"{x} | {y} | - | 0"
        for x, y in (("< 0", "-"), (">= 70", "-"), ("[0..69]", "< 0"), ("[0..69]", ">= 70"))
    ]
    found = judged("U", [*rows, *around])
    (gap,) = found.gaps
    assert not found.overlaps
    assert not found.unjudged
    assert [axis.example(spans) for axis, spans in zip(found.axes[:2], gap[:2], strict=True)] == [33, 44]


@pytest.mark.parametrize("other", ["-", "> 3"])
def test_a_row_never_reached_among_thousands_is_found(other: str) -> None:
    rows = [f"[{at * 10}..{at * 10 + 9}] | {other} | - | {at}" for at in range(ROWS)]
    found = judged("F", [*rows, "45 | 5 | - | 1", "- | - | - | 0"])
    assert found.masked == {ROWS: (4,)}
    assert not found.unjudged


def test_nested_limits_are_judged_on_the_one_axis_they_speak_of() -> None:
    found = judged("F", [f">= {ROWS - at} | - | - | {at}" for at in range(ROWS)] + ["- | - | - | 0"])
    assert not found.unjudged
    assert not found.masked


def test_more_names_than_anyone_oversees_are_refused_before_the_work_grows() -> None:
    found = judged("F", [f"y + {at} | > z * {at} | - | {at}" for at in range(2000)])
    assert found.unjudged == ("its cells compare their inputs with more than 60 different things",)
