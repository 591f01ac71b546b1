"""Whole numbers in SQL whose bounds are known, so that nothing can overflow: 64 bits, or the wide type.

The wide type is HUGEINT in DuckDB, NUMERIC in PostgreSQL, DECIMAL(38, 0) in Spark: 37 digits hold in all.
"""

from dataclasses import dataclass

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import Sql, binary, choice, inside, whole
from dugnad.rulebook.columns.cells.target import Target

NARROW = 2**62
"""What 64 bits surely hold, with room for one addition."""
WIDEST = 10**37
SHARP = 2**48
"""A quotient below this a float, with its 53 bits, gives to less than one, whatever was rounded on the way."""


class NotByColumn(Exception):  # noqa: N818 - a finding on its way, no error of the program
    """Something that cannot be said in SQL with the same meaning; `reason` says what, in plain words."""

    def __init__(self, reason: str, start: int = -1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number: its SQL, the bounds it surely keeps, whether it has the wide type, or is a constant."""

    sql: Sql
    low: int
    high: int
    wide: bool = False
    constant: bool = False

    @classmethod
    def of(cls, value: int, target: Target) -> "Int":
        """Write a constant."""
        if abs(value) < NARROW:
            return cls(whole(value), value, value, constant=True)
        literal: Sql = exp.Literal.number(str(abs(value)))
        sql = exp.Neg(this=literal) if value < 0 else literal
        return cls(exp.cast(sql, target.wide, copy=False), value, value, wide=True, constant=True)

    @staticmethod
    def narrow(low: int, high: int) -> bool:
        """Tell whether 64 bits hold these bounds. Raises NotByColumn beyond 37 digits."""
        return _fits(low, high)

    def widened(self, target: Target) -> Sql:
        """Give it in the wide type."""
        return inside(self.sql) if self.wide else exp.cast(self.sql.copy(), target.wide)


def _fits(low: int, high: int) -> bool:
    if max(abs(low), abs(high)) >= WIDEST:
        raise NotByColumn("the whole numbers behind this grow beyond 37 digits")
    return max(abs(low), abs(high)) < NARROW


def _joined(kind: type[exp.Binary], left: Int, right: Int, low: int, high: int, target: Target) -> Int:
    narrow = _fits(low, high) and not left.wide and not right.wide
    if narrow:
        return Int(binary(kind, left.sql, right.sql), low, high)
    return Int(kind(this=left.widened(target), expression=right.widened(target)), low, high, wide=True)


def add(left: Int, right: Int, target: Target) -> Int:
    """Add."""
    if left.constant and right.constant:
        return Int.of(left.low + right.low, target)
    if left.constant and not left.low:
        return right
    if right.constant and not right.low:
        return left
    return _joined(exp.Add, left, right, left.low + right.low, left.high + right.high, target)


def multiply(left: Int, right: Int, target: Target) -> Int:
    """Multiply."""
    if left.constant and right.constant:
        return Int.of(left.low * right.low, target)
    for one, other in ((left, right), (right, left)):
        if one.constant and one.low in (0, 1):
            return other if one.low else choose_zero(other, target)
    ends = [x * y for x in (left.low, left.high) for y in (right.low, right.high)]
    return _joined(exp.Mul, left, right, min(ends), max(ends), target)


def choose_zero(other: Int, target: Target) -> Int:
    """Give nought, but NULL where the other factor is NULL."""
    return Int(binary(exp.Mul, other.sql, Int.of(0, target).sql), 0, 0, other.wide)


def negative(number: Int, target: Target) -> Int:
    """Change the sign."""
    if number.constant:
        return Int.of(-number.low, target)
    return Int(exp.Neg(this=inside(number.sql)), -number.high, -number.low, number.wide)


def absolute(number: Int) -> Int:
    """Give the size without sign."""
    if number.low >= 0:
        return number
    low = 0 if number.high >= 0 else -number.high
    return Int(exp.Abs(this=number.sql.copy()), low, max(-number.low, number.high), number.wide)


def sign(number: Int) -> Int:
    """Give -1 or 1; 1 for nought."""
    if number.low >= 0:
        return Int(choice([(binary(exp.GTE, number.sql, whole(0)), whole(1))]), 1, 1)
    less = binary(exp.LT, number.sql, whole(0))
    more = binary(exp.GTE, number.sql, whole(0))
    return Int(choice([(less, whole(-1)), (more, whole(1))]), -1, 1)


def remainder(number: Int, by: Int, target: Target) -> Int:
    """Give the remainder with the sign of the number; `by` is positive."""
    wide = number.wide or by.wide
    left = number.widened(target) if wide else inside(number.sql)
    right = by.widened(target) if wide else inside(by.sql)
    most = by.high - 1
    return Int(
        exp.Mod(this=left, expression=right),
        0 if number.low >= 0 else -most,
        most if number.high > 0 else 0,
        wide,
    )


@dataclass(frozen=True, slots=True)
class _Near:
    """A quotient found by a float and what it leaves, exactly: `number = quotient * by + left`.

    `sharp`: what is left is smaller than the divisor, though perhaps below nought.
    """

    quotient: Int
    left: Int
    sharp: bool


def _near(number: Int, by: Int, target: Target) -> _Near | None:
    """Divide a wide number by a float and take the error back by whole numbers.

    DuckDB divides 128 bits bit by bit, some thirty times slower than this. None where that is not the question,
    or where what is left could be too large for 64 bits.
    """
    if not (number.wide or by.wide) or not target.floats or by.low < 1:
        return None
    most = max(abs(number.low), abs(number.high)) // by.low + 1
    sharp = most < SHARP
    # Each of three roundings to 53 bits moves a quotient of SHARP by an eighth at most, the last one by a half.
    off = by.high - 1 if sharp else by.high * (most // SHARP + 2)
    if off >= NARROW and not sharp:
        return None
    parts = [exp.cast(part.sql.copy(), "DOUBLE") for part in (number, by)]
    ratio = exp.Round(this=exp.Div(this=parts[0], expression=parts[1]))
    wide = most >= NARROW // 2
    quotient = Int(exp.cast(ratio, target.wide if wide else "BIGINT"), -2 * most, 2 * most, wide)
    taken = exp.Mul(this=quotient.widened(target), expression=by.widened(target))
    left: Sql = exp.Sub(this=number.widened(target), expression=exp.Paren(this=taken))
    narrow = off < NARROW
    left = exp.cast(left, "BIGINT") if narrow else left
    return _Near(quotient, Int(left, -off, off, not narrow), sharp)


def rest(number: Int, by: Int, target: Target) -> Int:
    """Give what is nought just where `by`, which is positive, divides the number; its sign says nothing."""
    near = _near(number, by, target)
    if near is None:
        return remainder(number, by, target)
    return near.left if near.sharp else remainder(near.left, _narrowed(by), target)


def _narrowed(by: Int) -> Int:
    return Int(exp.cast(by.sql.copy(), "BIGINT"), by.low, by.high) if by.wide else by


def _by_float(near: _Near, by: Int, low: int, high: int, target: Target) -> Int:
    """Give the quotient rounded towards minus infinity."""
    if near.sharp:
        below = exp.cast(exp.Paren(this=binary(exp.LT, near.left.sql, whole(0))), "BIGINT")
        return Int(exp.Sub(this=inside(near.quotient.sql), expression=below), low, high)
    found = add(near.quotient, divide_down(near.left, _narrowed(by), target), target)
    return Int(found.sql, low, high, found.wide)


def divide_down(number: Int, by: Int, target: Target) -> Int:
    """Divide and round towards minus infinity; `by` is positive."""
    if by.constant and by.low == 1:
        return number
    low, high = min(number.low, 0), max(number.high, 0)
    if by.constant:
        low, high = number.low // by.low, number.high // by.low
    near = _near(number, by, target)
    if near is not None:
        return _by_float(near, by, low, high, target)
    wide = number.wide or by.wide
    top = number
    if number.low < 0:
        rest = remainder(number, by, target)
        down = add(rest, by, target)
        top = add(number, negative(remainder(down, by, target), target), target)
    left = top.widened(target) if wide else inside(top.sql)
    right = by.widened(target) if wide else inside(by.sql)
    return Int(target.exact_quotient(left, right, wide=wide), low, high, wide)


def common_width(numbers: list[Int], target: Target) -> list[Int]:
    """Give all of them in one type."""
    if not any(number.wide for number in numbers):
        return numbers
    return [Int(number.widened(target), number.low, number.high, wide=True) for number in numbers]
