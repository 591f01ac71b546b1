"""Parse and compile the cells of a table, gathering every error before giving up."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.compiler import compile_expression
from dugnad.rulebook.feel.compiler.builder import Builder
from dugnad.rulebook.feel.compiler.cells import compile_tests
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, moved
from dugnad.rulebook.feel.grammar.parser import Names, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar.scope import Scope
from dugnad.rulebook.feel.names import free_names
from dugnad.rulebook.feel.values import Code, Value
from dugnad.rulebook.tables.index import Index, build_index
from dugnad.rulebook.tables.model import Cell, HitPolicy, Table, TableError, TableProblem
from dugnad.rulebook.tables.plain import hides_constants, plain_output, plain_test

MAX_CELLS = 500_000
"""Cells of one table: half a minute of reading and half a gigabyte, and no longer a table people read."""
MANY_ROWS = 1000
"""From here on a table is read with the garbage collector put off."""
_NO_RESULT = "Write the result in the cell, or null where there is none."
Tests = tuple[tuple[int, Code], ...]
_RANKED = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
_AGGREGATES = (HitPolicy.SUM, HitPolicy.MIN, HitPolicy.MAX, HitPolicy.COUNT)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Tests of what inputs and outputs may be: by column; an output's value is put into ``slot`` to be tested."""

    inputs: Tests = ()
    outputs: Tests = ()
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table's code: ``tests[r]`` only has the cells that test something, with their column."""

    table: Table
    inputs: tuple[Code, ...]
    tests: tuple[Tests, ...]
    outputs: tuple[tuple[Code, ...], ...]
    defaults: tuple[Code, ...] | None
    rank: Callable[[Value], tuple[int, ...]]
    index: Index | None
    reads: tuple[str, ...]
    allowed: "Allowed"


def prepare(table: Table, builder: Builder, names: Names) -> Prepared:
    """Compile a table. Raises TableError with all problems."""
    with collecting_later(len(table.rows)):
        return _Preparation(table, builder, names).run()


@contextmanager
def collecting_later(rows: int) -> Iterator[None]:
    """Put the garbage collector off: a large table makes a million objects that stay, and looking at them each
    time some are added takes twice as long as making them.
    """
    if rows < MANY_ROWS or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Preparation:
    def __init__(self, table: Table, builder: Builder, names: Names) -> None:
        self.table = table
        self.builder = builder
        self.names = names
        self.problems: list[TableProblem] = []
        self.reads: set[str] = set()
        self.hidden = hides_constants(frozenset(names.names if isinstance(names, Scope) else names))
        self.slots = [builder.slot() for _ in table.inputs]

    def run(self) -> Prepared:
        table, builder = self.table, self.builder
        self.check_form()
        inputs = tuple(builder.compile(column.expression) for column in table.inputs)
        for column in table.inputs:
            self.reads |= free_names(column.expression)
        cells = [
            [self.test(row, column) for row in range(len(table.rows))] for column in range(len(table.inputs))
        ]
        codes = [[self.test_code(node, column) for node in nodes_] for column, nodes_ in enumerate(cells)]
        outputs = [self.row_outputs(row) for row in range(len(table.rows))]
        defaults = self.defaults()
        rank = self.ranking()
        allowed = self.allowed()
        if self.problems:
            raise TableError(tuple(self.problems))
        tests = []
        for row in range(len(table.rows)):
            column_codes = ((column, codes[column][row]) for column in range(len(table.inputs)))
            tests.append(tuple((column, code) for column, code in column_codes if code is not None))
        index = build_index(cells)
        return Prepared(
            table,
            inputs,
            tuple(tests),
            tuple(outputs),
            defaults,
            rank,
            index,
            tuple(sorted(self.reads)),
            allowed,
        )

    def allowed(self) -> Allowed:
        """Compile the values inputs and outputs may have; a DMN model checks them where it checks types."""
        table = self.table
        said = [*(head.values for head in table.inputs), *(head.values for head in table.outputs)]
        if table.dialect == "dmn" or not any(said):
            return Allowed()
        slot = self.builder.slot()
        width = len(table.inputs)
        inputs = [
            (column, self.value_test(head.values, column, self.slots[column]))
            for column, head in enumerate(table.inputs)
            if head.values is not None
        ]
        outputs = [
            (column, self.value_test(head.values, width + column, slot))
            for column, head in enumerate(table.outputs)
            if head.values is not None
        ]
        return Allowed(
            tuple((column, code) for column, code in inputs if code is not None),
            tuple((column, code) for column, code in outputs if code is not None),
            slot,
        )

    def value_test(self, cell: Cell, column: int, slot: int) -> Code | None:
        node = self.parsed(cell, 0, column, test=True)
        if not isinstance(node, nodes.UnaryTests):
            return None
        self.builder.enter_at("?", slot)
        code = compile_tests(self.builder, node, slot)
        self.builder.leave()
        return code

    def check_form(self) -> None:
        """Refuse what would misalign everything else at once."""
        table = self.table
        for number, row in enumerate(table.rows, 1):
            for have, want, what in (
                (row.inputs, table.inputs, "input"),
                (row.outputs, table.outputs, "output"),
            ):
                if len(have) != len(want):
                    start = (have or row.inputs or row.outputs or (Cell("", table.start),))[0].start
                    text = f"The row has {len(have)} {what} cells; the table has {len(want)} {what} columns."
                    self.problems.append(TableProblem(number, 0, FeelSyntaxError(text, start, start)))
        if not table.outputs:
            self.wrong_head("The table has no output column.", "Write → before the heading of the result.")
        if len(table.rows) * (len(table.inputs) + len(table.outputs)) > MAX_CELLS:
            self.wrong_head(f"The table has more than {MAX_CELLS} cells.", "Split it, or look the values up.")
        if table.hit_policy in _AGGREGATES and len(table.outputs) > 1:
            message = "A table that adds up or counts can have only one output."
            self.wrong_head(message, "Remove the other outputs, or make it a C table.")
        if table.hit_policy in _RANKED and not any(output.values for output in table.outputs):
            message = "The hit policies P and O need the output values in order of priority."
            self.wrong_head(
                message, "Write F for the first row that matches, or R for all in the order of the rows."
            )
        if self.problems:
            raise TableError(tuple(self.problems))

    def wrong_head(self, message: str, hint: str) -> None:
        error = FeelSyntaxError(message, self.table.start, self.table.end, hint=hint)
        self.problems.append(TableProblem(0, 0, error))

    def parsed(self, cell: Cell, row: int, column: int, *, test: bool) -> Node | None:
        text = cell.text.strip()
        begin = cell.start + len(cell.text) - len(cell.text.lstrip())
        plainly: Node | None = (plain_test if test else plain_output)(text, begin, self.table.dialect)
        if plainly is not None and not self.hidden:
            return plainly
        read = parse_unary_tests if test else parse
        try:
            node = moved(
                read(cell.text, names=self.names, dialect=self.table.dialect, types=self.builder.types),
                cell.start,
            )
        except FeelSyntaxError as error:
            self.problems.append(TableProblem(row, column, error.moved(cell.start)))
            return None
        self.reads |= free_names(node)
        return node

    def test(self, row: int, column: int) -> Node:
        cell = self.table.rows[row].inputs[column]
        return self.parsed(cell, row + 1, column, test=True) or nodes.UnaryTests(0, 0, ())

    def test_code(self, node: Node, column: int) -> Code | None:
        if not isinstance(node, nodes.UnaryTests):
            return None
        self.builder.enter_at("?", self.slots[column])
        code = compile_tests(self.builder, node, self.slots[column])
        self.builder.leave()
        return code

    def output(self, cell: Cell, row: int, column: int) -> Code:
        if cell.text.strip() in ("", "-"):
            error = FeelSyntaxError(
                "The row gives no result here.", cell.start, cell.start + 1, hint=_NO_RESULT
            )
            self.problems.append(TableProblem(row, len(self.table.inputs) + column, error))
            return self.builder.compile(nodes.Literal(0, 0, None))
        node = self.parsed(cell, row, len(self.table.inputs) + column, test=False)
        return self.builder.compile(node or nodes.Literal(0, 0, None))

    def row_outputs(self, row: int) -> tuple[Code, ...]:
        return tuple(
            self.output(cell, row + 1, column) for column, cell in enumerate(self.table.rows[row].outputs)
        )

    def defaults(self) -> tuple[Code, ...] | None:
        if not any(output.default for output in self.table.outputs):
            return None
        empty = Cell("null", self.table.start)
        return tuple(
            self.output(output.default or empty, 0, column)
            for column, output in enumerate(self.table.outputs)
        )

    def ranking(self) -> Callable[[Value], tuple[int, ...]]:
        """Give how outputs rank: by the place of each value in its column's list, else last."""
        orders: list[list[Value]] = []
        for column, output in enumerate(self.table.outputs):
            if self.table.hit_policy not in _RANKED or output.values is None:
                orders.append([])
                continue
            cell = Cell(f"[{output.values.text}]", output.values.start - 1)
            node = self.parsed(cell, 0, len(self.table.inputs) + column, test=False)
            orders.append(compile_expression(node)({}) if node is not None else [])

        def place(value: Value, order: list[Value]) -> int:
            same = (at for at, known in enumerate(order) if operators.same_value(value, known) is True)
            return next(same, len(order))

        def rank(output: Value) -> tuple[int, ...]:
            if len(orders) == 1:
                return (place(output, orders[0]),)
            return tuple(
                place(output[column.name], order)
                for column, order in zip(self.table.outputs, orders, strict=True)
            )

        return rank
