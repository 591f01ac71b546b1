"""Comparison, choice and three-valued logic, as FEEL has them."""

from collections.abc import Sequence

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    binary,
    both,
    certain,
    choice,
    either,
    is_there,
    negated,
    nothing,
    truth,
    when_flag,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions.cell import Cell, Each, Kind, Several, Thing
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, joined, translates
from dugnad.rulebook.columns.plan.frames import Frame
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node

OPERATORS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.MONTHS, Kind.DAYS)


def boolean(
    sql: Sql, frame: Frame | None, *, doubt: Flag = None, null: Flag = None, sure: bool = False
) -> Cell:
    """Make the cell of a condition."""
    literal = sql.this if isinstance(sql, exp.Boolean) else None
    return Cell(Kind.BOOLEAN, sql, frame, null=null, doubt=doubt, sure=sure, literal=literal)


@translates(nodes.Logic)
def _logic(translator: Translator, node: nodes.Logic, scope: Scope) -> Thing:
    return connected(translator, node.op == "or", [translator.cell(item, scope) for item in node.items])


def connected(translator: Translator, settles: bool, items: Sequence[Cell]) -> Cell:  # noqa: FBT001 - or, else and
    """Join conditions from the left; what stands after a settled one is never looked at, nor are its errors."""
    frame, cells = translator.meet(*items)
    doubts: list[Flag] = []
    parts: list[Sql] = []
    for cell in cells:
        if cell.kind not in (Kind.BOOLEAN, Kind.NULL):
            raise NotByColumn(f"a {cell.kind.value} where a condition is wanted")
        before = [part if not settles else negated(part) for part in parts]
        goes_on = both(*(exp.Coalesce(this=part.copy(), expressions=[truth(True)]) for part in before))
        doubts.append(when_flag(goes_on, any_flag(cell.doubt, cell.null)))
        parts.append(cell.sql if cell.kind is Kind.BOOLEAN else nothing("BOOLEAN"))
    made = either(*parts) if settles else both(*parts)
    return boolean(made, frame, doubt=any_flag(*doubts), sure=all(cell.sure for cell in cells))


@translates(nodes.If)
def _if(translator: Translator, node: nodes.If, scope: Scope) -> Thing:
    condition = translator.cell(node.condition, scope)
    if condition.literal is not None:
        return translator.thing(node.yes if condition.literal is True else node.no, scope)
    if condition.kind is not Kind.BOOLEAN:
        raise NotByColumn(f"“if” of a {condition.kind.value}")
    cells = (condition, translator.cell(node.yes, scope), translator.cell(node.no, scope))
    frame, (holds, yes, no) = translator.meet(*cells)
    wrong = any_flag(holds.doubt, holds.null)
    if holds.sure:
        made = translator.choose([(holds.sql, yes)], no, frame)
    else:
        known = frame.define(holds.sql) if frame is not None else holds.sql
        made = translator.choose([(known, yes), (negated(known), no)], None, frame)
    return made.doubted(any_flag(wrong, made.doubt))


@translates(nodes.Known)
def _known(translator: Translator, node: nodes.Known, scope: Scope) -> Thing:
    cell = translator.cell(node.operand, scope)
    there = truth(False) if cell.kind is Kind.NULL else truth(True) if cell.sure else is_there(cell.sql)
    return boolean(there if node.known else negated(there), cell.frame, doubt=cell.doubt, sure=True)


@translates(nodes.Compare)
def _compare(translator: Translator, node: nodes.Compare, scope: Scope) -> Thing:
    left, right = translator.thing(node.left, scope), translator.thing(node.right, scope)
    if isinstance(left, Cell) and isinstance(right, Cell):
        return compared(translator, node.op, left, right)
    listed, other = (right, left) if isinstance(left, Several) and not left.cells else (left, right)
    if node.op in ("=", "!=") and isinstance(other, Several) and not other.cells:
        made = translator.helper("is empty")(translator, listed)
        return made if node.op == "=" else opposite(made)
    raise NotByColumn("whole lists or contexts are compared")


def opposite(cell: Cell) -> Cell:
    """Say not."""
    return boolean(negated(cell.sql), cell.frame, doubt=any_flag(cell.doubt, cell.null), sure=cell.sure)


def compared(translator: Translator, op: str, first: Cell, second: Cell) -> Cell:
    """Compare two values: null equals only null, what is unknown stays so, an order of null is an error."""
    frame, (left, right) = translator.meet(first, second)
    doubt = joined((left, right))
    if Kind.NULL in (left.kind, right.kind):
        return _with_null(op, left if right.kind is Kind.NULL else right, frame, doubt)
    if left.kind is not right.kind or left.kind is Kind.TEXTS:
        raise NotByColumn(f"a {left.kind.value} is compared with a {right.kind.value}")
    sql, edge = _plainly(translator, op, left, right)
    sure = left.sure and right.sure and left.null is None and right.null is None
    doubt = any_flag(doubt, edge)
    if left.null is None and right.null is None:
        return boolean(sql, frame, doubt=doubt, sure=sure)
    if op not in ("=", "!="):
        return boolean(sql, frame, doubt=any_flag(doubt, left.null, right.null))
    return boolean(_nullable(op, left, right, sql), frame, doubt=doubt)


def _with_null(op: str, cell: Cell, frame: Frame | None, doubt: Flag) -> Cell:
    if op not in ("=", "!="):
        return boolean(nothing("BOOLEAN"), frame, doubt=truth(True))
    is_none = truth(True) if cell.kind is Kind.NULL else cell.null or truth(False)
    made = is_none if op == "=" else negated(is_none)
    unknown = cell.unknown
    if unknown is None:
        return boolean(made, frame, doubt=doubt, sure=True)
    return boolean(choice([(negated(unknown), made)]), frame, doubt=doubt)


def _nullable(op: str, left: Cell, right: Cell, sql: Sql) -> Sql:
    one, other = left.null or truth(False), right.null or truth(False)
    same = truth(op == "=")
    differ = truth(op != "=")
    branches = [(both(one, other), same), (both(one, right.known), differ), (both(other, left.known), differ)]
    return choice([*branches, (negated(either(one, other)), sql)])


def _plainly(translator: Translator, op: str, left: Cell, right: Cell) -> tuple[Sql, Flag]:
    kind = OPERATORS[op]
    if left.number is not None and right.number is not None:
        return translator.numbers.compare(kind, left.number, right.number)
    if left.kind is Kind.TEXT and op not in ("=", "!="):
        return binary(kind, translator.target.ordered(left.sql), translator.target.ordered(right.sql)), None
    if left.kind not in ORDERED and op not in ("=", "!="):
        raise NotByColumn(f"an order among {left.kind.value}s")
    if left.kind is Kind.BOOLEAN:
        for cell, other in ((left, right), (right, left)):
            if cell.literal is not None:
                wanted = cell.literal is (op == "=")
                return (other.sql.copy() if wanted else negated(other.sql)), None
    return binary(kind, left.sql, right.sql), None


@translates(nodes.Between)
def _between(translator: Translator, node: nodes.Between, scope: Scope) -> Thing:
    value = translator.cell(node.operand, scope)
    low = compared(translator, ">=", value, translator.cell(node.low, scope))
    high = compared(translator, "<=", value, translator.cell(node.high, scope))
    # Both ends are looked at, whatever the first says.
    return all_seen(translator, False, [low, high])


def all_seen(translator: Translator, settles: bool, items: Sequence[Cell]) -> Cell:  # noqa: FBT001 - or, else and
    """Join conditions that are all worked out before one is looked at: an error in any of them counts."""
    _, cells = translator.meet(*items)
    made = connected(translator, settles, cells)
    return made.doubted(any_flag(made.doubt, *(any_flag(cell.doubt, cell.null) for cell in cells)))


@translates(nodes.In)
def _in(translator: Translator, node: nodes.In, scope: Scope) -> Thing:
    subject = translator.thing(node.operand, scope)
    if not isinstance(subject, Cell):
        raise NotByColumn("a list is looked for in another")
    return passed(translator, subject, node.tests, scope)


def passed(translator: Translator, subject: Cell, tests: Sequence[Node], scope: Scope) -> Cell:
    """Apply tests joined by "or": a table's cell, or what stands after `in`."""
    outcomes = [test(translator, subject, node, scope) for node in tests]
    frame, cells = translator.meet(*outcomes)
    made = either(*(cell.sql for cell in cells)) if cells else truth(True)
    doubt = any_flag(*(any_flag(cell.doubt, cell.null) for cell in cells))
    return boolean(made, frame, doubt=doubt, sure=all(cell.sure for cell in cells))


def test(translator: Translator, subject: Cell, node: Node, scope: Scope) -> Cell:
    """Apply one test to a value."""
    if isinstance(node, nodes.Test):
        return compared(translator, node.op, subject, translator.cell(node.operand, scope))
    if isinstance(node, nodes.RangeOf):
        return _within(translator, subject, node, scope)
    if not mentions_input(node):
        return _sought(translator, subject, translator.thing(node, scope), scope)
    # In a table's cell `?` is the input, also behind an `in` there.
    inside = any(name == "?" for name, _ in scope.local)
    inner = scope if inside else scope.bound("?", subject, scope.frame)
    found = translator.thing(node, inner)
    if isinstance(found, Cell) and found.kind in (Kind.BOOLEAN, Kind.NULL):
        return found
    return _sought(translator, subject, found, inner)


def _sought(translator: Translator, subject: Cell, wanted: Thing, scope: Scope) -> Cell:
    if isinstance(wanted, Several):
        return among(translator, subject, wanted)
    if isinstance(wanted, Each):
        return translator.helper("member")(translator, subject, wanted, scope)
    if not isinstance(wanted, Cell):
        raise NotByColumn("a value is looked for among whole persons")
    if wanted.kind is Kind.TEXTS and subject.kind is Kind.TEXT:
        return has(translator, wanted, subject)
    return compared(translator, "=", subject, wanted)


def has(translator: Translator, listed: Cell, wanted: Cell) -> Cell:
    """Look for a text in a list of texts; in an empty one there is none, known or not."""
    frame, (texts, value) = translator.meet(listed, wanted)
    found = translator.target.has(texts.sql, value.sql)
    doubt = any_flag(joined((texts, value)), value.null)
    if texts.sure and value.sure:
        return boolean(found, frame, doubt=doubt, sure=True)
    empty = binary(exp.EQ, translator.target.size(texts.sql), exp.Literal.number(0))
    made = choice([(empty, truth(False)), (both(is_there(texts.sql), is_there(value.sql)), found)])
    return boolean(made, frame, doubt=doubt)


def _within(translator: Translator, subject: Cell, node: nodes.RangeOf, scope: Scope) -> Cell:
    """Look for a value in a range; rows where it would end before it begins go to the exact evaluator."""
    low, high = translator.cell(node.low, scope), translator.cell(node.high, scope)
    if Kind.NULL in (low.kind, high.kind):
        raise NotByColumn("a range one end of which is null")
    lower = compared(translator, ">=" if node.low_included else ">", subject, low)
    upper = compared(translator, "<=" if node.high_included else "<", subject, high)
    if low.literal is not None and high.literal is not None:
        if low.literal > high.literal:
            raise NotByColumn("a range that ends before it begins")
        return all_seen(translator, False, [lower, upper])
    _, (one, two, turned) = translator.meet(lower, upper, compared(translator, ">", low, high))
    made = all_seen(translator, False, [one, two])
    return made.doubted(any_flag(made.doubt, certain(turned.sql), turned.doubt))


def mentions_input(node: Node) -> bool:
    """Tell whether the expression speaks of the input itself, `?`."""
    parts = nodes.children(node)
    return (isinstance(node, nodes.Name) and node.name == "?") or any(map(mentions_input, parts))


def among(translator: Translator, subject: Cell, wanted: Several) -> Cell:
    """Look for a value in a list: values of another kind are simply not the same."""
    alike = [cell for cell in wanted.cells if cell.kind in (subject.kind, Kind.NULL)]
    if not alike:
        unknown = subject.unknown
        made = truth(False) if unknown is None else choice([(negated(unknown), truth(False))])
        return boolean(made, subject.frame, doubt=subject.doubt, sure=unknown is None)
    outcomes = [compared(translator, "=", subject, cell) for cell in alike]
    frame, cells = translator.meet(*outcomes)
    doubt = any_flag(*(cell.doubt for cell in cells))
    return boolean(
        either(*(cell.sql for cell in cells)), frame, doubt=doubt, sure=all(cell.sure for cell in cells)
    )
