"""Functions that make and compare ranges (DMN 1.5, 10.3.4.1 and table 78): ``before``, ``overlaps``, ``includes`` and
their kin.
"""

import re
from collections.abc import Callable
from typing import Final

from dugnad.rulebook.feel import operators, temporal
from dugnad.rulebook.feel.builtins.registry import feel
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.escapes import unquote
from dugnad.rulebook.feel.values import CONTEXT, Range, Value

_ENDPOINT: Final = (
    r'(?:-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|@?\s*"(?:[^"\\]|\\.)*"'
    r'|(?:date\s+and\s+time|date|time|duration)\s*\(\s*"(?:[^"\\]|\\.)*"\s*\))'
)
_LITERAL: Final = re.compile(
    rf"\s*(?P<start>[\[\](])\s*(?P<low>{_ENDPOINT})?\s*\.\.\s*(?P<high>{_ENDPOINT})?\s*(?P<end>[\])\[])\s*"
)
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "@": temporal.parse_temporal,
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_datetime,
    "duration": temporal.parse_duration,
}
_MAX_LITERAL: Final = 2000


@feel("range(from: string)")
def range_from(text: str) -> Value:
    """Read a range between literals: ``[18..21)``, or without end: ``[2..)``. Raises Fault for anything else."""
    found = _LITERAL.fullmatch(text) if len(text) <= _MAX_LITERAL else None
    if found is None:
        raise temporal.conversion(text, "range")
    low, high = (None if found[name] is None else _endpoint(found[name]) for name in ("low", "high"))
    low_included, high_included = found["start"] == "[", found["end"] == "]"
    if low is not None and high is not None:
        return operators.make_range(low, high, low_included=low_included, high_included=high_included)
    if low is None and high is None:
        raise temporal.conversion(text, "range")
    if (low is None and low_included) or (high is None and high_included):
        raise temporal.conversion(text, "range")
    if low is None:
        return operators.range_by("<=" if high_included else "<", high)
    return operators.range_by(">=" if low_included else ">", low)


def _endpoint(text: str) -> Value:
    quoted = _QUOTED.search(text)
    if quoted is None:
        return CONTEXT.create_decimal(text)
    reader = _READERS.get(" ".join(text[: quoted.start()].strip(" \t\n\r(").split()))
    plain = unquote(quoted.group())
    return plain if reader is None else reader(plain)


def _less(left: Value, right: Value) -> bool:
    return operators.compare("<", left, right) is True


def _same(left: Value, right: Value) -> bool:
    return operators.equal(left, right) is True


def _ranged(value: Range) -> Range:
    """Give a range that has places on the line. Raises Fault for one with an end nobody knows, and for ``(!= 5)``."""
    if value.form in ("null", "!="):
        raise Fault("null-operand", "The range has no beginning or end that can be compared.")
    return value


def _as_range(value: Value) -> Range:
    return _ranged(value) if isinstance(value, Range) else Range(value, value)


@feel("before(range1: range, range2: range)")
@feel("before(range: range, point: point)")
@feel("before(point: point, range: range)")
@feel("before(point1: point, point2: point)")
def before(a: Value, b: Value) -> bool:
    """Tell whether ``a`` ends before ``b`` begins."""
    first, second = _as_range(a), _as_range(b)
    end, start = first.high, second.low
    if end is None or start is None:
        return False
    return _less(end, start) or (_same(end, start) and not (first.high_included and second.low_included))


@feel("after(range1: range, range2: range)")
@feel("after(range: range, point: point)")
@feel("after(point: point, range: range)")
@feel("after(point1: point, point2: point)")
def after(a: Value, b: Value) -> bool:
    """Tell whether ``a`` begins after ``b`` ends."""
    return before(b, a)


@feel("meets(range1: range, range2: range)")
def meets(a: Range, b: Range) -> bool:
    """Tell whether ``a`` ends in the point where ``b`` begins."""
    end, start = _ranged(a).high, _ranged(b).low
    return end is not None and a.high_included and b.low_included and _same(end, start)


@feel("met by(range1: range, range2: range)")
def met_by(a: Range, b: Range) -> bool:
    """Tell whether ``b`` ends in the point where ``a`` begins."""
    return meets(b, a)


@feel("overlaps(range1: range, range2: range)")
def overlaps(a: Range, b: Range) -> bool:
    """Tell whether the ranges have a point in common."""
    return not before(a, b) and not before(b, a)


def _starts_first(a: Range, b: Range) -> bool:
    if a.low is None or b.low is None:
        return a.low is None and b.low is not None
    return _less(a.low, b.low) or (_same(a.low, b.low) and a.low_included and not b.low_included)


def _ends_first(a: Range, b: Range) -> bool:
    if a.high is None or b.high is None:
        return b.high is None and a.high is not None
    return _less(a.high, b.high) or (_same(a.high, b.high) and b.high_included and not a.high_included)


def _same_start(a: Range, b: Range) -> bool:
    return a.low_included == b.low_included and _same(a.low, b.low)


def _same_end(a: Range, b: Range) -> bool:
    return a.high_included == b.high_included and _same(a.high, b.high)


@feel("overlaps before(range1: range, range2: range)")
def overlaps_before(a: Range, b: Range) -> bool:
    """Tell whether ``a`` begins first and ends within ``b``."""
    return _starts_first(a, b) and overlaps(a, b) and (_ends_first(a, b) or _same_end(a, b))


@feel("overlaps after(range1: range, range2: range)")
def overlaps_after(a: Range, b: Range) -> bool:
    """Tell whether ``a`` begins within ``b`` and ends last."""
    return _starts_first(b, a) and overlaps(a, b) and (_ends_first(b, a) or _same_end(a, b))


@feel("includes(range1: range, range2: range)")
@feel("includes(range: range, point: point)")
def includes(outer: Range, inner: Value) -> bool:
    """Tell whether the range holds a point or all of another range."""
    if not isinstance(inner, Range):
        return operators.within(inner, outer) is True
    inner, outer = _ranged(inner), _ranged(outer)
    return not _starts_first(inner, outer) and not _ends_first(outer, inner)


@feel("during(range1: range, range2: range)")
@feel("during(point: point, range: range)")
def during(inner: Value, outer: Range) -> bool:
    """Tell whether a point or a range lies within a range."""
    return includes(outer, inner)


@feel("starts(range1: range, range2: range)")
@feel("starts(point: point, range: range)")
def starts(a: Value, b: Range) -> bool:
    """Tell whether ``a`` begins where ``b`` begins, and does not reach beyond it."""
    if not isinstance(a, Range):
        return b.low_included and _same(a, _ranged(b).low)
    return _same_start(_ranged(a), _ranged(b)) and not _ends_first(b, a)


@feel("started by(range1: range, range2: range)")
@feel("started by(range: range, point: point)")
def started_by(b: Range, a: Value) -> bool:
    """Tell whether ``a`` starts ``b``."""
    return starts(a, b)


@feel("finishes(range1: range, range2: range)")
@feel("finishes(point: point, range: range)")
def finishes(a: Value, b: Range) -> bool:
    """Tell whether ``a`` ends where ``b`` ends, and does not reach beyond it."""
    if not isinstance(a, Range):
        return b.high_included and _same(a, _ranged(b).high)
    return _same_end(_ranged(a), _ranged(b)) and not _starts_first(a, b)


@feel("finished by(range1: range, range2: range)")
@feel("finished by(range: range, point: point)")
def finished_by(b: Range, a: Value) -> bool:
    """Tell whether ``a`` finishes ``b``."""
    return finishes(a, b)


@feel("coincides(range1: range, range2: range)")
@feel("coincides(point1: point, point2: point)")
def coincides(a: Value, b: Value) -> bool:
    """Tell whether two points or two ranges are the same."""
    if isinstance(a, Range) and isinstance(b, Range):
        return _same_start(_ranged(a), _ranged(b)) and _same_end(a, b)
    return operators.equal(a, b) is True
