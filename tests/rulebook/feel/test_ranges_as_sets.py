"""Ranges are sets of points, a sorted list keeps what it does not order: both told another way, and compared."""

from decimal import Decimal

import pytest
from feel_runs import D, evaluate, evaluated
from hypothesis import given
from hypothesis import strategies as st

from dugnad.rulebook import Range, unknown

POINTS = [D(at) / 4 for at in range(41)]
"""Quarters from 0 to 10; ends of ranges are whole numbers from 2 to 8, so that something lies beyond and between."""


def held(interval: Range) -> set[Decimal]:
    def inside(point: Decimal) -> bool:
        above = (
            interval.low is None or interval.low < point or (interval.low_included and interval.low == point)
        )
        below = (
            interval.high is None
            or point < interval.high
            or (interval.high_included and interval.high == point)
        )
        return above and below

    return {point for point in POINTS if inside(point)}


@st.composite
def ranges(draw: st.DrawFn) -> tuple[str, Range]:
    low, high = sorted(draw(st.tuples(st.integers(2, 8), st.integers(2, 8))))
    start, end = draw(st.booleans()), draw(st.booleans())
    kind = draw(st.sampled_from(["both", "low", "high"]))
    if kind == "low":
        return f"({'>=' if start else '>'} {low})", Range(D(low), None, start, high_included=False)
    if kind == "high":
        return f"({'<=' if end else '<'} {high})", Range(None, D(high), low_included=False, high_included=end)
    if low == high:
        start = end = True  # anything else holds nothing
    return f"{'[' if start else '('}{low}..{high}{']' if end else ')'}", Range(D(low), D(high), start, end)


def gives(call: str) -> bool:
    value, codes = evaluated(call)
    assert codes == []
    assert type(value) is bool
    return value


@given(ranges(), ranges())
def test_two_ranges_are_compared_as_sets(left: tuple[str, Range], right: tuple[str, Range]) -> None:
    (a, first), (b, second) = left, right
    one, other = held(first), held(second)
    before = all(x < y for x in one for y in other)
    assert gives(f"before({a}, {b})") == gives(f"after({b}, {a})") == before
    assert gives(f"overlaps({a}, {b})") == bool(one & other)
    assert gives(f"includes({a}, {b})") == gives(f"during({b}, {a})") == (one >= other)
    assert gives(f"coincides({a}, {b})") == (one == other)
    starts = min(one) == min(other) and one <= other and first.low is not None
    finishes = max(one) == max(other) and one <= other and first.high is not None
    if first.low is not None and second.low is not None:
        assert gives(f"starts({a}, {b})") == gives(f"started by({b}, {a})") == starts
    if first.high is not None and second.high is not None:
        assert gives(f"finishes({a}, {b})") == gives(f"finished by({b}, {a})") == finishes
    meets = max(one) == min(other) and first.high is not None and second.low is not None
    assert gives(f"meets({a}, {b})") == gives(f"met by({b}, {a})") == meets
    begins_first = min(one) < min(other) or (first.low is None and second.low is not None)
    ends_within = max(one) <= max(other) and not (first.high is None and second.high is not None)
    assert gives(f"overlaps before({a}, {b})") == (begins_first and bool(one & other) and ends_within)
    assert gives(f"overlaps after({b}, {a})") == gives(f"overlaps before({a}, {b})")


@given(st.sampled_from(POINTS), ranges())
def test_a_point_and_a_range_are_compared_as_sets(point: Decimal, other: tuple[str, Range]) -> None:
    text, interval = other
    there = held(interval)
    assert gives(f"{point} in {text}") == gives(f"includes({text}, {point})") == (point in there)
    assert gives(f"during({point}, {text})") == (point in there)
    assert (
        gives(f"before({point}, {text})")
        == gives(f"before(point: {point}, range: {text})")
        == (point < min(there))
    )
    assert gives(f"after({point}, {text})") == (point > max(there))
    assert (
        gives(f"before({text}, {point})")
        == gives(f"before(range: {text}, point: {point})")
        == (max(there) < point)
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1000)), max_size=60))
def test_sorting_keeps_the_order_of_what_it_does_not_order(pairs: list[tuple[int, int]]) -> None:
    items = [{"a": D(a), "b": D(b)} for a, b in pairs]
    found = evaluate("sort(items, function(x, y) x.a < y.a)", {"items": items})
    assert found == sorted(items, key=lambda item: item["a"])
    assert evaluate("sort(items)", {"items": [item["b"] for item in items]}) == sorted(
        item["b"] for item in items
    )


@pytest.mark.parametrize("precedes", ["null", "1", '"x"', "x < null"])
def test_an_order_that_is_neither_true_nor_false_is_null_and_told(precedes: str) -> None:
    value, codes = evaluated(f"sort([2, 1], function(x, y) {precedes})")
    assert value is None
    assert codes[-1] in ("type-mismatch", "null-operand")


def test_an_order_nobody_knows_yet_leaves_the_list_unknown() -> None:
    items = [{"a": unknown("alder")}, {"a": D(1)}]
    assert evaluate("sort(items, function(x, y) x.a < y.a)", {"items": items}) == unknown("alder")
