"""Dates by column: their parts, months and days between them, months and days added."""

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
    inside,
    negated,
    whole,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions.cell import Cell, Kind
from dugnad.rulebook.columns.expressions.translator import Translator, joined
from dugnad.rulebook.columns.plan.frames import Frame

PARTS = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "weekday": (1, 7)}
FURTHEST_MONTHS, FURTHEST_DAYS = 12 * 300, 366 * 300
"""How far from a fact's date (1700 to 2300) a calculated one may lie, so that it stays within the years 1 to 9999."""
_EARLIEST, _LATEST = 1, 9999
_SHORTEST_MONTH = 28
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def part_of(translator: Translator, cell: Cell, name: str) -> Cell:
    """Give a part of a date or of a duration."""
    doubt = any_flag(cell.doubt, cell.null)
    if cell.kind is Kind.DATE and name in PARTS:
        low, high = PARTS[name]
        sql = exp.cast(translator.target.part(name, cell.sql), "BIGINT")
        number = translator.numbers.column(sql, low, high)
        return translator.number(Kind.NUMBER, number, cell.frame, sure=cell.sure, doubt=doubt)
    if cell.kind is Kind.MONTHS and name in ("years", "months") and cell.number is not None:
        twelve = translator.numbers.constant(12)
        years, _ = translator.numbers.round(translator.numbers.divide(cell.number, twelve)[0], 0, "down")
        months = translator.numbers.subtract(cell.number, translator.numbers.multiply(years, twelve))
        made = years if name == "years" else months
        return translator.number(Kind.NUMBER, made, cell.frame, sure=cell.sure, doubt=doubt)
    if cell.kind is Kind.DAYS and name == "days" and cell.number is not None:
        return translator.number(Kind.NUMBER, cell.number, cell.frame, sure=cell.sure, doubt=doubt)
    raise NotByColumn(f"“{name}” of a {cell.kind.value}")


def shifted(translator: Translator, op: str, left: Cell, right: Cell, frame: Frame | None) -> Cell:
    """Add to a date, take from it, or take one date from another."""
    if op == "+" and right.kind is Kind.DATE:
        left, right = right, left
    sure = left.sure and right.sure
    if (left.kind, op, right.kind) == (Kind.DATE, "-", Kind.DATE):
        days = exp.cast(translator.target.days_between(left.sql, right.sql), "BIGINT")
        number = translator.numbers.column(days, -FURTHEST_DAYS * 9, FURTHEST_DAYS * 9)
        return translator.number(Kind.DAYS, number, frame, sure=sure)
    number_of = right.number
    if left.kind is Kind.DATE and op in "+-" and number_of is not None and right.kind is not Kind.NUMBER:
        length = translator.numbers.negative(number_of) if op == "-" else number_of
        if right.kind is Kind.MONTHS:
            made = translator.target.months_later(left.sql, _counted(length, FURTHEST_MONTHS))
        else:
            made = translator.target.days_later(left.sql, _counted(length, FURTHEST_DAYS))
        return Cell(Kind.DATE, made, frame, sure=sure)
    raise NotByColumn(f"“{op}” between {left.kind.value} and {right.kind.value}")


def _counted(length: Number, furthest: int) -> Sql:
    """Give a length as a plain whole number."""
    if length.bottom is not None or length.unit.denominator != 1:
        raise NotByColumn("a length that is no whole number")
    if length.most > furthest:
        raise NotByColumn("a date further away than 300 years")
    by = length.unit.numerator
    if length.top.constant:
        return whole(length.top.low * by)
    return length.top.sql if by == 1 else binary(exp.Mul, length.top.sql, whole(by))


def date_of(translator: Translator, year: Cell, month: Cell, day: Cell) -> Cell:
    """Make a date of its numbers; rows where there may be no such day go to the exact evaluator."""
    frame, cells = translator.meet(year, month, day)
    wholes = [_whole_part(translator, cell) for cell in cells]
    parts = [sql for sql, _ in wholes]
    limits: list[Sql] = []
    for part, (number, high) in zip(parts, _limits(cells), strict=True):
        if number is None or number.top.low < 1 or number.top.high > high:
            limits.append(both(binary(exp.GTE, part, whole(1)), binary(exp.LTE, part, whole(high))))
    sure = all(cell.sure for cell in cells) and not limits
    made = translator.target.date_of(*parts)
    doubt = any_flag(joined(cells), *(cell.null for cell in cells), *(broken for _, broken in wholes))
    if limits:
        fits = both(*limits)
        known = both(*(cell.known for cell in cells if not cell.sure))
        doubt = any_flag(doubt, both(certain(known), negated(certain(fits))))
        made = choice([(fits, made)])
    return Cell(Kind.DATE, made, frame, doubt=doubt, sure=sure)


def _limits(cells: list[Cell]) -> list[tuple[Number | None, int]]:
    month = cells[1].literal
    last = _SHORTEST_MONTH
    if month is not None and 1 <= int(month) <= len(_LENGTHS) and int(month) != 2:  # noqa: PLR2004 - February
        last = _LENGTHS[int(month) - 1]
    return list(zip((cell.number for cell in cells), (_LATEST, 12, last), strict=True))


def _whole_part(translator: Translator, cell: Cell) -> tuple[Sql, Flag]:
    """Give a number that must be whole, and where it is not."""
    number = cell.number
    if number is None or cell.kind is not Kind.NUMBER or number.bottom is not None:
        raise NotByColumn("a date made of something that is no plain number")
    down, _ = translator.numbers.round(number, 0, "floor")
    broken: Flag = None
    if down is not number:
        same, _ = translator.numbers.compare(exp.NEQ, down, number)
        broken = any_flag(number.rough, certain(same))
    if down.top.constant:
        return whole(int(down.top.low * down.unit)), broken
    by = down.unit.numerator
    return (down.top.sql if by == 1 else binary(exp.Mul, down.top.sql, whole(by))), broken


def months_between(translator: Translator, start: Cell, end: Cell) -> Cell:
    """Give the whole months from one day to another, as in reckoning an age: boundaries are not counted."""
    frame, (first, last) = translator.meet(start, end)
    if first.kind is not Kind.DATE or last.kind is not Kind.DATE:
        raise NotByColumn("months between things that are no dates")
    years = binary(exp.Sub, _read(last, "YEAR"), _read(first, "YEAR"))
    months = binary(exp.Sub, _read(last, "MONTH"), _read(first, "MONTH"))
    whole_months = binary(exp.Add, binary(exp.Mul, years, whole(12)), months)
    early = binary(exp.LT, _read(last, "DAY"), _read(first, "DAY"))
    late = binary(exp.GT, _read(last, "DAY"), _read(first, "DAY"))
    more = both(binary(exp.GT, whole_months, whole(0)), early)
    less = both(binary(exp.LT, whole_months, whole(0)), late)
    correction = choice([(more, whole(-1)), (less, whole(1))], whole(0))
    sql = exp.Add(this=inside(whole_months), expression=inside(correction))
    number = translator.numbers.column(sql, -9999 * 12, 9999 * 12)
    doubt = any_flag(joined((first, last)), first.null, last.null)
    return translator.number(Kind.MONTHS, number, frame, sure=first.sure and last.sure, doubt=doubt)


def _read(cell: Cell, field: str) -> Sql:
    return exp.cast(exp.Extract(this=exp.Var(this=field), expression=cell.sql.copy()), "BIGINT")
