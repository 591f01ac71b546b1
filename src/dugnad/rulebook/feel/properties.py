"""What can stand after a dot: entries of contexts, parts of dates, times, durations and ranges (DMN 1.5, table 65)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dugnad.rulebook.feel import operators, temporal
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import Months, Range, Unknown, Value, is_context, kind_of

_NANOS = 1_000_000_000
_MINUTE = 60 * _NANOS
_PROPERTIES: dict[str, dict[str, Callable[[Value], Value]]] = {
    "date": {
        "year": lambda v: Decimal(v.year),
        "month": lambda v: Decimal(v.month),
        "day": lambda v: Decimal(v.day),
        "weekday": lambda v: Decimal(temporal.weekday(temporal.day_part(v))),
    },
    "time": {
        "hour": lambda v: Decimal(_seconds(v) // 3600),
        "minute": lambda v: Decimal(_seconds(v) // 60 % 60),
        "second": lambda v: Decimal(temporal.clock_nanos(_clock(v)) % _MINUTE) / _NANOS,
        "time offset": temporal.offset_of,
        "timezone": lambda v: getattr(_clock(v).tzinfo, "key", None),
    },
    "days and time duration": {
        "days": lambda v: _part(v, 0),
        "hours": lambda v: _part(v, 1),
        "minutes": lambda v: _part(v, 2),
        "seconds": lambda v: _part(v, 3),
    },
    "years and months duration": {
        "years": lambda v: Decimal(abs(v.months) // 12 * (-1 if v.months < 0 else 1)),
        "months": lambda v: Decimal(abs(v.months) % 12 * (-1 if v.months < 0 else 1)),
    },
    "range": {
        "start": lambda v: v.low,
        "end": lambda v: v.high,
        "start included": lambda v: v.low_included,
        "end included": lambda v: v.high_included,
    },
}
_PROPERTIES["date and time"] = _PROPERTIES["date"] | _PROPERTIES["time"]
_OF_TYPE = {
    date: _PROPERTIES["date"],
    datetime: _PROPERTIES["date and time"],
    time: _PROPERTIES["time"],
    timedelta: _PROPERTIES["days and time duration"],
    Months: _PROPERTIES["years and months duration"],
    Range: _PROPERTIES["range"],
}


def _clock(value: Value) -> Value:
    return value if temporal.is_clock(value) else temporal.parts(value)[1]


def _seconds(value: Value) -> int:
    return temporal.clock_nanos(_clock(value)) // _NANOS


def _part(length: Value, index: int) -> Decimal:
    total = abs(temporal.seconds_of(length))
    days, rest = divmod(total, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    part = (days, hours, minutes, seconds)[index]
    return -part if temporal.length_nanos(length) < 0 else +part


def _property_or_null(item: Value, name: str) -> Value:
    """Give the property of one item of a list: null where it has none (DMN 1.5, 10.3.2.5)."""
    if isinstance(item, list):
        operators.bounded(item)
    try:
        return property_of(item, name)
    except Fault:
        return None


def property_of(value: Value, name: str) -> Value:
    """Give ``value.name``; of a list, the list of it. Raises Fault when there is no such property."""
    often = _OF_TYPE.get(type(value))
    if often is not None and name in often:
        return often[name](value)
    if type(value) is Unknown:
        return value
    if is_context(value):
        if name in value:
            return value[name]
        raise Fault("missing-property", f"There is no “{name}” here.", (name, list(value)))
    if isinstance(value, list):
        return [item.get(name) if type(item) is dict else _property_or_null(item, name) for item in value]
    if value is None:
        raise Fault("null-operand", f"“{name}” is asked of a missing value (null).")
    found = _PROPERTIES.get(kind_of(value), {}).get(name)
    if found is None:
        known = _PROPERTIES.get(kind_of(value), {})
        raise Fault("missing-property", f"A {kind_of(value)} has no “{name}”.", (name, known))
    return found(value)
