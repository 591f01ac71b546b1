"""Numbers beyond 64 bits are divided by way of a float in DuckDB, and still exactly."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from dugnad.rulebook.columns import DUCKDB
from dugnad.rulebook.columns.cells.whole import Int, divide_down, rest

MOST = 10**30
DIVISORS = st.sampled_from([3, 27, 4500, 11 * 10**5, 86_400_000_000_000, 172_800_000_000_000, 10**20 + 39])


@settings(deadline=None)
@given(
    by=DIVISORS,
    quotient=st.integers(-(10**9), 10**9),
    off=st.integers(-3, 3),
    most=st.sampled_from([10**9, 10**12, 10**15]),
)
def test_division_rounds_down_and_tells_what_is_left(by: int, quotient: int, off: int, most: int) -> None:
    value = quotient * by + off
    limit = most * by
    divided, over = _calculated(value, limit, by)
    assert divided == value // by
    assert over == bool(value % by)


@settings(deadline=None)
@given(value=st.integers(-MOST, MOST), by=DIVISORS)
def test_any_value_within_its_bounds(value: int, by: int) -> None:
    divided, over = _calculated(value, MOST, by)
    assert divided == value // by
    assert over == bool(value % by)


def _calculated(value: int, limit: int, by: int) -> tuple[int, bool]:
    number = Int(exp.column("n", quoted=True), -limit, limit, wide=True)
    divisor = Int.of(by, DUCKDB)
    down = DUCKDB.written(divide_down(number, divisor, DUCKDB).sql)
    over = DUCKDB.written(rest(number, divisor, DUCKDB).sql)
    source = f"(SELECT CAST('{value}' AS INT128) AS n)"
    ((quotient, left),) = duckdb.execute(f"SELECT {down}, ({over}) <> 0 FROM {source}").fetchall()
    return quotient, left
