"""What the operators mean: equality, order, arithmetic, membership. Slow paths; the compiler has the fast
ones.

Every function here takes any values: an Unknown gives Unknown, what FEEL calls an error raises ``Fault``.
"""

import decimal
import operator
from collections.abc import Callable, Hashable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from dugnad.rulebook.feel import temporal
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import (
    CONTEXT,
    MAX_LEVELS_OF_VALUES,
    Months,
    Range,
    Unknown,
    Value,
    is_context,
    kind_of,
    merged_unknown,
    unknown_or,
)

MAX_NESTED = 1_000_000
"""Parts of one value, counted as often as they stand in it; sixteen letters of a text are a part."""
MAX_TEXT = 1_000_000
"""Characters of a text that can be made by joining."""
Truth: TypeAlias = Any
"""True, False or Unknown."""
Order = Callable[[Value, Value], bool]
ORDERS: dict[str, Order] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    """Raise to a power; 0 to a negative one is a division by zero, which Python's decimals take for infinity."""
    if not base and exponent < 0:
        raise decimal.DivisionByZero
    made = CONTEXT.power(base, exponent)
    return made if exponent == exponent.to_integral_value() else made.normalize(CONTEXT)


ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": _power,
}
_SIMPLE = (bool, str, Decimal, int)


def mismatch(what: str, *values: Value) -> Fault:
    """Make the fault of an operation that does not exist between these kinds of values."""
    if any(value is None for value in values):
        return Fault("null-operand", f"A value is missing (null) in {what}.")
    return Fault("type-mismatch", f"{what} is not defined for {' and '.join(map(kind_of, values))}.")


def equal(left: Value, right: Value) -> Truth:
    """Compare as FEEL's ``=``: null equals only null, different kinds are an error. Raises Fault."""
    if type(left) is Unknown or type(right) is Unknown:
        return unknown_or((left, right), False)
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right):
        raise mismatch("=", left, right)
    rule = _EQUAL.get(kind)
    return bool(left == right) if rule is None else rule(left, right)


def bounded(value: Value) -> None:
    """Refuse a value that holds itself so many times over, or so deeply, that nobody can walk through it. Raises Fault.

    Sixty steps of ``[x, x]`` are sixty lists and a million million million items.
    """
    room = MAX_NESTED
    level = [value]
    for _ in range(MAX_LEVELS_OF_VALUES):
        below: list[Value] = []
        for part in level:
            inner = part.values() if is_context(part) else part if isinstance(part, list) else ()
            room -= len(inner)
            for item in inner:
                if isinstance(item, (list, Mapping)):
                    below.append(item)
                elif type(item) is str:
                    room -= len(item) >> 4
            if room < 0:
                raise Fault("too-large", f"A value with more than {MAX_NESTED} parts within each other.")
        if not below:
            return
        level = below
    raise Fault("too-large", f"A value nested in more than {MAX_LEVELS_OF_VALUES} levels.")


def _equal_lists(left: Value, right: Value) -> Truth:
    bounded(left)
    return len(left) == len(right) and _all_equal(zip(left, right, strict=True))


def _equal_contexts(left: Value, right: Value) -> Truth:
    bounded(left)
    return set(left) == set(right) and _all_equal((left[key], right[key]) for key in left)


def _equal_ranges(left: Range, right: Range) -> Truth:
    return _kept(left) == _kept(right) and _all_equal(((left.low, right.low), (left.high, right.high)))


def _equal_times(left: Value, right: Value) -> Truth:
    if temporal.zoned(left) != temporal.zoned(right):
        return False
    first, second = temporal.order_keys(left, right)
    return first == second


def _equal_functions(left: Value, right: Value) -> Truth:
    return left is right


_EQUAL: dict[str, Callable[[Any, Any], Truth]] = {
    "list": _equal_lists,
    "context": _equal_contexts,
    "range": _equal_ranges,
    "time": _equal_times,
    "date and time": _equal_times,
    "function": _equal_functions,
}


def key_of(value: Value) -> Hashable:
    """Give a key that two known values share exactly when ``same_value`` says they are the same."""
    kind = kind_of(value)
    if kind == "list":
        return (kind, tuple(map(key_of, value)))
    if kind == "context":
        return (kind, frozenset((key, key_of(item)) for key, item in value.items()))
    if kind == "range":
        return (kind, _kept(value), key_of(value.low), key_of(value.high))
    if kind in ("time", "date and time"):
        return (kind, temporal.zoned(value), temporal.order_keys(value, value)[0])
    return (kind, id(value) if kind == "function" else value)


def _kept(interval: Range) -> tuple[bool, bool, str]:
    return interval.low_included, interval.high_included, interval.form


def _all_equal(pairs: object) -> Truth:
    undecided: list[Unknown] = []
    for left, right in pairs:  # type: ignore[attr-defined] # any iterable of pairs
        if type(left) is Unknown or type(right) is Unknown:
            undecided.append(unknown_or((left, right), Unknown(frozenset())))
            continue
        same = same_value(left, right)
        if same is False:
            return False
        if type(same) is Unknown:
            undecided.append(same)
    return unknown_or(undecided, True)


def same_value(left: Value, right: Value) -> Truth:
    """Compare without error: values of different kinds are simply not the same."""
    if kind_of(left) != kind_of(right) and type(left) is not Unknown and type(right) is not Unknown:
        return False
    return equal(left, right)


ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def compare(op: str, left: Value, right: Value) -> Truth:
    """Compare by ``<``, ``<=``, ``>`` or ``>=``. Raises Fault for null and for kinds without a common
    order.
    """
    if type(left) is Unknown or type(right) is Unknown:
        return unknown_or((left, right), False)
    kind = kind_of(left)
    if kind not in ORDERED or kind_of(right) != kind:
        raise mismatch(op, left, right)
    if kind in ("time", "date and time"):
        left, right = temporal.order_keys(left, right)
    elif kind == "date" and not (isinstance(left, date) and isinstance(right, date)):
        left, right = temporal.day_number(left), temporal.day_number(right)
    elif kind == _DAYS and not (isinstance(left, timedelta) and isinstance(right, timedelta)):
        left, right = temporal.length_nanos(left), temporal.length_nanos(right)
    return ORDERS[op](left, right)


def exactly(op: str, left: Decimal, right: Decimal) -> Decimal:
    """Calculate with two numbers. Raises Fault for division by zero and results without meaning."""
    if op == "**" and not right:
        return Decimal(1)
    try:
        return ARITHMETIC[op](left, right)
    except decimal.DivisionByZero:
        raise Fault("division-by-zero", "Division by zero.") from None
    except decimal.DecimalException:
        if op == "/" and not right:
            raise Fault("division-by-zero", "Division by zero.") from None
        raise Fault("out-of-range", f"The result of {op} is not a number FEEL can hold.") from None


def calculate(op: str, left: Value, right: Value) -> Value:
    """Calculate with any two values. Raises Fault where DMN defines no result."""
    if type(left) is Unknown or type(right) is Unknown:
        return merged_unknown((left, right))
    kinds = (kind_of(left), kind_of(right))
    if kinds == ("number", "number"):
        return exactly(op, Decimal(left), Decimal(right))
    if kinds == ("string", "string") and op == "+":
        if len(left) + len(right) > MAX_TEXT:
            raise Fault("too-large", f"A text of more than {MAX_TEXT} characters.")
        return left + right
    rule = _TEMPORAL.get((kinds[0], op, kinds[1]))
    if rule is None:
        raise mismatch(op, left, right)
    try:
        return rule(left, right)
    except OverflowError:
        raise Fault(
            "out-of-range", f"The result of {op} is outside what a date or duration can hold."
        ) from None


def _divide_lengths(left: Value, right: Value) -> Decimal:
    return exactly("/", temporal.seconds_of(left), temporal.seconds_of(right))


def _scaled(op: str) -> Callable[[Value, Decimal], Value]:
    return lambda length, by: temporal.of_seconds(exactly(op, temporal.seconds_of(length), by))


def _scaled_months(op: str) -> Callable[[Months, Decimal], Months]:
    return lambda length, by: temporal.months_from(exactly(op, Decimal(length.months), by))


_DAYS, _YEARS = "days and time duration", "years and months duration"
_MOMENTS = ("date", "date and time")
_TEMPORAL: dict[tuple[str, str, str], Callable[[Value, Value], Value]] = {
    (_DAYS, "+", _DAYS): temporal.add_lengths,
    (_DAYS, "-", _DAYS): lambda left, right: temporal.add_lengths(left, right, -1),
    (_DAYS, "/", _DAYS): _divide_lengths,
    (_DAYS, "*", "number"): _scaled("*"),
    ("number", "*", _DAYS): lambda by, length: _scaled("*")(length, by),
    (_DAYS, "/", "number"): _scaled("/"),
    (_YEARS, "+", _YEARS): lambda left, right: temporal.months_of(left.months + right.months),
    (_YEARS, "-", _YEARS): lambda left, right: temporal.months_of(left.months - right.months),
    (_YEARS, "/", _YEARS): lambda left, right: exactly("/", Decimal(left.months), Decimal(right.months)),
    (_YEARS, "*", "number"): _scaled_months("*"),
    ("number", "*", _YEARS): lambda by, length: _scaled_months("*")(length, by),
    (_YEARS, "/", "number"): _scaled_months("/"),
    ("time", "+", _DAYS): temporal.shift_time,
    (_DAYS, "+", "time"): lambda length, moment: temporal.shift_time(moment, length),
    ("time", "-", _DAYS): lambda moment, length: temporal.shift_time(moment, length, -1),
    ("time", "-", "time"): temporal.time_between,
    **{(left, "-", right): temporal.between for left in _MOMENTS for right in _MOMENTS},
    **{(kind, "+", _DAYS): temporal.add_length for kind in _MOMENTS},
    **{(_DAYS, "+", kind): (lambda a, b: temporal.add_length(b, a)) for kind in _MOMENTS},
    **{(kind, "-", _DAYS): (lambda a, b: temporal.add_length(a, b, -1)) for kind in _MOMENTS},
    **{(kind, "+", _YEARS): (lambda a, b: temporal.add_months(a, b.months)) for kind in _MOMENTS},
    **{(_YEARS, "+", kind): (lambda a, b: temporal.add_months(b, a.months)) for kind in _MOMENTS},
    **{(kind, "-", _YEARS): (lambda a, b: temporal.add_months(a, -b.months)) for kind in _MOMENTS},
}


def negate(value: Value) -> Value:
    """Change the sign of a number or a duration. Raises Fault for anything else."""
    if type(value) is Unknown:
        return value
    kind = kind_of(value)
    if kind == "number":
        return CONTEXT.minus(Decimal(value))
    if kind == _DAYS:
        return -value
    if kind == _YEARS:
        return Months(-value.months)
    raise mismatch("-", value)


def make_range(low: Value, high: Value, *, low_included: bool, high_included: bool) -> Value:
    """Make a range of two written ends, which must be of one ordered kind. Raises Fault."""
    if type(low) is Unknown and type(high) is Unknown:
        return merged_unknown((low, high))
    if low is None and high is None:
        raise mismatch("a range", low)
    ends = [end for end in (low, high) if end is not None and type(end) is not Unknown]
    kinds = {kind_of(end) for end in ends}
    if len(kinds) > 1 or not kinds <= ORDERED:
        raise mismatch("a range", *ends)
    if low is None or high is None:
        return Range(low, high, low_included, high_included, "null")
    if compare(">", low, high) is True:
        raise Fault("type-mismatch", "A range must begin before it ends.")
    return Range(low, high, low_included, high_included)


def range_by(op: str, end: Value) -> Value:
    """Make the range a comparison stands for: ``(< 10)``. Raises Fault for what has no order."""
    if type(end) is Unknown:
        return end
    if op not in ("=", "!=") and kind_of(end) not in ORDERED:
        raise mismatch(op, end)
    low = None if op in ("<", "<=") else end
    high = None if op in (">", ">=") else end
    return Range(low, high, op in (">=", "="), op in ("<=", "="), op)


def within(value: Value, interval: Range) -> Truth:
    """Tell whether a value lies in a range. Raises Fault when it cannot be ordered against the ends."""
    if interval.form in ("=", "!="):
        same = equal(value, interval.low)
        return (not same) if interval.form == "!=" and type(same) is bool else same
    low: Truth = True
    if interval.low is not None:
        low = compare(">=" if interval.low_included else ">", value, interval.low)
    high: Truth = True
    if interval.high is not None:
        high = compare("<=" if interval.high_included else "<", value, interval.high)
    if low is False or high is False:
        return False
    if interval.form == "null":
        raise mismatch("a range", None)
    return unknown_or((low, high), True)


def passes(value: Value, test: Value) -> Truth:
    """Apply one test of ``in`` or of a table cell: equal, within the range, or in the list. Raises Fault."""
    if type(test) is Range and type(value) is not Range:
        return within(value, test)
    if isinstance(test, list) and not isinstance(value, list):
        return any_of(_listed(value, item) for item in test)
    if isinstance(test, list):
        same = same_value(value, test)
        return same if same is True else any_of([same, *(_listed(value, item) for item in test)])
    return equal(value, test)


def _listed(value: Value, item: Value) -> Truth:
    if type(item) is Range and type(value) is not Range:
        return within(value, item)
    return same_value(value, item)


def any_of(outcomes: object) -> Truth:
    """Join tests by "or": true beats unknown beats false."""
    undecided: list[Unknown] = []
    for outcome in outcomes:  # type: ignore[attr-defined] # any iterable
        if outcome is True:
            return True
        if type(outcome) is Unknown:
            undecided.append(outcome)
    return unknown_or(undecided, False)
