"""A table judged: the inputs no row decides, rows that contradict each other, rows that never decide anything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dugnad.rulebook.checks.tables.masking import masked_by
from dugnad.rulebook.checks.tables.needless import needless_rows
from dugnad.rulebook.checks.tables.regions.axis import ANYTHING, Axis, Domain, Holds, Related
from dugnad.rulebook.checks.tables.regions.boxes import (
    Box,
    Budget,
    TooMuchError,
    Whole,
    meeting,
    meetings,
    uncovered,
)
from dugnad.rulebook.checks.tables.regions.column import Column, UnjudgedError, make_column
from dugnad.rulebook.checks.tables.regions.feasible import Bounds, can_be
from dugnad.rulebook.checks.tables.regions.tests import ALWAYS, FAILED, Formula, Reader, constant, is_constant
from dugnad.rulebook.feel import FeelSyntaxError
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.tables import Cell, HitPolicy, Table
from dugnad.rulebook.tables.plain import read_output, read_test
from dugnad.rulebook.tables.policies import SINGLE
from dugnad.rulebook.tables.prepare import collecting_later

MOST_GAPS = 12
MOST_OVERLAPS = 12
MOST_WAYS = 256
"""Alternatives of one row over all its columns."""
MOST_AXES = 60
"""Columns, and names that cells compare their input with: beyond, nobody oversees what is left out."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows (counted from 0) that match at once, and where. `certain`: whatever the names in them stand for."""

    first: int
    second: int
    where: Whole
    certain: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found. Rows and columns count from 0.

    `gaps` are regions no row decides; `overlaps` contradict the hit policy; `never` are cells that can match
    nothing (row, column); `masked` maps a row that cannot decide to the rows before it that take all it takes;
    `needless` a row that could go to the one that says the same; `same` are pairs of rows alike in everything;
    `idle` are columns that decide nothing; `unjudged` says what could not be judged, and why. `more` says that
    there are further gaps or overlaps than those kept.
    """

    axes: tuple[Axis, ...]
    gaps: tuple[Whole, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    never: tuple[tuple[int, int], ...] = ()
    masked: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    same: tuple[tuple[int, int], ...] = ()
    needless: Mapping[int, int] = field(default_factory=dict)
    idle: tuple[int, ...] = ()
    unjudged: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a table: the names its cells may use, what its inputs and names can be.

    `domains` is by column; `scalar` tells of a node in a cell whether it stands for one value; `bounds` gives
    the least and the greatest value of a name, where they are known.
    """

    names: frozenset[str] = frozenset()
    domains: Sequence[Domain] = ()
    scalar: Callable[[Node], bool] = lambda _node: True
    bounds: Callable[[str], Bounds] = lambda _name: (None, None)


def judge(
    table: Table, context: Context | None = None, *, gaps: int = MOST_GAPS, overlaps: int = MOST_OVERLAPS
) -> Judged:
    """Judge a table whose cells can be parsed. At most about `gaps` gaps and `overlaps` overlaps are kept."""
    with collecting_later(len(table.rows)):
        return _Judge(table, context or Context()).run(gaps, overlaps)


class _Judge:
    def __init__(self, table: Table, context: Context) -> None:
        self.table = table
        self.context = context
        self.unjudged: list[str] = []
        self.columns: list[Column] = []
        self.axes: tuple[Axis, ...] = ()
        self.whole: Whole = ()
        self.rows: list[tuple[Box, ...]] = []
        self.values: dict[str, tuple[bool, Value]] = {}

    def run(self, most_gaps: int, most_overlaps: int) -> Judged:
        try:
            for at in range(len(self.table.inputs)):
                self.columns.append(self.column(at))
                self.refuse_too_many()
            self.rows = [self.boxes(row) for row in range(len(self.table.rows))]
        except UnjudgedError as error:
            return Judged((), unjudged=(str(error),))
        self.axes = tuple(axis for column in self.columns for axis in column.axes)
        self.whole = tuple(axis.everything for axis in self.axes)
        gaps, overlaps, masked = self.gaps(most_gaps), self.overlaps(most_overlaps), self.masked()
        return Judged(
            self.axes,
            gaps=gaps[:most_gaps],
            overlaps=overlaps[:most_overlaps],
            never=tuple(self.never()),
            masked=masked,
            same=tuple(self.same()),
            needless=self.needless(masked),
            idle=tuple(
                at for at, column in enumerate(self.columns) if all(cell == ({},) for cell in column.cells)
            ),
            unjudged=tuple(dict.fromkeys(self.unjudged)),
            more=len(gaps) > most_gaps or len(overlaps) > most_overlaps,
        )

    def refuse_too_many(self) -> None:
        """Give up before the work grows with rows times names. Raises UnjudgedError."""
        if sum(len(column.axes) for column in self.columns) > MOST_AXES:
            raise UnjudgedError(f"its cells compare their inputs with more than {MOST_AXES} different things")

    def column(self, at: int) -> Column:
        """Cut a column into regions. Raises UnjudgedError."""
        head = self.table.inputs[at]
        domains = self.context.domains
        domain = domains[at] if at < len(domains) else ANYTHING
        reader = Reader(self.context.scalar)
        read: dict[str, Formula] = {}
        cells: list[Formula] = []
        for row in self.table.rows:
            cell = row.inputs[at]
            if cell.text not in read:
                read[cell.text] = self.formula(cell, reader)
            cells.append(read[cell.text])
        allowed = self.formula(head.values, reader) if head.values is not None else None
        return make_column(" ".join(head.label.split()), at, cells, domain, allowed)

    def formula(self, cell: Cell, reader: Reader) -> Formula:
        """Take a cell apart. Raises UnjudgedError where it cannot be read."""
        if cell.text in ("-", ""):
            return ALWAYS
        try:
            node = read_test(cell.text, self.context.names, self.table.dialect)
        except FeelSyntaxError as error:
            raise UnjudgedError(f"the cell '{cell.text}' cannot be read: {error.message}") from None
        return reader.cell(node, cell.text)

    def boxes(self, row: int) -> tuple[Box, ...]:
        """Return the ways a row matches as boxes over all axes. Raises UnjudgedError."""
        ways: list[Box] = [()]
        for column in self.columns:
            size = len(column.axes)
            ways = [
                way + tuple(cell.get(at) for at in range(size)) for way in ways for cell in column.cells[row]
            ]
            if len(ways) > MOST_WAYS:
                raise UnjudgedError(f"row {row + 1} has more than {MOST_WAYS} alternatives")
        return tuple(ways)

    def every(self) -> tuple[list[Box], list[int]]:
        """Return all boxes in one list, and the row of each."""
        boxes = [box for row in self.rows for box in row]
        return boxes, [at for at, row in enumerate(self.rows) for _ in row]

    def gaps(self, most: int) -> tuple[Whole, ...]:
        if any(output.default is not None for output in self.table.outputs):
            return ()
        try:
            found = uncovered(self.whole, self.every()[0], most=4 * most, budget=Budget())
        except TooMuchError:
            self.unjudged.append(f"whether a row is missing: {len(self.rows)} rows are too many combinations")
            return ()
        return tuple(gap for gap in found if can_be(self.axes, gap, self.context.bounds))

    def pairs(self) -> Iterator[tuple[int, int, Whole]]:
        """Give pairs of rows that can match at once, with what they have in common. Raises TooMuchError."""
        boxes, rows = self.every()
        for a, b in meetings(self.whole, boxes, budget=Budget()):
            if rows[a] != rows[b]:
                where = meeting(self.whole, boxes[a], boxes[b])
                if can_be(self.axes, where, self.context.bounds):
                    yield rows[a], rows[b], where

    def overlaps(self, most: int) -> tuple[Overlap, ...]:
        policy = self.table.hit_policy
        if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            return ()
        found: dict[tuple[int, int], Overlap] = {}
        try:
            for first, second, where in self.pairs():
                alike = self.alike(first, second)
                if (policy is HitPolicy.ANY and alike) or (first, second) in found:
                    continue
                certain = self.certain(where) and (policy is HitPolicy.UNIQUE or alike is False)
                found[first, second] = Overlap(first, second, where, certain)
                if len(found) > most:
                    break
        except TooMuchError:
            self.unjudged.append(f"whether rows overlap: {len(self.rows)} rows are too many pairs")
        return tuple(found[pair] for pair in sorted(found))

    def certain(self, where: Whole) -> bool:
        """Tell whether there is an input there whatever the names in the cells stand for."""
        asked: dict[int, int] = {}
        for axis, whole, spans in zip(self.axes, self.whole, where, strict=True):
            if spans != whole:
                if isinstance(axis, Holds):
                    return False
                asked[axis.column] = asked.get(axis.column, 0) + 1
        related = {axis.column for axis in self.axes if isinstance(axis, Related)}
        return all(count == 1 or column not in related for column, count in asked.items())

    def alike(self, first: int, second: int) -> bool | None:
        """Tell whether two rows have the same outputs; None where it depends."""
        sides = [[self.output(cell) for cell in self.table.rows[row].outputs] for row in (first, second)]
        if sides[0] == sides[1]:
            return True
        both = [*sides[0], *sides[1]]
        return False if all(is_known for is_known, _ in both) else None

    def output(self, cell: Cell) -> tuple[bool, Value]:
        """Return an output's value, or its text where it is not constant."""
        if cell.text not in self.values:
            self.values[cell.text] = self.worked_out(cell)
        return self.values[cell.text]

    def worked_out(self, cell: Cell) -> tuple[bool, Value]:
        try:
            node = read_output(cell.text, self.context.names, self.table.dialect)
        except FeelSyntaxError:
            return False, cell.text
        value = constant(node) if is_constant(node) else FAILED
        return (False, " ".join(cell.text.split())) if value is FAILED else (True, value)

    def never(self) -> Iterator[tuple[int, int]]:
        for row in range(len(self.rows)):
            for at, column in enumerate(self.columns):
                if not column.cells[row]:
                    yield row, at

    def masked(self) -> Mapping[int, tuple[int, ...]]:
        if self.table.hit_policy not in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            return {}
        try:
            return masked_by(self.whole, self.rows, self.precedence(), Budget())
        except TooMuchError:
            self.unjudged.append(f"which rows are never reached: {len(self.rows)} rows are too many")
            return {}

    def precedence(self) -> list[int]:
        """Return the rows in the order in which they win."""
        rows = range(len(self.rows))
        if self.table.hit_policy is HitPolicy.FIRST:
            return list(rows)
        ranks = [self.ranked(output.values) for output in self.table.outputs]
        return sorted(
            rows,
            key=lambda row: [
                order.index(value) if value in order else len(order)
                for order, (_, value) in zip(
                    ranks, map(self.output, self.table.rows[row].outputs), strict=True
                )
            ],
        )

    def ranked(self, values: Cell | None) -> list[Value]:
        if values is None:
            return []
        known, listed = self.output(Cell(f"[{values.text}]"))
        return listed if known and isinstance(listed, list) else []

    def same(self) -> Iterator[tuple[int, int]]:
        """Give pairs of rows with the same conditions and the same outputs."""
        if self.table.hit_policy in SINGLE:
            return
        first: dict[tuple[object, ...], int] = {}
        for at in range(len(self.rows)):
            key = (self.rows[at], self.said(at)[0])
            if self.rows[at] and first.setdefault(key, at) != at:
                yield first[key], at

    def said(self, row: int) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return what a row gives, and what it notes: its section of law."""
        one = self.table.rows[row]
        return tuple(" ".join(cell.text.split()) for cell in one.outputs), tuple(one.annotations.items())

    def needless(self, masked: Mapping[int, tuple[int, ...]]) -> Mapping[int, int]:
        said = [self.said(row) for row in range(len(self.rows))]
        try:
            found = needless_rows(
                self.table.hit_policy,
                self.whole,
                self.rows,
                lambda one, other: said[one] == said[other],
                Budget(),
            )
        except TooMuchError:
            return {}
        return {row: other for row, other in found.items() if row not in masked and other not in masked}
