"""Find the rows that can match without testing each: by the column that leaves the fewest.

A column serves when all its cells speak of constants of one type. The constants cut that type's values into
regions
(each constant, and for numbers the gaps between them); within a region every cell answers alike, so the
answers are worked out once, by the cells' own code.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dugnad.rulebook.feel.compiler.builder import new_env
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import CONTEXT, Code, Value

LEAST_ROWS = 4
"""Below this, testing the rows is as fast."""
MOST_WORK = 2_000_000
"""Cells tested at most while building one index."""

Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The rows that pass in one column, by region of the input's value."""

    column: int
    kind: type[Any]
    points: list[Decimal]
    regions: list[Rows]
    by_value: dict[Value, Rows]
    otherwise: Rows

    def rows(self, value: Value) -> Rows | None:
        """Give the rows whose cell in this column passes, in order; None where only testing can tell."""
        if type(value) is not self.kind:
            return None
        if self.regions and isinstance(value, Decimal):
            at = bisect_left(self.points, value)
            exact = at < len(self.points) and self.points[at] == value
            return self.regions[2 * at + exact]
        found: Rows = self.by_value.get(value, self.otherwise)
        return found


def constants(cell: Node) -> Iterator[Value]:
    """Give the constants a cell tests against. Raises ValueError where it holds anything else."""
    if isinstance(cell, nodes.UnaryTests):
        parts: tuple[Node, ...] = cell.tests
    elif isinstance(cell, nodes.Test):
        parts = (cell.operand,)
    elif isinstance(cell, nodes.RangeOf):
        parts = (cell.low, cell.high)
    elif isinstance(cell, nodes.Literal):
        yield cell.value
        return
    elif isinstance(cell, nodes.Negate) and isinstance(cell.operand, nodes.Literal):
        if type(cell.operand.value) is not Decimal:
            raise ValueError
        yield CONTEXT.minus(cell.operand.value)
        return
    else:
        raise ValueError  # noqa: TRY004 - says that this column cannot be indexed
    for part in parts:
        yield from constants(part)


def build_index(
    columns: Sequence[Sequence[Node]], codes: Sequence[Sequence[Code | None]], slot: int
) -> Index | None:
    """Build the index of the most selective column, or None where none leaves at most half of the rows.

    ``columns[c][r]`` is the parsed cell, ``codes[c][r]`` its code (None: accepts anything), which reads
    column
    ``c``'s input from slot ``slot + c``.
    """
    best: Index | None = None
    if not columns or len(columns[0]) < LEAST_ROWS:
        return None
    least = len(columns[0]) / 2
    for column, cells in enumerate(columns):
        index = _column_index(column, cells, codes[column], slot + column)
        if index is None:
            continue
        regions = index.regions or [*index.by_value.values(), index.otherwise]
        average = sum(map(len, regions)) / len(regions)
        if average <= least:
            best, least = index, average
    return best


def _column_index(
    column: int, cells: Sequence[Node], codes: Sequence[Code | None], slot: int
) -> Index | None:
    try:
        found = {value for cell in cells for value in constants(cell)}
    except (ValueError, TypeError):
        return None
    kind = next(
        (kind for kind in (Decimal, str) if found and all(type(value) is kind for value in found)), None
    )
    if kind is None:
        return None
    if all(map(_is_equality, cells)):
        return _by_equality(column, kind, cells, len(found))
    if len(found) * 2 * len(cells) > MOST_WORK:
        return None
    env = new_env({}, None, [None] * (slot + 1))

    def passing(value: Value) -> Rows:
        env[slot] = value
        return tuple(row for row, code in enumerate(codes) if code is None or code(env) is True)

    if kind is str:
        other = "".join(found) + "·"
        return Index(column, kind, [], [], {value: passing(value) for value in found}, passing(other))
    points = sorted(found)
    regions = [passing(value) for value in _representatives(points)]
    return Index(column, kind, points, regions, {}, ())


def _is_equality(cell: Node) -> bool:
    return (
        isinstance(cell, nodes.UnaryTests)
        and not cell.negated
        and all(isinstance(test, (nodes.Literal, nodes.Negate)) for test in cell.tests)
    )


def _by_equality(column: int, kind: type[Any], cells: Sequence[Node], values: int) -> Index | None:
    """Build the index of a column that only asks for equality, however many rows there are."""
    anything = [row for row, cell in enumerate(cells) if not any(True for _ in constants(cell))]
    if len(anything) * values > MOST_WORK:
        return None
    rows: dict[Value, set[int]] = {}
    for row, cell in enumerate(cells):
        for value in constants(cell):
            rows.setdefault(value, set(anything)).add(row)
    by_value = {value: tuple(sorted(found)) for value, found in rows.items()}
    return Index(column, kind, [], [], by_value, tuple(anything))


def _representatives(points: list[Decimal]) -> Iterator[Decimal]:
    """Give one value of each region: below the first point, the point, between it and the next, …"""
    yield CONTEXT.next_minus(points[0])
    for at, point in enumerate(points):
        yield point
        following = points[at + 1] if at + 1 < len(points) else None
        if following is None:
            yield CONTEXT.next_plus(point)
        else:
            yield CONTEXT.divide(CONTEXT.add(point, following), Decimal(2))
