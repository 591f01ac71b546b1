"""The trace: what was calculated, by which section of law, from what. Written while deciding, read afterwards.

While deciding only tuples are appended; everything readable is made by ``as_data`` when someone asks for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Protocol

from dugnad.rulebook.feel.diagnostics import Diagnostic, Fault
from dugnad.rulebook.feel.operators import bounded
from dugnad.rulebook.feel.temporal import temporal_text
from dugnad.rulebook.feel.values import FunctionValue, Months, Range, Unknown, Value, is_context

Json = Any


class Explained(Protocol):
    """What can turn one record of a recorder into data: a ``Step`` or a compiled table."""

    def explain(self, detail: Any, output: Value) -> dict[str, Json]:
        """Give the record as JSON-able data."""


_Record = tuple[Explained | None, Any, Value, int]


@dataclass(slots=True)
class Recorder:
    """Collects the trace and the diagnostics of one decision; not shared between threads."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    records: list[_Record] = field(default_factory=list)

    def add(self, source: Explained, detail: Any, output: Value) -> None:
        """Append one record; ``detail`` is whatever ``source.explain`` understands."""
        self.records.append((source, detail, output, len(self.diagnostics)))

    def enter(self, label: str) -> None:
        """Open a group: what follows belongs to ``label`` (one child, one month) until ``leave``."""
        self.records.append((None, label, None, len(self.diagnostics)))

    def leave(self) -> None:
        """Close the innermost group."""
        self.records.append((None, None, None, len(self.diagnostics)))

    def as_data(self) -> list[dict[str, Json]]:
        """Give the records as nested, JSON-able data, in the order they were made.

        A record has ``name``, ``expression`` or ``table``, ``law``, ``inputs`` (name → value), ``output``, ``outcome``
        (fulfilled, not fulfilled, undecided, computed) and ``diagnostics``; a group has ``group`` and ``records``.
        """
        top: list[dict[str, Json]] = []
        stack = [top]
        noted = 0
        for source, detail, output, diagnostics in self.records:
            if source is not None:
                entry = source.explain(detail, output)
                entry["diagnostics"] = [diagnostic_data(item) for item in self.diagnostics[noted:diagnostics]]
                stack[-1].append(entry)
            elif detail is not None:
                group: list[dict[str, Json]] = []
                stack[-1].append({"group": detail, "records": group})
                stack.append(group)
            elif len(stack) > 1:
                stack.pop()
            noted = diagnostics
        return top


@dataclass(frozen=True, slots=True)
class Step:
    """A named formula in the trace: made once, when the rules are compiled.

    ``reads`` are the names whose values are shown as inputs (``Compiled.reads``).
    """

    name: str
    expression: str
    law: str = ""
    reads: tuple[str, ...] = ()

    def record(self, recorder: Recorder, values: Mapping[str, Value], output: Value) -> None:
        """Append this step with the values it read."""
        get = values.get
        recorder.add(self, [get(name) for name in self.reads], output)

    def explain(self, detail: list[Value], output: Value) -> dict[str, Json]:
        """Give the step as data."""
        return {
            "name": self.name,
            "expression": self.expression,
            "law": self.law,
            "inputs": {name: as_json(value) for name, value in zip(self.reads, detail, strict=True)},
            "output": as_json(output),
            "outcome": outcome_of(output),
        }


def outcome_of(output: Value) -> str:
    """Name an outcome: fulfilled, not fulfilled, undecided (unknown or null) or computed."""
    if output is True:
        return "fulfilled"
    if output is False:
        return "not fulfilled"
    return "undecided" if output is None or type(output) is Unknown else "computed"


def diagnostic_data(item: Diagnostic) -> dict[str, Json]:
    """Give a diagnostic as data."""
    return {"code": item.code, "message": item.message, "start": item.start, "end": item.end}


def as_json(value: Value) -> Json:
    """Give a value as JSON-able data: numbers, dates and durations as text (exact), unknown as
    ``{"unknown": [names]}``, one that holds itself too many times over to be written as ``{"too large": true}``.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    try:
        bounded(value)
    except Fault:
        return {"too large": True}
    return _as_json(value)


def _as_json(value: Value) -> Json:
    if value is None or isinstance(value, (bool, str)):
        return value
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return {str(key): _as_json(item) for key, item in value.items()} if is_context(value) else str(value)


def _range_json(value: Range) -> Json:
    return {
        "start": as_json(value.low),
        "end": as_json(value.high),
        "start included": value.low_included,
        "end included": value.high_included,
    }


_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Json]], ...] = (
    (Decimal, lambda value: format(value or abs(value), "f")),
    ((date, time, timedelta, Months), temporal_text),
    (Unknown, lambda value: {"unknown": sorted(value.names)}),
    ((list, tuple), lambda value: [_as_json(item) for item in value]),
    (Range, _range_json),
    (FunctionValue, lambda value: f"function({', '.join(value.parameters)})"),
)
