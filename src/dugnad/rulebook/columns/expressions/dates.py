"""Dates by column: their parts, months and days between them, months and days added."""

from calendar import monthrange

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
    either,
    inside,
    negated,
    truth,
    whole,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions.cell import Cell, Kind
from dugnad.rulebook.columns.expressions.translator import Translator, joined
from dugnad.rulebook.columns.plan.frames import Frame

PARTS = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "weekday": (1, 7)}
NUMBERS = {"day of year": ("doy", 1, 366), "week of year": ("week", 1, 53)}
"""What functions, not a dot, give of a date: the database's word for it, least, most."""
FURTHEST_MONTHS, FURTHEST_DAYS = 12 * 300, 366 * 300
"""How far a date is moved at most; rows that would move it further go to the exact evaluator."""
_FIRST_YEAR, _LAST_YEAR = 1000, 3000
"""The years of a date made of numbers: a fact's own date is from 1700 to 2300, and no database is near its limits."""
_FEBRUARY, _SHORT, _LONGEST = 2, (4, 6, 9, 11), 31


def part_of(translator: Translator, cell: Cell, name: str) -> Cell:
    """Give a part of a date or of a duration."""
    doubt = any_flag(cell.doubt, cell.null)
    if cell.kind is Kind.DATE and name in PARTS:
        return number_of(translator, cell, name, *PARTS[name])
    if cell.kind is Kind.MONTHS and name in ("years", "months") and cell.number is not None:
        twelve = translator.numbers.constant(12)
        years, _ = translator.numbers.round(translator.numbers.divide(cell.number, twelve)[0], 0, "down")
        months = translator.numbers.subtract(cell.number, translator.numbers.multiply(years, twelve))
        made = years if name == "years" else months
        return translator.number(Kind.NUMBER, made, cell.frame, sure=cell.sure, doubt=doubt)
    if cell.kind is Kind.DAYS and name == "days" and cell.number is not None:
        return translator.number(Kind.NUMBER, cell.number, cell.frame, sure=cell.sure, doubt=doubt)
    raise NotByColumn(f"“{name}” of a {cell.kind.value}")


def number_of(translator: Translator, cell: Cell, field: str, low: int, high: int) -> Cell:
    """Give a number that a database reads off a date."""
    if cell.kind is not Kind.DATE:
        raise NotByColumn(f"a date read from a {cell.kind.value}")
    sql = exp.cast(translator.target.part(field, cell.sql), "BIGINT")
    number = translator.numbers.column(sql, low, high)
    doubt = any_flag(cell.doubt, cell.null)
    return translator.number(Kind.NUMBER, number, cell.frame, sure=cell.sure, doubt=doubt)


def shifted(translator: Translator, op: str, left: Cell, right: Cell, frame: Frame | None) -> Cell:
    """Add to a date, take from it, or take one date from another."""
    if op == "+" and right.kind is Kind.DATE:
        left, right = right, left
    sure = left.sure and right.sure
    if (left.kind, op, right.kind) == (Kind.DATE, "-", Kind.DATE):
        days = exp.cast(translator.target.days_between(left.sql, right.sql), "BIGINT")
        number = translator.numbers.column(days, -FURTHEST_DAYS * 9, FURTHEST_DAYS * 9)
        return translator.number(Kind.DAYS, number, frame, sure=sure)
    length = right.number
    if left.kind is Kind.DATE and op in "+-" and length is not None and right.kind is not Kind.NUMBER:
        months = right.kind is Kind.MONTHS
        length = translator.numbers.negative(length) if op == "-" else length
        counted, doubt = _counted(length, FURTHEST_MONTHS if months else FURTHEST_DAYS)
        later = translator.target.months_later if months else translator.target.days_later
        return Cell(Kind.DATE, later(left.sql, counted), frame, doubt=doubt, sure=sure and doubt is None)
    raise NotByColumn(f"“{op}” between {left.kind.value} and {right.kind.value}")


def _counted(length: Number, furthest: int) -> tuple[Sql, Flag]:
    """Give a length as a plain whole number, NULL where it is too long, and where that is."""
    if length.bottom is not None or length.unit.denominator != 1:
        raise NotByColumn("a length that is no whole number")
    sql = _plain(length)
    if length.most <= furthest:
        return sql, None
    if length.top.constant:
        raise NotByColumn("a date further away than 300 years")
    fits = both(binary(exp.GTE, sql, whole(-furthest)), binary(exp.LTE, sql, whole(furthest)))
    return choice([(fits, sql)]), certain(negated(fits))


def _plain(number: Number) -> Sql:
    """Write a number whose unit is whole."""
    by = number.unit.numerator
    if number.top.constant:
        return whole(number.top.low * by)
    return number.top.sql if by == 1 else binary(exp.Mul, number.top.sql, whole(by))


def date_of(translator: Translator, year: Cell, month: Cell, day: Cell) -> Cell:
    """Make a date of its numbers; rows where there may be no such day go to the exact evaluator."""
    frame, cells = translator.meet(year, month, day)
    wholes = [_whole_part(translator, cell) for cell in cells]
    numbers = [number for number, _ in wholes]
    limits = _limits(numbers)
    if any(isinstance(limit, exp.Boolean) and not limit.this for limit in limits):
        raise NotByColumn("a date that there is not")
    fits = both(*limits)
    certainly = isinstance(fits, exp.Boolean)
    made = translator.target.date_of(*(_plain(number) for number in numbers))
    doubt = any_flag(joined(cells), *(cell.null for cell in cells), *(broken for _, broken in wholes))
    if not certainly:
        known = both(*(cell.known for cell in cells if not cell.sure))
        doubt = any_flag(doubt, both(certain(known), negated(certain(fits))))
        made = choice([(fits, made)])
    return Cell(Kind.DATE, made, frame, doubt=doubt, sure=all(cell.sure for cell in cells) and certainly)


def _limits(numbers: list[Number]) -> list[Sql]:
    """Give the conditions of there being such a day; those that hold in every row are left out."""
    year, month, day = numbers
    limits = [*_between(year, _FIRST_YEAR, _LAST_YEAR), *_between(month, 1, 12), *_between(day, 1, _LONGEST)]
    if _highest(day) > _LONGEST - 3 and truth(False) not in limits:
        limits.append(_short_enough(*numbers))
    return limits


def _short_enough(year: Number, month: Number, day: Number) -> Sql:
    """Tell whether the month has so many days."""
    if month.top.constant and day.top.constant and (year.top.constant or _highest(month) != _FEBRUARY):
        least = _highest(year) if year.top.constant else _FIRST_YEAR
        return truth(_highest(day) <= monthrange(least, _highest(month))[1])
    when = _plain(month)
    february = binary(exp.EQ, when, whole(_FEBRUARY))
    short = either(*(binary(exp.EQ, when, whole(number)) for number in _SHORT))
    of_february = choice([(_leap(_plain(year)), whole(29))], whole(28))
    length = choice([(february, of_february), (short, whole(30))], whole(31))
    return binary(exp.LTE, _plain(day), length)


def _leap(year: Sql) -> Sql:
    """Tell a leap year of the Gregorian calendar."""
    fourth, hundredth, four_hundredth = (
        binary(exp.EQ, exp.Mod(this=inside(year), expression=whole(by)), whole(0)) for by in (4, 100, 400)
    )
    return either(both(fourth, negated(hundredth)), four_hundredth)


def _between(number: Number, low: int, high: int) -> list[Sql]:
    if number.top.constant:
        return [truth(low <= _highest(number) <= high)]
    if number.unit > 0 and number.top.low * number.unit >= low and _highest(number) <= high:
        return []
    sql = _plain(number)
    return [binary(exp.GTE, sql, whole(low)), binary(exp.LTE, sql, whole(high))]


def _highest(number: Number) -> int:
    return int(max(number.top.low * number.unit, number.top.high * number.unit))


def _whole_part(translator: Translator, cell: Cell) -> tuple[Number, Flag]:
    """Give a number that must be whole, and where it is not."""
    number = cell.number
    if number is None or cell.kind is not Kind.NUMBER or number.bottom is not None:
        raise NotByColumn("a date made of something that is no plain number")
    return whole_only(translator, number)


def whole_only(translator: Translator, number: Number) -> tuple[Number, Flag]:
    """Give a number that must be whole, and where it is not, or only FEEL's own rounding tells."""
    down, _ = translator.numbers.round(number, 0, "floor")
    if down is number:
        return number, None
    broken, _ = translator.numbers.compare(exp.NEQ, down, number)
    return down, any_flag(number.rough, certain(broken))


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
