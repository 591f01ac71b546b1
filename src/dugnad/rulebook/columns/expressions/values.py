"""Names, constants and arithmetic."""

from dataclasses import replace

from sqlglot import exp

from dugnad.rulebook.columns.cells.number import Number
from dugnad.rulebook.columns.cells.sql import Flag, any_flag, certain
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import dates
from dugnad.rulebook.columns.expressions.cell import (
    Cell,
    Each,
    Entry,
    Kind,
    Picked,
    Record,
    Rows,
    Several,
    Thing,
)
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, joined, translates
from dugnad.rulebook.columns.plan.frames import Frame
from dugnad.rulebook.feel.grammar import nodes

MOST_POWER = 12
"""The highest power that is written out as a product."""
LENGTHS = (Kind.MONTHS, Kind.DAYS)
MOST_LENGTH = 999_999_999
"""Months or days: what Python's own durations hold."""


@translates(nodes.Literal)
def _literal(translator: Translator, node: nodes.Literal, _scope: Scope) -> Thing:
    return translator.literal(node.value)


@translates(nodes.Name)
def _name(translator: Translator, node: nodes.Name, scope: Scope) -> Thing:
    for name, thing in reversed(scope.local):
        if name:
            if name == node.name:
                return thing
        elif isinstance(thing, Entry):
            if node.name == "item":
                return thing
            if node.name in thing.names:
                return attribute(translator, thing, node.name)
    found = scope.lookup(node.name)
    if found is None:
        raise NotByColumn(f"“{node.name}” is not known to the columns", node.start)
    return _another(translator, found, scope.frame) if isinstance(found, Rows) else found


def _another(translator: Translator, rows: Rows, frame: Frame) -> Rows:
    """Give a list frames of its own where its entries are compared with each other."""
    relation = rows.frame.relation
    if relation is None or rows.keep is not None or rows.frame not in frame.chain():
        return rows
    times = sum((one.right or one).relation == relation for one in frame.chain())
    again = translator.plan.rows(relation, times)
    return replace(rows, frame=again, origin=again)


def attribute(translator: Translator, entry: Entry, name: str) -> Thing:
    """Read an attribute of a list's entry, in the frame where the entry is looked at."""
    return translator.lists.attribute(translator, entry, name)


@translates(nodes.Path)
def _path(translator: Translator, node: nodes.Path, scope: Scope) -> Thing:
    base = translator.thing(node.base, scope)
    if isinstance(base, Entry):
        return attribute(translator, base, node.name)
    if isinstance(base, Rows):
        cell = attribute(translator, translator.lists.entry(base), node.name)
        if not isinstance(cell, Cell):
            raise NotByColumn(f"“{node.name}” of a list is itself a list", node.start)
        return Each(base, cell)
    if isinstance(base, Picked):
        cell = attribute(translator, translator.lists.entry(base.rows), node.name)
        if not isinstance(cell, Cell):
            raise NotByColumn(f"“{node.name}” of an entry is itself a list", node.start)
        return translator.helper("picked")(translator, base, cell)
    if isinstance(base, Record):
        if node.name not in base.cells:
            raise NotByColumn(f"there is no “{node.name}” here")
        return base.cells[node.name]
    if isinstance(base, Cell):
        return dates.part_of(translator, base, node.name)
    raise NotByColumn(f"“{node.name}” of this list is not in a column", node.start)


@translates(nodes.ListOf)
def _list(translator: Translator, node: nodes.ListOf, scope: Scope) -> Thing:
    return Several(tuple(translator.cell(item, scope) for item in node.items))


@translates(nodes.ContextOf)
def _context(translator: Translator, node: nodes.ContextOf, scope: Scope) -> Thing:
    """Give several values by name; what is written first can be read by what follows, and its errors count."""
    made: dict[str, Cell] = {}
    for key, item in zip(node.keys, node.items, strict=True):
        cell = translator.cell(item, scope)
        (cell.frame or translator.plan.main).doubt(cell.doubt)
        made[key] = cell.doubted(None)
        scope = scope.bound(key, made[key], scope.frame)
    return Record(made)


@translates(nodes.Negate)
def _negate(translator: Translator, node: nodes.Negate, scope: Scope) -> Thing:
    cell = translator.cell(node.operand, scope)
    if cell.number is None:
        raise NotByColumn(f"minus of a {cell.kind.value}")
    made = translator.numbers.negative(cell.number)
    return translator.number(
        cell.kind, made, cell.frame, sure=cell.sure, doubt=any_flag(cell.doubt, cell.null)
    )


@translates(nodes.Arithmetic)
def arithmetic(translator: Translator, node: nodes.Arithmetic, scope: Scope) -> Thing:
    """Calculate with two values; a null among them is an error, hence a doubt."""
    left, right = translator.cell(node.left, scope), translator.cell(node.right, scope)
    return calculated(translator, node.op, left, right)


def calculated(translator: Translator, op: str, first: Cell, second: Cell) -> Cell:
    """Join two values by one of + - * / **."""
    frame, (left, right) = translator.meet(first, second)
    doubt = any_flag(joined((left, right)), left.null, right.null)
    sure = left.sure and right.sure
    kinds = (left.kind, right.kind)
    if left.number is None or right.number is None:
        if kinds == (Kind.TEXT, Kind.TEXT) and op == "+":
            return Cell(
                Kind.TEXT, translator.target.joined(left.sql, right.sql), frame, doubt=doubt, sure=sure
            )
        later = dates.shifted(translator, op, left, right, frame)
        return later.doubted(any_flag(doubt, later.doubt))
    kind = _kind_of(op, left, right)
    made, wrong = _calculate(translator, op, left.number, right.number)
    if kind in LENGTHS and op in "*/":
        made, cut = _cut(translator, kind, made)
        wrong = any_flag(wrong, cut)
    sure = sure and wrong is None
    return translator.number(kind, made, frame, sure=sure, doubt=any_flag(doubt, wrong))


def _kind_of(op: str, left: Cell, right: Cell) -> Kind:
    kinds = (left.kind, right.kind)
    if kinds == (Kind.NUMBER, Kind.NUMBER):
        return Kind.NUMBER
    if op in "+-/" and left.kind is right.kind:
        return Kind.NUMBER if op == "/" else left.kind
    if op == "*" and Kind.NUMBER in kinds:
        return right.kind if left.kind is Kind.NUMBER else left.kind
    if op == "/" and right.kind is Kind.NUMBER:
        return left.kind
    raise NotByColumn(f"“{op}” between {left.kind.value} and {right.kind.value}")


def _cut(translator: Translator, kind: Kind, length: Number) -> tuple[Number, Flag]:
    """Give a length in whole months, cut as FEEL cuts them, or in days; with parts of a day, or very long, it is in doubt."""
    if kind is Kind.MONTHS:
        made, wrong = translator.numbers.round(length, 0, "down")
    else:
        made, wrong = dates.whole_only(translator, length)
    if made.most <= MOST_LENGTH:
        return made, wrong
    ends = (translator.numbers.constant(end) for end in (-MOST_LENGTH, MOST_LENGTH))
    tests = zip((exp.LT, exp.GT), ends, strict=True)
    beyond = [translator.numbers.compare(op, made, end)[0] for op, end in tests]
    return made, any_flag(wrong, *map(certain, beyond))


def _calculate(translator: Translator, op: str, left: Number, right: Number) -> tuple[Number, Flag]:
    numbers = translator.numbers
    if op == "+":
        return numbers.add(left, right), None
    if op == "-":
        return numbers.subtract(left, right), None
    if op == "*":
        return numbers.multiply(left, right), None
    if op == "/":
        return numbers.divide(left, right)
    power = right.constant
    if power is None or power.denominator != 1 or not 0 <= power <= MOST_POWER:
        raise NotByColumn("a power that is no small whole number")
    if not power:  # one, but unknown where the base is
        return numbers.add(numbers.multiply(left, numbers.constant(0)), numbers.constant(1)), None
    return numbers.power(left, int(power)), None
