"""Decision tables by column: rows become the branches of CASE, whatever the hit policy.

A row is undecided where a fact it asks for is unknown; the result is then unknown too, unless the undecided
rows would give the same. That is how the exact evaluator does it, row by row.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    binary,
    both,
    certain,
    choice,
    coalesce,
    either,
    is_null,
    negated,
    truth,
    when_flag,
    whole,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import lists, logic, values
from dugnad.rulebook.columns.expressions.cell import Cell, Kind, Record, Thing
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, joined
from dugnad.rulebook.columns.plan.frames import Frame
from dugnad.rulebook.feel import compile_expression, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.tables import Cell as Written
from dugnad.rulebook.tables import HitPolicy, Input, Output, Table

UNKNOWN = Cell(Kind.NULL, exp.Null())
SINGLE = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)
_COMBINED = {HitPolicy.SUM: "+", HitPolicy.MIN: "min", HitPolicy.MAX: "max"}


@dataclass(frozen=True, slots=True)
class _Row:
    holds: Cell
    outputs: tuple[Cell, ...]


class TableTranslation:
    """Translates one table in one scope."""

    def __init__(self, translator: Translator, table: Table, names: Collection[str], scope: Scope) -> None:
        self.translator = translator
        self.table = table
        self.names = frozenset(names)
        self.scope = scope

    def run(self) -> Thing:
        """Give the result: one value, or several by name where the table has several outputs."""
        table = self.table
        inputs = [self._input(column) for column in table.inputs]
        rows = [self._row(at, inputs) for at in range(len(table.rows))]
        frame, rows = self._met(rows)
        rows = [self._plain(row, frame) for row in rows]
        if table.hit_policy in SINGLE:
            cells = [self._single(rows, at, frame) for at in range(len(table.outputs))]
        elif table.hit_policy is HitPolicy.COUNT or table.hit_policy in _COMBINED:
            cells = [self._combined(rows, frame)]
        else:
            raise NotByColumn(f"a table of policy {table.hit_policy.value} gives a list")
        if len(cells) == 1:
            return cells[0]
        # A row is worked out whole: an error in one output is the table's, whoever reads another.
        for cell in cells:
            (cell.frame or self.translator.plan.main).doubt(cell.doubt)
        return Record({column.name: cell for column, cell in zip(table.outputs, cells, strict=True)})

    def _input(self, column: Input) -> Cell:
        subject = self.translator.settle(self.translator.cell(column.expression, self.scope))
        wrong = self._not_allowed(column.values, subject)
        (subject.frame or self.translator.plan.main).doubt(wrong)
        return subject

    def _not_allowed(self, values: Written | None, subject: Cell) -> Flag:
        """Tell where a value is not among those the table says it may have."""
        if values is None or self.table.dialect == "dmn":
            return None
        outcome = self._at(values, self._test, subject)
        return any_flag(certain(negated(outcome.sql)), outcome.doubt)

    def _row(self, at: int, inputs: Sequence[Cell]) -> _Row:
        row = self.table.rows[at]
        tests = [
            self._at(cell, self._test, subject) for cell, subject in zip(row.inputs, inputs, strict=True)
        ]
        heads = zip(row.outputs, self.table.outputs, strict=True)
        outputs = tuple(self._allowed(self._at(cell, self._output, None), head) for cell, head in heads)
        return _Row(logic.connected(self.translator, False, tests), outputs)

    def _allowed(self, cell: Cell, head: Output) -> Cell:
        wrong = None if cell.kind is Kind.NULL else self._not_allowed(head.values, cell)
        return cell.doubted(any_flag(cell.doubt, wrong))

    def _at(self, cell: Written, run: Callable[[Written, Cell | None], Cell], subject: Cell | None) -> Cell:
        try:
            return run(cell, subject)
        except NotByColumn as reason:
            reason.start = cell.start + max(reason.start, 0)
            raise

    def _test(self, cell: Written, subject: Cell | None) -> Cell:
        node = parse_unary_tests(cell.text, names=self.names, dialect=self.table.dialect)
        if not isinstance(node, nodes.UnaryTests) or subject is None:
            raise NotByColumn("a cell that is no test")
        if not node.tests:
            return logic.boolean(truth(True), None, sure=True)
        outcome = logic.passed(self.translator, subject, node.tests, self.scope)
        return logic.opposite(outcome) if node.negated else outcome

    def _output(self, cell: Written, _subject: Cell | None) -> Cell:
        node = parse(cell.text, names=self.names, dialect=self.table.dialect)
        return self.translator.cell(node, self.scope)

    def _met(self, rows: Sequence[_Row]) -> tuple[Frame | None, list[_Row]]:
        flat = [cell for row in rows for cell in (row.holds, *row.outputs)]
        frame, met = self.translator.meet(*flat)
        width = 1 + len(self.table.outputs)
        groups = [met[at : at + width] for at in range(0, len(met), width)]
        return frame, [_Row(group[0], tuple(group[1:])) for group in groups]

    def _plain(self, row: _Row, frame: Frame | None) -> _Row:
        """Make a column of a row's condition where more than one branch will ask for it."""
        holds = row.holds
        once = holds.sure and self.table.hit_policy is HitPolicy.FIRST
        if frame is None or once or holds.literal is not None:
            return row
        made = frame.define(holds.sql)
        return _Row(Cell(Kind.BOOLEAN, made, frame, doubt=holds.doubt, sure=holds.sure), row.outputs)

    def _single(self, rows: Sequence[_Row], at: int, frame: Frame | None) -> Cell:
        if self.table.hit_policy is HitPolicy.PRIORITY:
            rows = self._ranked(rows)
        first = self.table.hit_policy is HitPolicy.FIRST
        plain = self.table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.FIRST) and all(
            row.holds.sure for row in rows
        )
        branches: list[tuple[Sql, Cell]] = []
        doubts: list[Flag] = []
        before: list[Sql] = []
        always: Cell | None = None
        for number, row in enumerate(rows):
            rivals = rows[:number] if first else [*rows[:number], *rows[number + 1 :]]
            open_ones, unclear = self._rivals(row, rivals)
            holds = row.holds.sql
            if open_ones:
                branches.append((both(holds, either(*open_ones)), UNKNOWN))
            if unclear:
                doubts.append(both(certain(holds), either(*unclear)))
            if first and row.holds.literal is True:
                always = row.outputs[at]
                break
            branches.append((holds, row.outputs[at]))
            nobody = both(*(negated(certain(earlier)) for earlier in before)) if first else truth(True)
            doubts.append(when_flag(nobody, any_flag(row.holds.doubt, None if plain else _beside(row))))
            before.append(holds)
        if not first:
            doubts.append(self._overlap(rows))
        otherwise, wrong = self._otherwise(rows, at)
        last = always or otherwise
        made = self.translator.choose(branches, last, frame) if branches else last or UNKNOWN
        return made.doubted(any_flag(made.doubt, *doubts, wrong))

    def _rivals(self, row: _Row, rivals: Sequence[_Row]) -> tuple[list[Sql], list[Sql]]:
        """Give when an undecided row leaves the result open, and when only the evaluator can tell."""
        open_ones: list[Sql] = []
        unclear: list[Sql] = []
        for rival in rivals:
            if rival.holds.sure or self._outranked(row, rival):
                continue
            alike = [_same(one, other) for one, other in zip(row.outputs, rival.outputs, strict=True)]
            if all(same is True for same in alike):
                continue
            undecided = is_null(rival.holds.sql)
            if any(same is False for same in alike):
                open_ones.append(undecided)
                continue
            equal, edge = self._equal(row, rival)
            if equal is None:
                unclear.append(undecided)
                continue
            open_ones.append(both(undecided, negated(equal)))
            if edge is not None:
                unclear.append(both(undecided, edge))
        return open_ones, unclear

    def _equal(self, row: _Row, rival: _Row) -> tuple[Sql | None, Flag]:
        """Tell in which rows two outputs are the same; None where that cannot be told."""
        pairs = list(zip(row.outputs, rival.outputs, strict=True))
        if any(one.kind is not other.kind or Kind.NULL in (one.kind, other.kind) for one, other in pairs):
            return None, None
        cells = [logic.compared(self.translator, "=", one, other) for one, other in pairs]
        return certain(both(*(cell.sql for cell in cells))), any_flag(*(cell.doubt for cell in cells))

    def _outranked(self, row: _Row, rival: _Row) -> bool:
        if self.table.hit_policy is not HitPolicy.PRIORITY:
            return False
        return self._rank(rival) >= self._rank(row)

    def _ranked(self, rows: Sequence[_Row]) -> list[_Row]:
        return sorted(rows, key=self._rank)

    def _rank(self, row: _Row) -> tuple[int, ...]:
        ranks = []
        for cell, column in zip(row.outputs, self.table.outputs, strict=True):
            if cell.literal is None or column.values is None:
                raise NotByColumn("a table of policy P whose outputs are not written out")
            node = parse(f"[{column.values.text}]", names=self.names, dialect=self.table.dialect)
            order = compile_expression(node)({})
            ranks.append(order.index(cell.literal) if cell.literal in order else len(order))
        return tuple(ranks)

    def _overlap(self, rows: Sequence[_Row]) -> Flag:
        """Tell where more rows match than the policy allows."""
        if self.table.hit_policy is HitPolicy.PRIORITY or len(rows) == 1:
            return None
        flags: list[Flag] = []
        for number, row in enumerate(rows):
            for other in rows[number + 1 :]:
                same = [_same(one, two) for one, two in zip(row.outputs, other.outputs, strict=True)]
                clash = certain(both(row.holds.sql, other.holds.sql))
                if self.table.hit_policy is HitPolicy.ANY and all(one is True for one in same):
                    # Of what nobody knows the exact evaluator does not say that it is the same.
                    flags.append(when_flag(clash, any_flag(*(cell.unknown for cell in row.outputs))))
                    continue
                flags.append(clash)
        return any_flag(*flags)

    def _otherwise(self, rows: Sequence[_Row], at: int) -> tuple[Cell | None, Flag]:
        """Give what stands where no row matches, and where that is an error, or only the evaluator can tell."""
        if any(row.holds.literal is True for row in rows):
            return None, None
        nobody = both(*(negated(certain(row.holds.sql)) for row in rows))
        undecided = [is_null(row.holds.sql) for row in rows if not row.holds.sure]
        defaults = [column.default for column in self.table.outputs]
        if not any(defaults):
            decided = both(nobody, negated(either(*undecided))) if undecided else nobody
            return None, certain(decided)
        written = defaults[at]
        default = self._at(written, self._output, None) if written else self.translator.literal(None)
        return default, certain(both(nobody, either(*undecided))) if undecided else None

    def _combined(self, rows: Sequence[_Row], frame: Frame | None) -> Cell:
        translator = self.translator
        undecided = [is_null(row.holds.sql) for row in rows if not row.holds.sure]
        doubts = [row.holds.doubt for row in rows]
        if self.table.hit_policy is HitPolicy.COUNT:
            number = translator.numbers.column(_number_of(rows), 0, len(rows))
            result = translator.number(Kind.NUMBER, number, frame, sure=True)
        else:
            result = self._folded(rows, frame)
        default, unclear = self._otherwise(rows, 0)
        branches: list[tuple[Sql, Cell]] = []
        if default is not None:
            branches.append((both(*(negated(certain(row.holds.sql)) for row in rows)), default))
        if undecided:
            branches.append((negated(either(*undecided)), result))
        last = None if undecided else result
        made = translator.choose(branches, last, frame) if branches else result
        return made.doubted(any_flag(made.doubt, unclear, *doubts))

    def _folded(self, rows: Sequence[_Row], frame: Frame | None) -> Cell:
        """Add the outputs of the rows that match, or take the least or greatest of them."""
        translator = self.translator
        how = _COMBINED[self.table.hit_policy]
        result: Cell | None = None
        found: Sql = truth(False)
        for row in rows:
            holds, output = certain(row.holds.sql), row.outputs[0]
            if how == "+":
                output = replace(output, null=None, doubt=any_flag(output.doubt, output.null))
            if result is None:
                result, found = output, holds
                continue
            if how == "+":
                joined = values.calculated(translator, "+", result, output)
            else:
                joined = lists.better(translator, "<=" if how == "min" else ">=", result, output)
            branches = [(both(found, holds), joined), (holds, output), (found, result)]
            result, found = translator.choose(branches, None, frame), either(found, holds)
        if result is None:
            raise NotByColumn("a table without rows")
        return result


def _beside(row: _Row) -> Flag:
    """Tell where an output that is worked out, though perhaps not given, is an error: where the row may match."""
    return when_flag(coalesce(row.holds.sql, truth(True)), joined(row.outputs))


def _number_of(rows: Sequence[_Row]) -> Sql:
    total: Sql | None = None
    for row in rows:
        one = choice([(certain(row.holds.sql), whole(1))], whole(0))
        total = one if total is None else binary(exp.Add, total, one)
    return total if total is not None else whole(0)


def _same(one: Cell, other: Cell) -> bool | None:
    """Tell whether two outputs are the same in every row; None where that depends on the row."""
    if one.kind is Kind.NULL or other.kind is Kind.NULL:
        return (
            one.kind is other.kind
            if one.literal is not None or other.literal is not None
            else (True if one.kind is other.kind else None)
        )
    if one.literal is not None and other.literal is not None:
        return bool(one.literal == other.literal and one.kind is other.kind)
    return True if one.sql == other.sql and one.number == other.number else None
