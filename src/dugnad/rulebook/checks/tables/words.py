"""A region of a table's inputs in words, as a lawyer would say it: income from 100 000 to 200 000, when …"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from dugnad.rulebook.checks.tables.regions.axis import Axis, Holds, Listed, Ordered, Related, between
from dugnad.rulebook.checks.tables.regions.boxes import Whole
from dugnad.rulebook.checks.tables.regions.spans import Spans, common, holds, without
from dugnad.rulebook.feel.values import Months, Value
from dugnad.rulebook.rules.facts import canonical

MOST_NAMED = 6
End: TypeAlias = tuple[Value, bool]
"""An end of an interval and whether it is included; None where there is no end."""
_STANDS = {
    (True, False, False): "below {}",
    (False, True, False): "equal to {}",
    (False, False, True): "above {}",
    (True, True, False): "at most {}",
    (False, True, True): "at least {}",
    (True, False, True): "other than {}",
}


def region_words(axes: Sequence[Axis], where: Whole, units: Mapping[str, str]) -> str:
    """Say where a region lies; `units` by heading. Inputs that do not matter are left out."""
    by_column: dict[int, list[str]] = {}
    labels: dict[int, str] = {}
    for axis, spans in zip(axes, where, strict=True):
        labels[axis.column] = axis.label
        if spans != axis.everything:
            by_column.setdefault(axis.column, []).append(_axis_words(axis, spans, units.get(axis.label, "")))
    said = [f"{labels[column]} {' and '.join(words)}" for column, words in sorted(by_column.items())]
    if not said:
        return "anything"
    first, *others = said
    return f"{first}, when {' and '.join(others)}" if others else first


def _axis_words(axis: Axis, spans: Spans, unit: str) -> str:
    present = common(spans, axis.present)
    missing = axis.null is not None and holds(spans, axis.null)
    words: list[str] = []
    if present == axis.present and not missing and axis.null is not None:
        return "is there"
    if present:
        words.append(_present_words(axis, present, unit))
    if missing:
        words.append("missing (null)")
    return " or ".join(words)


def _present_words(axis: Axis, spans: Spans, unit: str) -> str:
    if isinstance(axis, Ordered):
        return _ordered(axis, spans, unit)
    if isinstance(axis, Listed):
        return _listed(axis, spans, unit)
    if isinstance(axis, Related):
        below, equal, above = (holds(spans, at) for at in range(3))
        if not axis.ordered:
            return f"equal to {axis.other}" if equal else f"other than {axis.other}"
        return _STANDS[below, equal, above].format(axis.other)
    if isinstance(axis, Holds):
        return f"such that ({axis.test}) {'holds' if holds(spans, 1) else 'does not hold'}"
    return "…"


def _listed(axis: Listed, spans: Spans, unit: str) -> str:
    if axis.open and holds(spans, len(axis.values)):
        left = without(axis.present, spans)
        named = [_constant(axis.values[at], unit) for at in _regions(left)]
        return f"other than {either(named, 'and')}" if named else "of any value"
    named = [_constant(axis.values[at], unit) for at in _regions(spans)]
    return f"is {either(named, 'or')}"


def _ordered(axis: Ordered, spans: Spans, unit: str) -> str:
    """Say single values first, then the intervals."""
    ends = [(_end(axis, low, lower=True), _end(axis, high, lower=False)) for low, high in spans[:MOST_NAMED]]
    exact = [low[0] for low, high in ends if low == high and low[0] is not None]
    parts = [f"is {either(_measured(exact, unit), 'or')}"] if exact else []
    parts += [
        _interval(low, high, unit, by_one=axis.by_one) for low, high in ends if low != high or low[0] is None
    ]
    return " or ".join([*parts, "…"] if len(spans) > MOST_NAMED else parts)


def _measured(values: Sequence[Value], unit: str) -> list[str]:
    """Return values in words, the unit behind the last of them."""
    *others, last = [_constant(value, unit) for value in values]
    return [*(one.removesuffix(f" {unit}") for one in others), last]


def _regions(spans: Spans) -> Iterator[int]:
    for low, high in spans:
        yield from range(low, high + 1)


def either(words: Sequence[str], join: str) -> str:
    """Join words with commas, the last with `join`; only the first few of many."""
    shown = [*words[:MOST_NAMED], "…"] if len(words) > MOST_NAMED else list(words)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {join} {shown[-1]}"


def _interval(low: End, high: End, unit: str, *, by_one: bool) -> str:
    """Say an interval by its ends, each with whether it is included."""
    if low[0] is None and high[0] is None:
        return "of any value"
    if low[0] is None:
        return f"{'at most' if high[1] else 'below'} {_constant(high[0], unit)}"
    if high[0] is None:
        return f"{'at least' if low[1] else 'above'} {_constant(low[0], unit)}"
    begin = "from" if low[1] else "above"
    to = "to" if by_one else "up to and including" if high[1] else "to below" if low[1] else "and below"
    first, last = _measured([low[0], high[0]], unit)
    return f"{begin} {first} {to} {last}"


def _end(axis: Ordered, region: int, *, lower: bool) -> End:
    """Return an end of an interval and whether it is included; days and counts end on a day or a count."""
    place, exact = divmod(axis.slots[region], 2)
    if exact:
        return axis.values[place], True
    low = axis.values[place - 1] if place else None
    high = axis.values[place] if place < len(axis.values) else None
    if (lower and low is None) or (not lower and high is None):
        return None, False
    if axis.by_one:
        return (between(low, None, by_one=True) if lower else between(None, high, by_one=True)), True
    return (low if lower else high), False


def _constant(value: Value, unit: str) -> str:  # noqa: PLR0911 - one line for each kind of value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Decimal):
        return _number(value, unit)
    if isinstance(value, Months):
        years, months = divmod(abs(value.months), 12)
        parts = [f"{years} years"] * bool(years) + [f"{months} months"] * bool(months or not years)
        return ("minus " if value.months < 0 else "") + " ".join(parts)
    if isinstance(value, timedelta):
        return f"{value.days} days" if value == timedelta(days=value.days) else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _number(value: Decimal, unit: str) -> str:
    """Write a number with spaces between thousands, and its unit; a share as per cent."""
    if unit == "%":
        return f"{canonical(value * 100)} %"
    whole, dot, rest = canonical(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups: list[str] = []
    while digits:
        groups.insert(0, digits[-3:])
        digits = digits[:-3]
    written = f"{sign}{' '.join(groups)}{dot}{rest}"
    return f"{written} {unit}" if unit and unit not in ("number", "fraction") else written
