"""FEEL's values as Python values, and the three that Python lacks: Unknown, Months and Range.

Numbers are ``Decimal`` with 34 digits, half-even, never ``float``. Null is ``None``. Days-and-time
durations are
``timedelta``; years-and-months durations are ``Months``. Contexts are mappings, lists are lists.
"""

import decimal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from dugnad.rulebook.feel.wide import WideDate, WideLength, WideMoment, WideTime

Value: TypeAlias = Any
"""Any value of the domain above. FEEL is typed at run time; a static union would only move the checks."""

Env: TypeAlias = list[Any]
"""What a compiled expression runs on: ``[values, recorder, [work left], slot, slot, …]``."""

Code: TypeAlias = Callable[[Env], Value]
"""A compiled expression."""

CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""IEEE 754 decimal128, as DMN 1.5 section 10.3.2.1 asks."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact nobody knows yet; ``names`` are the facts that must be known before the value can be.

    It is neither true nor false, and must never become a refusal: hence no truth value in Python.
    """

    names: frozenset[str]

    def __bool__(self) -> bool:
        """Refuse: whoever tests an unknown fact as if it were known has a bug."""
        raise TypeError("an unknown value is neither true nor false")


def unknown(*names: str) -> Unknown:
    """Make the value of a fact nobody knows: ``unknown("husholdningens inntekt")``."""
    return Unknown(frozenset(names))


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years-and-months duration: its length in whole months, negative or not."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; ``None`` as an end means without end on that side.

    ``form`` tells what equal ends do not (DMN 1.5, table 53): the operator of a range written as ``(< 10)``, or
    ``null`` where an end was written but has no value: nothing lies in such a range for certain.
    """

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    form: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function as a value: FEEL's own or one written in an expression.

    ``call(env, arguments)`` takes the caller's environment and one value per parameter, in order. ``frame``
    is what a
    written function has captured, so that a function in a context can call itself. ``kinds`` are the types of
    the parameters (``typed.FeelType`` or None each), ``result`` that of what it gives, where they are declared.
    ``builtin`` is the name of one of FEEL's own.
    """

    parameters: tuple[str, ...]
    call: Callable[[Env, list[Value]], Value]
    frame: Env | None = None
    kinds: tuple[Any, ...] = ()
    result: Any = None
    builtin: str = ""


def is_context(value: Value) -> bool:
    """Tell whether the value is a context."""
    return type(value) is dict or isinstance(value, Mapping)


_KINDS: tuple[tuple[type[Any], str], ...] = (
    (bool, "boolean"),
    (Decimal, "number"),
    (int, "number"),
    (str, "string"),
    (datetime, "date and time"),
    (date, "date"),
    (WideDate, "date"),
    (WideTime, "time"),
    (WideMoment, "date and time"),
    (WideLength, "days and time duration"),
    (time, "time"),
    (timedelta, "days and time duration"),
    (Months, "years and months duration"),
    (Range, "range"),
    (FunctionValue, "function"),
    (Unknown, "unknown"),
    (list, "list"),
    (tuple, "list"),
    (Mapping, "context"),
)
_EXACT: dict[type[Any], str] = {kind: name for kind, name in _KINDS if kind is not Mapping} | {
    dict: "context"
}


def kind_of(value: Value) -> str:
    """Name the FEEL type of a value; ``null`` for None, the Python name for a foreign object."""
    if value is None:
        return "null"
    exact = _EXACT.get(type(value))
    if exact is not None:
        return exact
    return next((name for kind, name in _KINDS if isinstance(value, kind)), type(value).__name__)


MAX_LEVELS_OF_VALUES = 100
"""Lists and contexts within each other: more is a mistake, and nobody could walk through it."""
_MAX_EXPONENT = 6200


def to_value(raw: object, levels: int = MAX_LEVELS_OF_VALUES) -> Value:
    """Take a plain Python value (from YAML, JSON, a register) into the domain.

    Integers become ``Decimal``, tuples lists, mappings are walked. Raises ``TypeError`` for a float (money that has
    been a float is already wrong), for a number FEEL cannot hold, and for what is nested in more than ``levels``.
    """
    if raw is None or isinstance(raw, (bool, str)):
        return raw
    if isinstance(raw, Decimal):
        return _held(raw)
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        raise TypeError("floats are not exact; give numbers as int, Decimal or text")
    if not levels:
        raise TypeError(f"a value nested in more than {MAX_LEVELS_OF_VALUES} levels")
    if isinstance(raw, Mapping):
        return {str(key): to_value(item, levels - 1) for key, item in raw.items()}
    if isinstance(raw, Sequence):
        return [to_value(item, levels - 1) for item in raw]
    return raw


def _held(number: Decimal) -> Decimal:
    """Give a number unchanged if FEEL can hold it: no NaN, no infinity, no exponent without measure."""
    if not number.is_finite():
        raise TypeError("NaN and infinity are no numbers of FEEL")
    if abs(number.adjusted()) <= _MAX_EXPONENT:
        return number
    try:
        return CONTEXT.plus(number)
    except decimal.Overflow:
        raise TypeError("the number is larger than FEEL can hold") from None


def merged_unknown(values: Iterable[Value]) -> Unknown | None:
    """Join the names of all unknown values, also within a list or range; None if all are known."""
    names: frozenset[str] = frozenset()
    found = False
    for value in values:
        if type(value) is Unknown:
            names |= value.names
            found = True
        elif type(value) is list or type(value) is Range:
            items = value if isinstance(value, list) else (value.low, value.high)
            if Unknown in map(type, items):
                names = names.union(*(item.names for item in items if type(item) is Unknown))
                found = True
    return Unknown(names) if found else None


def unknown_or(values: Iterable[Value], otherwise: Value) -> Value:
    """Give the joined Unknown of these values where any is unknown, else ``otherwise``."""
    found = merged_unknown(values)
    return otherwise if found is None else found
