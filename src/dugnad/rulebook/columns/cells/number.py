"""Numbers by column, exact: whole numbers over a denominator known beforehand, never a float.

A number is `top * unit / bottom`. What FEEL calculates with 34 digits is calculated here without any rounding,
so the two can differ only where FEEL's own rounding matters: a third times three. `rough` says in which rows
the 34 digits were not enough, `error` how far off they can be. A rough number that lies exactly on the edge of
a comparison or of a rounding is left to the exact evaluator; anywhere else both must say the same, since two
different fractions with these denominators are further apart than the error.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Literal

from sqlglot import exp

from dugnad.rulebook.columns.cells import whole
from dugnad.rulebook.columns.cells.rounding import Rounding
from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    binary,
    both,
    certain,
    choice,
    is_there,
    truth,
)
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import Int, NotByColumn
from dugnad.rulebook.feel.values import CONTEXT

ULP = 1e-33
"""Relative error of one operation with 34 digits, generously."""
DIGITS = 10**33
NEAREST = Fraction(1, 2 * 10**34)
"""A constant this near, relatively, to the true value gives the product's own nearest number: x times it is less
than half of the last digit away, so a product that has no more than 34 digits comes out exactly."""


@dataclass(frozen=True, slots=True)
class Number:
    """`top * unit / bottom`. `bottom` is positive, None for one.

    `said` is what FEEL, with its 34 digits, has for a constant that no decimal fraction gives: 12 / 23.
    """

    top: Int
    unit: Fraction
    bottom: Int | None = None
    rough: Flag = None
    error: float = 0.0
    said: Decimal | None = None

    @property
    def constant(self) -> Fraction | None:
        """Give the value where it is the same in every row."""
        if self.bottom is None and self.top.constant:
            return self.top.low * self.unit
        return None

    @property
    def spoken(self) -> Decimal | None:
        """Give what FEEL has for a constant; None for any other number, or where nobody has followed it."""
        value = self.constant
        if value is None or self.rough is not None:
            return self.said
        return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))

    @property
    def near(self) -> bool:
        """Tell whether a rough constant gives every product that 34 digits hold just as it is."""
        value = self.constant
        return bool(value) and self.said is not None and abs(Fraction(self.said) / (value or 1) - 1) < NEAREST

    @property
    def most(self) -> float:
        """Give what its size surely does not exceed."""
        return float(max(abs(self.top.low), abs(self.top.high)) * abs(self.unit))


class Arithmetic:
    """Calculates with numbers in the SQL of one target."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def constant(self, value: Fraction | Decimal | int) -> Number:
        """Write a constant; a decimal of 34 digits too, whose fraction nobody knows."""
        exact = Fraction(value)
        if exact.denominator > DIGITS // 10**12:
            raise NotByColumn("the constant has too many digits")
        number = Number(Int.of(exact.numerator, self.target), Fraction(1, exact.denominator))
        return self._checked(number, ())

    def column(self, sql: Sql, low: int, high: int, decimals: int = 0, *, wide: bool = False) -> Number:
        """Read a column of whole numbers with so many decimals."""
        return Number(Int(sql, low, high, wide), Fraction(1, 10**decimals))

    def add(self, left: Number, right: Number) -> Number:
        """Add."""
        one, other, unit, bottom = self.alike(left, right)
        top = whole.add(one, other, self.target)
        made = Number(top, unit, bottom, error=left.error + right.error, said=_said("add", left, right))
        return self._checked(made, (left.rough, right.rough))

    def negative(self, number: Number) -> Number:
        """Change the sign."""
        if number.top.constant:
            said = None if number.said is None else number.said.copy_negate()
            return replace(number, top=whole.negative(number.top, self.target), said=said)
        return replace(number, unit=-number.unit)

    def subtract(self, left: Number, right: Number) -> Number:
        """Subtract."""
        return self.add(left, self.negative(right))

    def multiply(self, left: Number, right: Number) -> Number:
        """Multiply."""
        for one, other in ((left, right), (right, left)):
            value = one.constant
            if value is not None and value != 0 and other.constant is None:
                error = other.error * abs(float(value)) + one.error * other.most
                made = Number(other.top, other.unit * value, other.bottom, error=error)
                rough = None if one.near else one.rough
                return self._checked(made, (rough, other.rough))
        top = whole.multiply(left.top, right.top, self.target)
        bottom = self._product(left.bottom, right.bottom)
        error = left.error * right.most + right.error * left.most
        made = Number(top, left.unit * right.unit, bottom, error=error, said=_said("multiply", left, right))
        return self._checked(made, (left.rough, right.rough))

    def divide(self, left: Number, right: Number) -> tuple[Number, Flag]:
        """Divide; the flag is true where the divisor is nought."""
        by = right.constant
        if by is not None:
            if by == 0:
                raise NotByColumn("it divides by zero")
            error = (left.error + left.most * right.error) / abs(float(by))
            said = _said("divide", left, right)
            made = Number(left.top, left.unit / by, left.bottom, error=error, said=said)
            return self._checked(made, (left.rough, right.rough)), None
        if right.bottom is None and right.top.low == right.top.high and right.top.low:
            return self._divided_by_one(left, right), None
        none = certain(binary(exp.EQ, right.top.sql, whole.Int.of(0, self.target).sql))
        size = whole.absolute(right.top)
        safe = Int(
            exp.Nullif(this=size.sql.copy(), expression=exp.Literal.number("0")),
            1,
            max(size.high, 1),
            size.wide,
        )
        top = whole.multiply(left.top, whole.sign(right.top), self.target)
        if right.bottom is not None:
            top = whole.multiply(top, right.bottom, self.target)
        bottom = self._product(left.bottom, safe)
        least = float(abs(right.unit)) / (right.bottom.high if right.bottom else 1)
        most = left.most / least
        made = Number(top, left.unit / right.unit, bottom, error=(left.error + most * right.error) / least)
        return self._checked(made, (left.rough, right.rough), most), none

    def _divided_by_one(self, left: Number, right: Number) -> Number:
        """Divide by what is one known number, or unknown."""
        known = choice([(is_there(right.top.sql), left.top.sql)])
        top = replace(left.top, sql=known, constant=False)
        by = right.top.low * right.unit
        made = Number(top, left.unit / by, left.bottom, error=left.error / abs(float(by)))
        return self._checked(made, (left.rough, right.rough))

    def power(self, base: Number, exponent: int) -> Number:
        """Multiply by itself."""
        result = self.constant(1)
        for _ in range(exponent):
            result = self.multiply(result, base)
        return result

    def _product(self, left: Int | None, right: Int | None) -> Int | None:
        if left is None or right is None:
            return left if right is None else right
        return whole.multiply(left, right, self.target)

    def _checked(self, made: Number, rough: tuple[Flag, ...], most: float | None = None) -> Number:
        """Say in which rows 34 digits are not enough for the new number."""
        error = made.error + (made.most if most is None else most) * ULP
        own = self._endless(made)
        flag = any_flag(*rough, own)
        return replace(made, rough=flag, error=error if flag is not None else 0.0)

    def _endless(self, number: Number) -> Flag:
        """Tell in which rows the decimal fraction does not end, or is longer than 34 digits."""
        denominator = number.unit.denominator
        places, odd = _places(denominator)
        longest = max(abs(number.top.low), abs(number.top.high)) * abs(number.unit.numerator)
        if longest * 10**places // denominator >= DIGITS:
            return truth(True)
        if number.bottom is None and odd == 1:
            return None
        by = Int.of(odd, self.target)
        if number.bottom is not None:
            by = whole.multiply(by, number.bottom, self.target)
        if number.top.constant and number.bottom is None:
            return None if number.top.low % odd == 0 else truth(True)
        rest = whole.rest(number.top, by, self.target)
        return certain(binary(exp.NEQ, rest.sql, Int.of(0, self.target).sql))

    def alike(self, left: Number, right: Number) -> tuple[Int, Int, Fraction, Int | None]:
        """Bring two numbers to one unit and one denominator: their whole numbers can then be compared."""
        unit = Fraction(
            gcd(
                left.unit.numerator * right.unit.denominator,
                right.unit.numerator * left.unit.denominator,
            ),
            left.unit.denominator * right.unit.denominator,
        ) or Fraction(1)
        one = self._scaled(left.top, left.unit / unit)
        other = self._scaled(right.top, right.unit / unit)
        if left.bottom is None and right.bottom is None:
            return one, other, unit, None
        if left.bottom is not None and right.bottom is not None and left.bottom.sql == right.bottom.sql:
            return one, other, unit, left.bottom
        if right.bottom is not None:
            one = whole.multiply(one, right.bottom, self.target)
        if left.bottom is not None:
            other = whole.multiply(other, left.bottom, self.target)
        return one, other, unit, self._product(left.bottom, right.bottom)

    def _scaled(self, top: Int, by: Fraction) -> Int:
        return whole.multiply(top, Int.of(int(by), self.target), self.target)

    def compare(self, kind: type[exp.Binary], left: Number, right: Number) -> tuple[Sql, Flag]:
        """Compare; the flag is true where FEEL's own rounding decides."""
        one, other, unit, bottom = self.alike(left, right)
        first, second = whole.common_width([one, other], self.target)
        rough = any_flag(left.rough, right.rough)
        doubt: Flag = None
        if rough is not None:
            edge = certain(binary(exp.EQ, first.sql, second.sql))
            doubt = both(rough, edge) if _apart(unit, bottom, left.error + right.error) else rough
        return binary(kind, first.sql, second.sql), doubt

    def round(self, number: Number, places: int, way: str) -> tuple[Number, Flag]:
        """Round to so many decimals: floor, ceiling, down, up, half up, half down, half even."""
        scaled = number.unit * Fraction(10) ** places
        if scaled.denominator == 1 and number.bottom is None:
            if number.rough is None:
                return number, None
            # Whole already, but FEEL's own value may lie a hair beside it: only the nearest whole is the same.
            return replace(number, rough=None, error=0.0), None if way.startswith("half") else number.rough
        top = self._scaled(number.top, Fraction(scaled.numerator))
        under = Int.of(scaled.denominator, self.target)
        if number.bottom is not None:
            under = whole.multiply(under, number.bottom, self.target)
        doubt: Flag = None
        if number.rough is not None:
            edge = self._on_edge(top, under, way)
            apart = _apart(Fraction(1, 2 * scaled.denominator), number.bottom, number.error * 10**places)
            doubt = both(number.rough, edge) if apart else number.rough
        result = Rounding(self.target, top, under).by(way)
        return Number(result, Fraction(1) / Fraction(10) ** places), doubt

    def _on_edge(self, top: Int, under: Int, way: str) -> Sql:
        """Tell where `top / under` lies where a rounding turns: on a half, or on a whole number."""
        if way.startswith("half"):
            two = Int.of(2, self.target)
            top = whole.add(
                whole.multiply(top, two, self.target), whole.negative(under, self.target), self.target
            )
            under = whole.multiply(under, two, self.target)
        rest = whole.rest(top, under, self.target)
        return certain(binary(exp.EQ, rest.sql, Int.of(0, self.target).sql))

    def select(self, branches: list[tuple[Sql, Number]], otherwise: Number | None) -> Number:
        """Write CASE over numbers: all come to one unit, a branch's roughness counts where it is taken."""
        numbers = [number for _, number in branches] + ([otherwise] if otherwise else [])
        unit = _common(numbers)
        bottoms = [number.bottom for number in numbers if number.bottom is not None]
        tops = [self._scaled(number.top, number.unit / unit) for number in numbers]
        tops = whole.common_width(tops, self.target)
        low, high = min(top.low for top in tops), max(top.high for top in tops)
        conditions = [condition for condition, _ in branches]
        bottom = self._selected_bottom(conditions, numbers) if bottoms else None
        rough = [(condition, number.rough) for condition, number in branches]
        top = Int(_case(conditions, [top.sql for top in tops]), low, high, tops[0].wide)
        flag = _rough_case(rough, otherwise.rough if otherwise else None)
        return Number(top, unit, bottom, flag, max(number.error for number in numbers))

    def _selected_bottom(self, conditions: list[Sql], numbers: list[Number]) -> Int:
        one = Int.of(1, self.target)
        parts = whole.common_width([number.bottom or one for number in numbers], self.target)
        return Int(
            _case(conditions, [part.sql for part in parts]),
            min(part.low for part in parts),
            max(part.high for part in parts),
            parts[0].wide,
        )


def _said(how: Literal["add", "multiply", "divide"], left: Number, right: Number) -> Decimal | None:
    """Calculate with two constants as FEEL does."""
    one, other = left.spoken, right.spoken
    if one is None or other is None:
        return None
    made: Decimal = getattr(CONTEXT, how)(one, other)
    return made


def _apart(unit: Fraction, bottom: Int | None, error: float) -> bool:
    """Tell whether two different fractions are always further apart than the error."""
    return float(unit) / (bottom.high if bottom is not None else 1) > 2 * error


def _case(conditions: list[Sql], values: list[Sql]) -> Sql:
    branches = list(zip(conditions, values, strict=False))
    return choice(branches, values[len(conditions)] if len(values) > len(conditions) else None)


def _rough_case(branches: list[tuple[Sql, Flag]], otherwise: Flag) -> Flag:
    if otherwise is None and all(flag is None for _, flag in branches):
        return None
    no = truth(False)
    return choice([(condition, flag or no) for condition, flag in branches], otherwise or no)


def _common(numbers: list[Number]) -> Fraction:
    top = bottom = 0
    for number in numbers:
        top = gcd(top, number.unit.numerator)
        bottom = lcm(bottom or 1, number.unit.denominator)
    return Fraction(top or 1, bottom or 1)


def _places(denominator: int) -> tuple[int, int]:
    """Give how many decimals the twos and fives of a denominator need, and what else is in it."""
    places = 0
    for prime in (2, 5):
        power = 0
        while denominator % prime == 0:
            denominator //= prime
            power += 1
        places = max(places, power)
    return places, denominator
