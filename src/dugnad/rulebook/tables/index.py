"""Find the rows that can match without testing each: by the column that leaves the fewest.

A column serves when its cells speak of constants of one type; a row whose cell speaks of a name stays a candidate
and is tested. Numbers and dates are cut into regions (each
constant, and the gaps between them), and each row passes in some stretches of them; texts and truth values are
looked up. What a cell means here is what its code means: the two are compared by a test on random tables.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.temporal import parse_date
from dugnad.rulebook.feel.values import CONTEXT, Value

LEAST_ROWS = 4
"""Below this, testing the rows is as fast."""
MOST_LISTED = 500_000
"""Rows written out by region at most; beyond, a tree of stretches finds them."""

Rows = Sequence[int]
Stretch = tuple[int, int]
"""Regions from … to, both included."""


class Index(Protocol):
    """The rows that pass in one column, by the input's value."""

    @property
    def column(self) -> int:
        """The column that need not be tested for the rows given, but for those left open."""

    @property
    def left_open(self) -> frozenset[int]:
        """The rows that are always given, because what their cell in the column means is known only when it is run."""

    def rows(self, value: Value) -> Rows | None:
        """Give the rows whose cell in this column passes, in order; None where only testing can tell."""


class _NotConstantError(Exception):
    """The column holds something whose value is not known beforehand."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Every region with its rows written out."""

    column: int
    left_open: frozenset[int]
    kind: type[Any]
    points: list[Any]
    regions: list[list[int]]

    def rows(self, value: Value) -> Rows | None:
        """Look the region up by bisection."""
        if type(value) is not self.kind:
            return None
        at = bisect_left(self.points, value)
        return self.regions[2 * at + (at < len(self.points) and self.points[at] == value)]


@dataclass(frozen=True, slots=True)
class Tree:
    """Stretches in a segment tree: each row stands in at most two nodes of every level."""

    column: int
    left_open: frozenset[int]
    kind: type[Any]
    points: list[Any]
    size: int
    held: dict[int, list[int]]

    def rows(self, value: Value) -> Rows | None:
        """Gather what stands on the way from the region's leaf to the root."""
        if type(value) is not self.kind:
            return None
        at = bisect_left(self.points, value)
        node = self.size + 2 * at + (at < len(self.points) and self.points[at] == value)
        found: list[int] = []
        while node:
            found += self.held.get(node, ())
            node //= 2
        found.sort()
        return found


@dataclass(frozen=True, slots=True)
class Looked:
    """Rows by value: those that name it, and those that accept anything but some values."""

    column: int
    left_open: frozenset[int]
    kind: type[Any]
    by_value: Mapping[Value, list[int]]
    general: list[int]
    without: Mapping[Value, frozenset[int]]

    def rows(self, value: Value) -> Rows | None:
        """Join the rows that name the value with those that do not exclude it."""
        if type(value) is not self.kind:
            return None
        named = self.by_value.get(value)
        excluded = self.without.get(value)
        if named is None and excluded is None:
            return self.general
        general = self.general if excluded is None else [row for row in self.general if row not in excluded]
        if named is None:
            return general
        return sorted((*named, *general)) if general else named


def build_index(columns: Sequence[Sequence[Node]]) -> Index | None:
    """Build the index of the most selective column, or None where none leaves at most half of the rows.

    ``columns[c][r]`` is the parsed cell of column c in row r.
    """
    best: Index | None = None
    if not columns or len(columns[0]) < LEAST_ROWS:
        return None
    least = len(columns[0]) / 2
    for column, cells in enumerate(columns):
        try:
            index, average = _column_index(column, cells)
        except _NotConstantError:
            continue
        if average <= least:
            best, least = index, average
    return best


def _column_index(column: int, cells: Sequence[Node]) -> tuple[Index, float]:
    tests: list[_Cell] = []
    left_open: list[int] = []
    for row, cell in enumerate(cells):
        try:
            tests.append(_tests(cell))
        except _NotConstantError:
            tests.append(([], False))
            left_open.append(row)
    kinds = {type(value) for cell in tests for _, *values in cell[0] for value in values}
    if len(kinds) != 1:
        raise _NotConstantError
    (kind,) = kinds
    if kind in (str, bool):
        return _looked(column, frozenset(left_open), kind, tests)
    if kind in (Decimal, date):
        return _stretched(column, frozenset(left_open), kind, tests)
    raise _NotConstantError


_Test = tuple[Any, ...]
"""``("=", value)``, ``("<", value)`` …, ``("[)", low, high)``."""
_Cell = tuple[list[_Test], bool]
"""The tests of a cell, and whether it is negated; no tests accept anything."""


def _tests(cell: Node) -> _Cell:
    if not isinstance(cell, nodes.UnaryTests):
        raise _NotConstantError
    return [_test(node) for node in cell.tests], cell.negated


def _test(node: Node) -> _Test:
    if isinstance(node, nodes.Test):
        return (node.op, _constant(node.operand))
    if isinstance(node, nodes.RangeOf):
        low, high = _constant(node.low), _constant(node.high)
        if type(low) is not type(high) or isinstance(low, bool) or low > high:
            raise _NotConstantError
        return (("[" if node.low_included else "(") + ("]" if node.high_included else ")"), low, high)
    return ("=", _constant(node))


def _constant(node: Node) -> Value:
    """Give the value of a literal, a negative number or ``date("…")``."""
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Negate) and isinstance(node.operand, nodes.Literal):
        if type(node.operand.value) is Decimal:
            return CONTEXT.minus(node.operand.value)
    elif isinstance(node, nodes.Call) and isinstance(node.target, nodes.Name) and len(node.arguments) == 1:
        called, argument = node.target, node.arguments[0]
        written = isinstance(argument, nodes.Literal) and isinstance(argument.value, str)
        if called.name == "date" and not called.declared and called.name in REGISTRY and written:
            return _date(argument)
    raise _NotConstantError


def _date(node: Node) -> Value:
    try:
        return parse_date(node.value) if isinstance(node, nodes.Literal) else None
    except Fault:
        raise _NotConstantError from None


def _looked(
    column: int, left_open: frozenset[int], kind: type[Any], tests: Sequence[_Cell]
) -> tuple[Index, float]:
    by_value: dict[Value, list[int]] = {}
    general: list[int] = []
    without: dict[Value, set[int]] = {}
    for row, (cell, negated) in enumerate(tests):
        if any(op not in ("=", "!=") for op, *_ in cell):
            raise _NotConstantError
        accepts_others = not cell or negated is all(op == "=" for op, _ in cell)
        if negated and any(op == "!=" for op, _ in cell):
            raise _NotConstantError
        if any(op == "!=" for op, _ in cell) and len(cell) > 1:
            raise _NotConstantError
        if accepts_others:
            general.append(row)
        for _, value in cell:
            if accepts_others:
                without.setdefault(value, set()).add(row)
            elif not by_value.get(value) or by_value[value][-1] != row:
                by_value.setdefault(value, []).append(row)
    average = len(general) + sum(map(len, by_value.values())) / (1 + len(by_value))
    frozen = {value: frozenset(rows) for value, rows in without.items()}
    return Looked(column, left_open, kind, by_value, general, frozen), average


def _stretched(
    column: int, left_open: frozenset[int], kind: type[Any], tests: Sequence[_Cell]
) -> tuple[Index, float]:
    points = sorted({value for cell, _ in tests for _, *values in cell for value in values})
    at = {point: 2 * number + 1 for number, point in enumerate(points)}
    last = 2 * len(points)
    stretches = [_stretches(cell, negated=negated, at=at, last=last) for cell, negated in tests]
    covered = sum(high - low + 1 for row in stretches for low, high in row)
    average = covered / (last + 1)
    if covered > MOST_LISTED:
        held, size = _tree(points, stretches)
        return Tree(column, left_open, kind, points, size, held), average
    regions: list[list[int]] = [[] for _ in range(last + 1)]
    for number, row in enumerate(stretches):
        for low, high in row:
            for region in range(low, high + 1):
                regions[region].append(number)
    return Listed(column, left_open, kind, points, regions), average


def _stretches(tests: list[_Test], *, negated: bool, at: Mapping[Value, int], last: int) -> list[Stretch]:
    """Give the regions in which a cell passes, joined and in order."""
    if not tests:
        return [(0, last)]
    passed = sorted(stretch for test in tests for stretch in _passed(test, at, last))
    joined: list[Stretch] = []
    for low, high in passed:
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return list(_others(joined, last)) if negated else joined


def _passed(test: _Test, at: Mapping[Value, int], last: int) -> Iterator[Stretch]:
    op, *values = test
    point = at[values[0]]
    if op in ("=", "!="):
        yield from [(point, point)] if op == "=" else _others([(point, point)], last)
    elif op in ("<", "<="):
        yield (0, point if op == "<=" else point - 1)
    elif op in (">", ">="):
        yield (point if op == ">=" else point + 1, last)
    else:
        low, high = point + (op[0] == "("), at[values[1]] - (op[1] == ")")
        if low <= high:
            yield (low, high)


def _others(stretches: list[Stretch], last: int) -> Iterator[Stretch]:
    begin = 0
    for low, high in stretches:
        if begin < low:
            yield (begin, low - 1)
        begin = high + 1
    if begin <= last:
        yield (begin, last)


def _tree(points: list[Any], stretches: list[list[Stretch]]) -> tuple[dict[int, list[int]], int]:
    """Lay the stretches into the nodes of a tree over the regions; give the nodes and the number of leaves."""
    size = 1
    while size < 2 * len(points) + 1:
        size *= 2
    held: dict[int, list[int]] = {}
    for number, row in enumerate(stretches):
        for low, high in row:
            left, right = low + size, high + size + 1
            while left < right:
                if left & 1:
                    held.setdefault(left, []).append(number)
                    left += 1
                if right & 1:
                    right -= 1
                    held.setdefault(right, []).append(number)
                left //= 2
                right //= 2
    return held, size
