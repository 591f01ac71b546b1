"""The frame of the translation: which rule belongs to which node, what a name means, where a value lives."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from sqlglot import exp

from dugnad.rulebook.columns.cells.number import Arithmetic, Number
from dugnad.rulebook.columns.cells.sql import Flag, Sql, any_flag, choice, day, nothing, text, truth
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import Int, NotByColumn
from dugnad.rulebook.columns.expressions.cell import Cell, Entry, Kind, Rows, Thing
from dugnad.rulebook.columns.plan.frames import Frame, Plan
from dugnad.rulebook.feel import Months, compile_expression
from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children
from dugnad.rulebook.trace import Recorder

_N = TypeVar("_N", bound=Node)
_RULES: dict[type[Node], Callable[["Translator", Any, "Scope"], Thing]] = {}
_HELPERS: dict[str, Callable[..., Cell]] = {}
Rule = Callable[["Translator", _N, "Scope"], Thing]
LONGEST_CONSTANT = 15
"""Digits of a constant that is taken as it is; longer ones come from a division and are worked out as such."""
EMPTY = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.NUMBER: "BIGINT",
    Kind.MONTHS: "BIGINT",
    Kind.DAYS: "BIGINT",
}


def helps(name: str) -> Callable[[Callable[..., Cell]], Callable[..., Cell]]:
    """Register a rule that others need without knowing who has it."""

    def register(rule: Callable[..., Cell]) -> Callable[..., Cell]:
        _HELPERS[name] = rule
        return rule

    return register


_NEVER_FOLDED = (
    nodes.Name,
    nodes.RangeOf,
    nodes.ListOf,
    nodes.Test,
    nodes.UnaryTests,
    nodes.Function,
    nodes.Span,
    nodes.For,
    nodes.Quantified,
    nodes.Filter,
)
_OF_THE_MOMENT = ("?", "now", "today", "partial", "item")


def translates(kind: type[_N]) -> Callable[[Rule[_N]], Rule[_N]]:
    """Register the rule for this kind of node."""

    def register(rule: Rule[_N]) -> Rule[_N]:
        _RULES[kind] = rule
        return rule

    return register


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the frame of its rows, the local names (innermost last), all other names.

    A local name without text is the entry of a filter, whose attributes are names too.
    """

    frame: Frame
    lookup: Callable[[str], Thing | None]
    local: tuple[tuple[str, Thing], ...] = ()

    def bound(self, name: str, thing: Thing, frame: Frame) -> "Scope":
        """Open a level with one more name, in this frame."""
        return replace(self, frame=frame, local=(*self.local, (name, thing)))

    def without_locals(self) -> "Scope":
        """Give the scope outside every loop and filter."""
        return replace(self, local=())


class People(Protocol):
    """What the lists of persons are made of."""

    def attribute(self, translator: "Translator", entry: Entry, name: str) -> Thing:
        """Read an attribute of an entry, in the frame where it is looked at."""
        ...

    def entry(self, rows: Rows) -> Entry:
        """Give the entry of each row of a list."""
        ...


class Translator:
    """Turns FEEL into cells. Raises NotByColumn, with the place, for what has no equal in SQL."""

    def __init__(self, plan: Plan, target: Target, people: "People | None" = None) -> None:
        self.plan = plan
        self.target = target
        self.numbers = Arithmetic(target)
        self.people = people

    def thing(self, node: Node, scope: Scope) -> Thing:
        """Translate any node."""
        folded = self._folded(node, scope)
        if folded is not None:
            return folded
        rule = _RULES.get(type(node))
        if rule is None:
            raise NotByColumn(f"{_named(node)} cannot be said in SQL", node.start)
        try:
            return rule(self, node, scope)
        except NotByColumn as reason:
            if reason.start < 0:
                reason.start = node.start
            raise

    @property
    def lists(self) -> People:
        """Give what the lists of persons are made of. Raises NotByColumn where there are none."""
        if self.people is None:
            raise NotByColumn("there are no lists here")
        return self.people

    @staticmethod
    def helper(name: str) -> Callable[..., Cell]:
        """Give the rule registered under this name."""
        return _HELPERS[name]

    def cell(self, node: Node, scope: Scope) -> Cell:
        """Translate a node that is one value."""
        found = self.thing(node, scope)
        if not isinstance(found, Cell):
            raise NotByColumn("a list stands where one value is wanted", node.start)
        return found

    def _folded(self, node: Node, scope: Scope) -> Cell | None:
        """Work out a constant expression with the exact evaluator itself."""
        if isinstance(node, _NEVER_FOLDED):
            return None
        values = self._constants(node, scope)
        if values is None:
            return None
        recorder = Recorder()
        value = compile_expression(node, names=values)(values, recorder)
        if recorder.diagnostics:
            raise NotByColumn(
                f"it is an error whatever the facts are: {recorder.diagnostics[0].message}", node.start
            )
        try:
            return self.literal(value)
        except NotByColumn:
            return None

    def _constants(self, node: Node, scope: Scope) -> dict[str, Any] | None:
        """Give the values of the names in an expression, None where one of them is no constant."""
        values: dict[str, Any] = {}
        for name in _names_in(node):
            if name in _OF_THE_MOMENT or any(name == local or not local for local, _ in scope.local):
                return None
            if name in REGISTRY and scope.lookup(name) is None:
                continue
            found = scope.lookup(name)
            if not isinstance(found, Cell) or found.literal is None:
                return None
            values[name] = found.literal
        return values

    def literal(self, value: Any) -> Cell:  # noqa: PLR0911 - one line for each kind of value
        """Write a constant. Raises NotByColumn for what no column can hold."""
        if value is None:
            return Cell(Kind.NULL, exp.Null(), null=truth(True))
        if isinstance(value, bool):
            return Cell(Kind.BOOLEAN, truth(value), sure=True, literal=value)
        if isinstance(value, str):
            if "\0" in value:
                raise NotByColumn("a text with a zero character")
            return Cell(Kind.TEXT, text(value), sure=True, literal=value)
        if isinstance(value, Decimal):
            if len(value.normalize().as_tuple().digits) > LONGEST_CONSTANT:
                raise NotByColumn("a constant of many digits")
            return self.number(Kind.NUMBER, self.numbers.constant(value), None, sure=True, literal=value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return Cell(Kind.DATE, day(value), sure=True, literal=value)
        if isinstance(value, Months):
            number = self.numbers.constant(value.months)
            return self.number(Kind.MONTHS, number, None, sure=True, literal=value)
        if isinstance(value, timedelta) and not value % timedelta(days=1):
            return self.number(Kind.DAYS, self.numbers.constant(value.days), None, sure=True, literal=value)
        raise NotByColumn("a constant no column can hold")

    def literal_number(self, value: int) -> Cell:
        """Write a whole number."""
        return self.literal(Decimal(value))

    def number(
        self,
        kind: Kind,
        number: Number,
        frame: Frame | None,
        *,
        sure: bool = False,
        null: Flag = None,
        doubt: Flag = None,
        literal: Any = None,
    ) -> Cell:
        """Make the cell of a number or duration."""
        return Cell(kind, number.top.sql, frame, number, null, doubt, sure, literal)

    def bring(self, cell: Cell, frame: Frame) -> Cell:
        """Bring a value into a frame that hangs on its own: its parts become columns there."""
        source = cell.frame
        if source is None or source is frame:
            return cell
        source.doubt(cell.doubt)

        def pulled(sql: Sql) -> Sql:
            made = source.define(sql)
            return frame.pull(self.plan.columns[made.name]).read() if isinstance(made, exp.Column) else made

        def flag(part: Flag) -> Flag:
            return None if part is None else pulled(part)

        number = cell.number
        if number is not None:
            top = replace(number.top, sql=pulled(number.top.sql))
            bottom = number.bottom and replace(number.bottom, sql=pulled(number.bottom.sql))
            number = replace(number, top=top, bottom=bottom, rough=flag(number.rough))
        sql = number.top.sql if number is not None else pulled(cell.sql)
        return replace(cell, sql=sql, frame=frame, number=number, null=flag(cell.null), doubt=None)

    def meet(self, *cells: Cell) -> tuple[Frame | None, list[Cell]]:
        """Bring values to the deepest of their frames, where they can be joined."""
        frame: Frame | None = None
        for cell in cells:
            if cell.frame is not None and (frame is None or cell.frame.depth > frame.depth):
                frame = cell.frame
        if frame is None:
            return None, list(cells)
        return frame, [self.bring(cell, frame) for cell in cells]

    def settle(self, cell: Cell) -> Cell:
        """Make columns of a value, so that whoever reads it does not work it out again."""
        frame = cell.frame
        if frame is None:
            self.plan.main.doubt(cell.doubt)
            return cell.doubted(None)
        frame.doubt(cell.doubt)
        number = cell.number
        if number is not None:
            top = replace(number.top, sql=frame.define(number.top.sql))
            bottom = number.bottom and replace(number.bottom, sql=frame.define(number.bottom.sql))
            rough = number.rough and frame.define(number.rough)
            number = replace(number, top=top, bottom=bottom, rough=rough)
        sql = number.top.sql if number is not None else frame.define(cell.sql)
        null = cell.null and frame.define(cell.null)
        return replace(cell, sql=sql, number=number, null=null, doubt=None)

    def choose(
        self, branches: Sequence[tuple[Sql, Cell]], otherwise: Cell | None, frame: Frame | None
    ) -> Cell:
        """Write CASE over values of one kind; without `otherwise` it is unknown where no branch is taken."""
        cells = [cell for _, cell in branches] + ([otherwise] if otherwise else [])
        kinds = {cell.kind for cell in cells if cell.kind is not Kind.NULL}
        if len(kinds) > 1:
            raise NotByColumn(f"it is now {' and now '.join(sorted(kind.value for kind in kinds))}")
        kind = next(iter(kinds), Kind.NULL)
        null = _flagged([(when, cell.null) for when, cell in branches], otherwise.null if otherwise else None)
        doubt = _flagged(
            [(when, cell.doubt) for when, cell in branches], otherwise.doubt if otherwise else None
        )
        sure = otherwise is not None and null is None and all(cell.sure for cell in cells)
        if kind in (Kind.NUMBER, Kind.MONTHS, Kind.DAYS):
            numbers = [(when, self._number_of(cell)) for when, cell in branches]
            last = self._number_of(otherwise) if otherwise else None
            return self.number(
                kind, self.numbers.select(numbers, last), frame, sure=sure, null=null, doubt=doubt
            )
        made = choice(
            [(when, self._sql_of(cell, kind)) for when, cell in branches],
            self._sql_of(otherwise, kind) if otherwise else None,
        )
        return Cell(kind, made, frame, None, null, doubt, sure)

    def _number_of(self, cell: Cell) -> Number:
        if cell.number is None:
            zero = self.numbers.constant(0)
            return replace(zero, top=Int(nothing("BIGINT"), 0, 0))
        return cell.number

    @staticmethod
    def _sql_of(cell: Cell, kind: Kind) -> Sql:
        return nothing(EMPTY[kind]) if cell.kind is Kind.NULL and kind in EMPTY else cell.sql


def _flagged(branches: list[tuple[Sql, Flag]], otherwise: Flag) -> Flag:
    if otherwise is None and all(flag is None for _, flag in branches):
        return None
    return choice([(when, flag or truth(False)) for when, flag in branches], otherwise or truth(False))


def joined(cells: Iterable[Cell]) -> Flag:
    """Join the doubts of values."""
    return any_flag(*(cell.doubt for cell in cells))


def _names_in(node: Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    for part in children(node):
        yield from _names_in(part)


def _named(node: Node) -> str:
    kind = type(node).__name__
    return {
        "Function": "A function written in an expression",
        "Span": "A loop over numbers",
        "InstanceOf": "“instance of”",
        "RangeOf": "A range as a value",
    }.get(kind, f"“{kind}”")
