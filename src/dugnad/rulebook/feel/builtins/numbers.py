"""Numeric functions, all in 34-digit decimals."""

import decimal
from decimal import Decimal

from dugnad.rulebook.feel.builtins.registry import feel, whole
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import CONTEXT, Months, Value
from dugnad.rulebook.feel.wide import length_nanos

_ZERO = Decimal(0)
_EXACT = CONTEXT.copy()
_EXACT.prec = 12_500  # digits of the quotient of the greatest number and the smallest
MIN_SCALE, MAX_SCALE = -6111, 6176
"""Decimals that can be asked for: those of an IEEE 754 decimal128."""


def rounded(number: Decimal, scale: Decimal, how: str) -> Decimal:
    """Round to ``scale`` decimals (negative: tens, hundreds …) in one of decimal's ways. Raises Fault."""
    places = whole(scale, "The number of decimals")
    if not MIN_SCALE <= places <= MAX_SCALE:
        raise Fault("out-of-range", f"The number of decimals must be between {MIN_SCALE} and {MAX_SCALE}.")
    step = Decimal((0, (1,), -places))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return number
    try:
        return CONTEXT.add(number.quantize(step, rounding=how, context=CONTEXT), _ZERO)
    except decimal.InvalidOperation:
        raise Fault("out-of-range", "The number cannot be rounded so.") from None


@feel("decimal(n: number, scale: number)")
def to_decimal(n: Decimal, scale: Decimal) -> Decimal:
    """Round half even."""
    return rounded(n, scale, decimal.ROUND_HALF_EVEN)


@feel("floor(n: number, scale?: number)")
def floor(n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    """Round towards minus infinity."""
    return rounded(n, scale, decimal.ROUND_FLOOR)


@feel("ceiling(n: number, scale?: number)")
def ceiling(n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    """Round towards plus infinity."""
    return rounded(n, scale, decimal.ROUND_CEILING)


@feel("round up(n: number, scale: number)")
def round_up(n: Decimal, scale: Decimal) -> Decimal:
    """Round away from zero."""
    return rounded(n, scale, decimal.ROUND_UP)


@feel("round down(n: number, scale: number)")
def round_down(n: Decimal, scale: Decimal) -> Decimal:
    """Round towards zero."""
    return rounded(n, scale, decimal.ROUND_DOWN)


@feel("round half up(n: number, scale: number)")
def round_half_up(n: Decimal, scale: Decimal) -> Decimal:
    """Round to the nearest, a half away from zero."""
    return rounded(n, scale, decimal.ROUND_HALF_UP)


@feel("round half down(n: number, scale: number)")
def round_half_down(n: Decimal, scale: Decimal) -> Decimal:
    """Round to the nearest, a half towards zero."""
    return rounded(n, scale, decimal.ROUND_HALF_DOWN)


@feel("abs(n: number|duration)")
def absolute(n: Value) -> Value:
    """Give the size of a number or a duration."""
    if isinstance(n, Months):
        return Months(abs(n.months))
    if isinstance(n, Decimal):
        return CONTEXT.abs(n)
    return -n if length_nanos(n) < 0 else n


@feel("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Give ``dividend - divisor * floor(dividend / divisor)``, with the sign of the divisor."""
    if not divisor:
        raise Fault("division-by-zero", "modulo() by zero.")
    rest = CONTEXT.plus(_EXACT.remainder(dividend, divisor))
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@feel("sqrt(number: number)")
def sqrt(number: Decimal) -> Decimal:
    """Give the square root."""
    if number < 0:
        raise Fault("out-of-range", "The square root of a negative number.")
    return CONTEXT.sqrt(number)


@feel("log(number: number)")
def log(number: Decimal) -> Decimal:
    """Give the natural logarithm."""
    if number <= 0:
        raise Fault("out-of-range", "The logarithm of a number that is not above zero.")
    return CONTEXT.ln(number)


@feel("exp(number: number)")
def exp(number: Decimal) -> Decimal:
    """Give e to this power."""
    try:
        return CONTEXT.exp(number)
    except decimal.DecimalException:
        raise Fault("out-of-range", "exp() is too large.") from None


@feel("odd(number: number)")
def odd(number: Decimal) -> bool:
    """Tell whether a number is odd."""
    return modulo(number, Decimal(2)) == 1


@feel("even(number: number)")
def even(number: Decimal) -> bool:
    """Tell whether a number is even."""
    return modulo(number, Decimal(2)) == 0
