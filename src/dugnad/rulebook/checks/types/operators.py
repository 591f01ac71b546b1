"""Which operators exist between which kinds, and what they give (DMN 1.5, tables 53 to 56)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from dugnad.rulebook.checks.types.model import (
    ANY,
    DAYS,
    NUMBER,
    TEXT,
    Type,
    either,
    nullable,
    number,
    of,
)
from dugnad.rulebook.feel.values import CONTEXT, kind_of

_D, _M = "days and time duration", "years and months duration"
_MOMENTS = ("date", "date and time")
ORDERED = frozenset({"number", "string", "date", "time", "date and time", _D, _M})
"""Kinds of which one value is less than another."""

_RESULTS: dict[tuple[str, str, str], str] = {
    **{("number", op, "number"): "number" for op in ("+", "-", "*", "/", "**")},
    ("string", "+", "string"): "string",
    **{(kind, op, kind): kind for kind in (_D, _M) for op in "+-"},
    **{(kind, "/", kind): "number" for kind in (_D, _M)},
    **{(kind, op, "number"): kind for kind in (_D, _M) for op in "*/"},
    **{("number", "*", kind): kind for kind in (_D, _M)},
    **{("time", op, _D): "time" for op in "+-"},
    (_D, "+", "time"): "time",
    ("time", "-", "time"): _D,
    **{(left, "-", right): _D for left in _MOMENTS for right in _MOMENTS},
    **{(kind, op, length): kind for kind in _MOMENTS for op in "+-" for length in (_D, _M)},
    **{(length, "+", kind): kind for kind in _MOMENTS for length in (_D, _M)},
}


def calculated(op: str, left: Type, right: Type) -> Type | None:
    """Return the type of `left op right`; None where no value of one goes with any of the other."""
    if not left.kinds or not right.kinds:
        return ANY
    results = [
        _RESULTS[key]
        for a in sorted(left.present)
        for b in sorted(right.present)
        if (key := (a, op, b)) in _RESULTS
    ]
    if not results:
        return None
    return _number(op, left, right) if results == ["number"] and left.is_only("number") else of(*results)


def _number(op: str, left: Type, right: Type) -> Type:
    """Return what is known of a number calculated from two."""
    if not right.is_only("number"):
        return NUMBER
    whole = left.whole and right.whole and op in ("+", "-", "*")
    low: Decimal | None = None
    high: Decimal | None = None
    if op == "+":
        low, high = _both(left.low, right.low, CONTEXT.add), _both(left.high, right.high, CONTEXT.add)
    elif op == "-":
        low, high = (
            _both(left.low, right.high, CONTEXT.subtract),
            _both(left.high, right.low, CONTEXT.subtract),
        )
    elif op in "*/" and left.low is not None and right.low is not None and min(left.low, right.low) >= 0:
        low = Decimal(0)
    return Type(NUMBER.kinds, low=low, high=high, whole=whole)


def _both(
    left: Decimal | None, right: Decimal | None, op: Callable[[Decimal, Decimal], Decimal]
) -> Decimal | None:
    return None if left is None or right is None else op(left, right)


def negated(type_: Type) -> Type | None:
    """Return the type of `-value`; None where it has none."""
    kinds = type_.present & {"number", _D, _M}
    if not type_.kinds:
        return ANY
    if not kinds:
        return None
    turned = replace(of(*kinds), whole=type_.whole)
    return replace(
        turned,
        low=CONTEXT.minus(type_.high) if type_.high is not None else None,
        high=CONTEXT.minus(type_.low) if type_.low is not None else None,
    )


_YEAR, _MONTH, _DAY = number(), number(low=1, high=12), number(low=1, high=31)
_HOUR, _SIXTY = number(low=0, high=23), number(low=0, high=59)
_SECOND = number(low=0, high=60, whole=False)
_CALENDAR = {"year": _YEAR, "month": _MONTH, "day": _DAY, "weekday": number(low=1, high=7)}
_CLOCK = {
    "hour": _HOUR,
    "minute": _SIXTY,
    "second": _SECOND,
    "time offset": nullable(DAYS),
    "timezone": nullable(TEXT),
}
_PROPERTIES: dict[str, dict[str, Type]] = {
    "date": _CALENDAR,
    "time": _CLOCK,
    "date and time": _CALENDAR | _CLOCK,
    _D: {name: number(whole=name != "seconds") for name in ("days", "hours", "minutes", "seconds")},
    _M: {"years": number(), "months": number()},
    "range": {
        "start": ANY, "end": ANY, "start included": of("boolean"), "end included": of("boolean"),
    },
}  # fmt: skip


def properties(type_: Type) -> dict[str, Type] | None:
    """Return the attributes a value of this type can have; None where that cannot be told."""
    if not type_.kinds:
        return None
    made: dict[str, Type] = {}
    for kind in type_.present:
        if kind == "context":
            if type_.fields is None:
                return None
            found = dict(type_.fields)
        else:
            found = _PROPERTIES.get(kind, {})
        for name, one in found.items():
            made[name] = either(made[name], one) if name in made else one
    return made


def comparable(op: str, left: Type, right: Type) -> bool:
    """Tell whether some value of one can be compared so with some value of the other."""
    if not left.kinds or not right.kinds:
        return True
    alike = left.present & right.present
    if op in ("=", "!="):
        return bool(alike) or left.nullable or right.nullable
    return bool(alike & ORDERED)


def settled(op: str, left: Type, right: Type) -> bool | None:
    """Return what a comparison always gives, whatever the values; None where it depends."""
    if not left.known or not right.known or left.nullable or right.nullable:
        return None
    if left.values is not None and right.values is not None and op in ("=", "!="):
        if not left.values & right.values:
            return op == "!="
        return None
    if left.is_only("number") and right.is_only("number"):
        return _by_limits(op, _limits(left), _limits(right))
    return None


def _limits(type_: Type) -> tuple[Decimal | None, Decimal | None]:
    if type_.values:
        numbers = [value for value in type_.values if kind_of(value) == "number"]
        return min(numbers), max(numbers)
    return type_.low, type_.high


def _by_limits(
    op: str, left: tuple[Decimal | None, Decimal | None], right: tuple[Decimal | None, Decimal | None]
) -> bool | None:
    if op in (">", ">="):
        return _by_limits("<" if op == ">" else "<=", right, left)
    below = left[1] is not None and right[0] is not None and left[1] < right[0]
    above = left[0] is not None and right[1] is not None and left[0] > right[1]
    if op in ("=", "!="):
        return (op == "!=") if below or above else None
    if op == "<":
        if below:
            return True
        return False if left[0] is not None and right[1] is not None and left[0] >= right[1] else None
    if left[1] is not None and right[0] is not None and left[1] <= right[0]:
        return True
    return False if above else None
