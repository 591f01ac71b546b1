"""Lists by column: their entries become rows, what is said of all of them one grouping, of two of them a join."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlglot import exp

from dugnad.rulebook.columns.cells.number import Number
from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    binary,
    both,
    certain,
    choice,
    is_null,
    negated,
    nothing,
    truth,
    when_flag,
    whole,
)
from dugnad.rulebook.columns.cells.whole import Int, NotByColumn
from dugnad.rulebook.columns.expressions import logic, values
from dugnad.rulebook.columns.expressions.cell import Cell, Distinct, Each, Kind, Ordered, Rows, Several, Thing
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, helps
from dugnad.rulebook.columns.plan.frames import Frame

MOST_ENTRIES = 16
"""Entries of one applicant's list that sums are made ready for; more go to the exact evaluator."""
_OF_LISTS = ("count", "list contains", "distinct values", "sort")
_ADDING = ("sum", "mean", "product")
Function = Callable[[Translator, Sequence[Thing], Scope], Thing]


def entered(translator: Translator, rows: Rows, frame: Frame) -> Rows:
    """Give a list as seen from a frame: as it is from its owner, as pairs from the rows of another."""
    if rows.owner is frame or frame is translator.plan.main:
        return rows
    if rows.frame in (frame, *frame.chain()):
        raise NotByColumn("a list is compared with itself entry by entry")
    if rows.owner is not translator.plan.main:
        raise NotByColumn("a list within a list within a list")
    keep = None
    if rows.keep is not None:
        keep = translator.plan.columns[_as_column(rows.frame, certain(rows.keep)).name]
    pairs = translator.plan.pairs(frame, rows.frame, keep)
    lost = None
    if rows.lost is not None:
        lost = translator.bring(logic.boolean(rows.lost, rows.owner, sure=True), frame).sql
    return Rows(pairs, None, frame, rows.origin, rows.name, lost)


def _as_column(frame: Frame, sql: Sql) -> Sql:
    made = frame.define(sql)
    if not isinstance(made, exp.Column):
        raise NotByColumn("a list chosen by a constant")
    return made


def where(rows: Rows, condition: Sql) -> Sql:
    """Give a condition on rows that holds only for those in the list."""
    return condition if rows.taken is None else both(rows.taken, condition)


def only(rows: Rows, sql: Sql, kind: str) -> Sql:
    """Give a value where a row is in the list, and NULL elsewhere."""
    made = sql if rows.taken is None else choice([(rows.taken, sql)])
    return nothing(kind) if isinstance(made, exp.Null) else made


def found(rows: Rows, condition: Flag) -> Flag:
    """Tell, in the owner, whether a condition that is never NULL holds for an entry of the list."""
    return None if condition is None else rows.owner.any(rows.frame, where(rows, condition))


def _lost(rows: Rows, sql: Sql, kind: str) -> Sql:
    return sql if rows.lost is None else choice([(rows.lost, nothing(kind))], sql)


def quantified(translator: Translator, rows: Rows, cell: Cell, *, settles: bool) -> Cell:
    """Say some (`settles`) or every of a list."""
    body = translator.bring(cell, rows.frame)
    if body.kind is not Kind.BOOLEAN:
        raise NotByColumn(f"“some” and “every” of a {body.kind.value}")
    rows.frame.doubt(when_flag(rows.taken or truth(True), any_flag(body.doubt, body.null)))
    deciding = body.sql if settles else negated(body.sql)
    if body.sure:
        hit = found(rows, deciding)
        made = truth(False) if hit is None else hit
        outcome = made if settles else negated(made)
        return logic.boolean(_lost(rows, outcome, "BOOLEAN"), rows.owner, sure=rows.lost is None)
    hit, unclear = (found(rows, flag) for flag in (certain(deciding), is_null(body.sql)))
    outcome = choice(
        [(hit or truth(False), truth(settles)), (negated(unclear or truth(False)), truth(not settles))]
    )
    return logic.boolean(_lost(rows, outcome, "BOOLEAN"), rows.owner)


def _count(translator: Translator, things: Sequence[Thing], _scope: Scope | None = None) -> Cell:
    (thing,) = things
    if isinstance(thing, Several):
        doubt = any_flag(*(cell.doubt for cell in thing.cells))
        return translator.literal_number(len(thing.cells)).doubted(doubt)
    if isinstance(thing, Distinct):
        return _different(translator, thing)
    if isinstance(thing, Cell):
        size = translator.numbers.column(translator.target.size(thing.sql), 0, MOST_ENTRIES)
        return translator.number(Kind.NUMBER, size, thing.frame, sure=thing.sure, doubt=thing.doubt)
    if isinstance(thing, Each):
        thing.rows.frame.doubt(when_flag(thing.rows.taken or truth(True), thing.cell.doubt))
    rows = thing.rows if isinstance(thing, Each) else thing
    if not isinstance(rows, Rows):
        raise NotByColumn("count() of something that is no list")
    number = translator.numbers.column(_lost(rows, number_of(rows), "BIGINT"), 0, MOST_ENTRIES)
    return translator.number(Kind.NUMBER, number, rows.owner, sure=rows.lost is None)


@helps("is empty")
def is_empty(translator: Translator, thing: Thing) -> Cell:
    """Tell whether a list has no entries."""
    if not isinstance(thing, Rows | Each) and not (isinstance(thing, Cell) and thing.kind is Kind.TEXTS):
        raise NotByColumn("whole lists or contexts are compared")
    number = _count(translator, [thing])
    return logic.compared(translator, "=", number, translator.literal_number(0))


def number_of(rows: Rows) -> Sql:
    """Count the entries of a list, in its owner."""
    return rows.owner.count(rows.frame, where(rows, truth(True)))


def _each(translator: Translator, name: str, things: Sequence[Thing]) -> tuple[Rows, Cell]:
    if len(things) != 1 or not isinstance(things[0], Each):
        raise NotByColumn(f"{name}() of such a list")
    rows, cell = things[0].rows, translator.bring(things[0].cell, things[0].rows.frame)
    rows.frame.doubt(when_flag(rows.taken or truth(True), any_flag(cell.doubt, cell.null)))
    return rows, cell


def _different(translator: Translator, values: Distinct) -> Cell:
    """Count different values; unknown where one is."""
    rows, cell = values.rows, values.cell
    if cell.kind is Kind.TEXTS or (cell.number and (cell.number.bottom or cell.number.rough) is not None):
        raise NotByColumn("different values are counted that have no exact form")
    taken = only(rows, cell.sql, "TEXT")
    counted = exp.Count(this=exp.Distinct(expressions=[taken.copy()]))
    made: Sql = exp.cast(rows.owner.gather(rows.frame, counted, whole(0)), "BIGINT")
    void = any_flag(rows.lost, None if cell.sure else found(rows, is_null(cell.sql)))
    if void is not None:
        made = choice([(void, nothing("BIGINT"))], made)
    number = translator.numbers.column(made, 0, MOST_ENTRIES)
    return translator.number(Kind.NUMBER, number, rows.owner, sure=void is None)


def _distinct(translator: Translator, things: Sequence[Thing], _scope: Scope) -> Thing:
    return Distinct(*_each(translator, "distinct values", things))


def _sort(translator: Translator, things: Sequence[Thing], _scope: Scope) -> Thing:
    rows, cell = _each(translator, "sort", things)
    return Ordered(rows, cell)


def end_of(translator: Translator, values: Ordered, how: type[exp.AggFunc]) -> Cell:
    """Give the first or the last of a sorted list; where it is empty only the exact evaluator tells."""
    made = gathered(translator, values.rows, values.cell, how)
    return replace(made, null=None, doubt=made.null)


def gathered(translator: Translator, rows: Rows, cell: Cell, how: type[exp.AggFunc]) -> Cell:
    """Gather a value of all entries: unknown where one is, null where there are none."""
    empty = binary(exp.EQ, number_of(rows), whole(0))
    if rows.lost is not None:
        empty = both(negated(rows.lost), empty)
    unknown = None if cell.sure else found(rows, is_null(cell.sql))
    void = any_flag(rows.lost, unknown)

    def over(sql: Sql, kind: str) -> Sql:
        gathered = exp.cast(rows.owner.gather(rows.frame, how(this=only(rows, sql, kind)), None), kind)
        return gathered if void is None else choice([(void, nothing(kind))], gathered)

    if cell.number is not None:
        number = _gathered_number(translator, rows, cell.number, how, over)
        return translator.number(cell.kind, number, rows.owner, null=empty)
    sql = translator.target.ordered(cell.sql) if cell.kind is Kind.TEXT else cell.sql
    kind = {Kind.TEXT: "TEXT", Kind.DATE: "DATE"}.get(cell.kind)
    if kind is None:
        raise NotByColumn(f"{cell.kind.value}s are gathered")
    return Cell(cell.kind, over(sql, kind), rows.owner, null=empty)


def _gathered_number(
    translator: Translator,
    rows: Rows,
    number: Number,
    how: type[exp.AggFunc],
    over: Callable[[Sql, str], Sql],
) -> Number:
    if number.bottom is not None:
        raise NotByColumn("fractions with different denominators are gathered")
    factor = MOST_ENTRIES if how is exp.Sum else 1
    low, high = min(number.top.low, 0) * factor, max(number.top.high, 0) * factor
    wide = number.top.wide or not Int.narrow(low, high)
    sql = over(number.top.sql, translator.target.wide if wide else "BIGINT")
    error = number.error * factor + number.most * factor * MOST_ENTRIES * 1e-33
    rough = found(rows, number.rough)
    return Number(Int(sql, low, high, wide), number.unit, None, rough, error if rough is not None else 0.0)


def _gathering(name: str, how: type[exp.AggFunc]) -> Function:
    def run(translator: Translator, things: Sequence[Thing], _scope: Scope) -> Thing:
        if len(things) == 1 and isinstance(things[0], Several):
            return of_arguments(translator, name, things[0].cells, _scope)
        rows, cell = _each(translator, name, things)
        if cell.number is None and (how is exp.Sum or cell.kind not in (Kind.DATE, Kind.TEXT)):
            raise NotByColumn(f"{name}() of {cell.kind.value}s")
        return gathered(translator, rows, cell, how)

    return run


def _mean(translator: Translator, things: Sequence[Thing], scope: Scope) -> Thing:
    if len(things) == 1 and isinstance(things[0], Several):
        return of_arguments(translator, "mean", things[0].cells, scope)
    rows, cell = _each(translator, "mean", things)
    total = gathered(translator, rows, cell, exp.Sum)
    count = translator.numbers.column(number_of(rows), 0, MOST_ENTRIES)
    if total.number is None or cell.kind is not Kind.NUMBER:
        raise NotByColumn(f"mean() of {cell.kind.value}s")
    made, _ = translator.numbers.divide(total.number, count)
    return translator.number(Kind.NUMBER, made, rows.owner, null=total.null)


def _truths(name: str, *, settles: bool) -> Function:
    def run(translator: Translator, things: Sequence[Thing], _scope: Scope) -> Thing:
        if len(things) == 1 and isinstance(things[0], Several):
            return logic.all_seen(translator, settles, things[0].cells)
        rows, cell = _each(translator, name, things)
        return quantified(translator, rows, cell.doubted(None), settles=settles)

    return run


def _product(translator: Translator, things: Sequence[Thing], scope: Scope) -> Thing:
    if len(things) == 1 and isinstance(things[0], Several):
        return of_arguments(translator, "product", things[0].cells, scope)
    raise NotByColumn("product() of a list has no equal in SQL")


def _contains(translator: Translator, things: Sequence[Thing], scope: Scope) -> Thing:
    listed, wanted = things
    if not isinstance(wanted, Cell):
        raise NotByColumn("a list is looked for in another")
    if isinstance(listed, Several):
        return logic.among(translator, wanted, listed)
    if isinstance(listed, Each):
        return member(translator, wanted, listed, scope)
    return logic.has(translator, translator.helper("texts")(translator, listed), wanted)


def of_arguments(translator: Translator, name: str, cells: Sequence[Cell], scope: Scope) -> Cell:
    """Apply min, max, sum, mean, all or any to values given one by one."""
    del scope
    if not cells or name in _OF_LISTS:
        raise NotByColumn(f"{name}() of these values")
    if name in _ADDING and any(cell.number is None for cell in cells):
        raise NotByColumn(f"{name}() of something that is no number")
    if name in ("all", "any"):
        return logic.all_seen(translator, name == "any", cells)
    result = cells[0]
    for cell in cells[1:]:
        if name in ("min", "max"):
            result = better(translator, ">=" if name == "max" else "<=", result, cell)
        else:
            result = values.calculated(translator, "*" if name == "product" else "+", result, cell)
    if name == "mean":
        return values.calculated(translator, "/", result, translator.literal_number(len(cells)))
    return result


def better(translator: Translator, op: str, first: Cell, second: Cell) -> Cell:
    """Give the first of two values if `op` holds between them, else the second; a null is an error."""
    frame, (left, right) = translator.meet(first, second)
    keeps = logic.compared(translator, op, left, right)
    if keeps.literal is not None:
        return left if keeps.literal else right
    doubt = any_flag(left.doubt, right.doubt, left.null, right.null)
    if keeps.sure:
        made = translator.choose([(keeps.sql, left)], right, frame)
    else:
        made = translator.choose([(keeps.sql, left), (negated(keeps.sql), right)], None, frame)
    return replace(made, doubt=doubt, null=None)


@helps("member")
def member(translator: Translator, subject: Cell, values: Each, scope: Scope) -> Cell:
    """Look for a value among those of a list's rows."""
    rows = entered(translator, values.rows, scope.frame)
    cell = translator.bring(values.cell, rows.frame)
    return quantified(translator, rows, logic.compared(translator, "=", subject, cell), settles=True)


FUNCTIONS: dict[str, Function] = {
    "count": _count,
    "sum": _gathering("sum", exp.Sum),
    "min": _gathering("min", exp.Min),
    "max": _gathering("max", exp.Max),
    "mean": _mean,
    "all": _truths("all", settles=False),
    "any": _truths("any", settles=True),
    "list contains": _contains,
    "product": _product,
    "distinct values": _distinct,
    "sort": _sort,
}
