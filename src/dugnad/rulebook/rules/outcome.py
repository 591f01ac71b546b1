"""What the rules say of one case: the result, the control points, the reasons, the trace of each step."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from dugnad.rulebook.feel.values import FunctionValue, Range, Value
from dugnad.rulebook.rates import RateValue
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.facts import canonical, to_data
from dugnad.rulebook.trace import as_json

_MATCHED = -1
"""How a table's record marks a row that matched."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """Where automation stopped: its name, its section of law, why by language, what the case worker may do.

    `concerns` names facts or rates for the built-in points; empty for the service's own.
    """

    name: str
    law: str
    why: Mapping[str, str]
    todo: str = ""
    concerns: tuple[str, ...] = ()

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        why = dict(sorted(self.why.items()))
        concerns = list(self.concerns)
        return {"name": self.name, "law": self.law, "why": why, "todo": self.todo, "concerns": concerns}


@dataclass(frozen=True, slots=True)
class Item:
    """The result for one item (one child): its key and name, every step's value, and all that was known."""

    key: str
    name: str
    values: Mapping[str, Value]
    known: Mapping[str, Value]


Detail: TypeAlias = tuple[list[Value], list[tuple[int, object]]] | None
"""What a table read: its inputs, and what became of its rows."""
Raw: TypeAlias = tuple[StepOp, str | None, Value, Detail, bool]
"""A step as noted while deciding: what, for which item, its value, what a table read, if a person set it."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One step worked out: for which item (None: for all), from what, its value, the section of law.

    `rows` are the rows of the table that matched, counted from 1; `inputs` what a formula or table read.
    """

    name: str
    key: str | None
    value: Value
    law: str
    rows: tuple[int, ...]
    inputs: Mapping[str, Value]
    set_by_person: bool

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        data: dict[str, object] = {"step": self.name, "value": brief(self.value), "law": self.law}
        if self.key is not None:
            data["key"] = self.key
        if self.rows:
            data["rows"] = list(self.rows)
        if self.set_by_person:
            data["set by"] = "case worker"
        else:
            data["inputs"] = {name: brief(value) for name, value in self.inputs.items()}
        return data


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say. `automatic` tells whether it may be a decision without a person.

    `values` holds the steps for the whole application, `items` those of each child; `unknown` names the facts
    nobody knows that something depended on; `control_points` tells of each whether it was silent (False),
    stopped (True) or could not be told.
    """

    on: date
    outcome: str | None
    items: tuple[Item, ...]
    values: Mapping[str, Value]
    known: Mapping[str, Value]
    stops: tuple[ControlPoint, ...]
    unknown: tuple[str, ...]
    diagnostics: tuple[tuple[str, str, str], ...]
    control_points: Mapping[str, Value]
    rates: Mapping[str, RateValue]
    raw: tuple[Raw, ...]

    @property
    def automatic(self) -> bool:
        """True where nothing stopped automation."""
        return not self.stops and self.outcome is not None

    @property
    def trace(self) -> tuple[Traced, ...]:
        """Every step in working order."""
        known = {item.key: item.known for item in self.items}
        return tuple(_traced(raw, self.known if raw[1] is None else known[raw[1]]) for raw in self.raw)

    @property
    def because(self) -> tuple[str, ...]:
        """The sections of law it rests on, in order: of rows that matched and steps that have words."""
        laws = (_law(raw) for raw in self.raw if raw[0].table is not None or raw[0].step.title)
        return tuple(dict.fromkeys(law for law in laws if law))

    def as_data(self) -> dict[str, object]:
        """Return the outcome as JSON can hold it: equal outcomes give equal data."""
        return {
            "on": self.on.isoformat(),
            "outcome": self.outcome,
            "automatic": self.automatic,
            "items": [
                {"key": item.key, "name": item.name, "values": _briefly(item.values)} for item in self.items
            ],
            "values": _briefly(self.values),
            "stops": [stop.as_data() for stop in self.stops],
            "unknown": list(self.unknown),
            "diagnostics": [{"step": s, "code": c, "message": m} for s, c, m in self.diagnostics],
            "because": list(self.because),
            "control points": _briefly(self.control_points),
            "rates": {name: _rate_data(value) for name, value in sorted(self.rates.items())},
            "trace": [traced.as_data() for traced in self.trace],
        }

    def as_bytes(self) -> bytes:
        """Return `as_data` as canonical JSON: sorted keys, UTF-8, no spaces. Replay gives the same bytes."""
        data = self.as_data()
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _law(raw: Raw) -> str:
    op, _, _, _, by_person = raw
    if op.table is None or by_person:
        return op.step.law
    return ", ".join(dict.fromkeys(op.laws[row - 1] for row in matched(raw) if op.laws[row - 1]))


def matched(raw: Raw) -> tuple[int, ...]:
    """Return the rows of a table that matched, counted from 1."""
    detail = raw[3]
    return tuple(row + 1 for row, state in detail[1] if state == _MATCHED) if detail else ()


def _traced(raw: Raw, known: Mapping[str, Value]) -> Traced:
    op, key, value, detail, by_person = raw
    if op.table is not None and detail is not None:
        labels = (column.label for column in op.table.table.inputs)
        inputs = dict(zip(labels, detail[0], strict=False))
    else:
        inputs = {name: known[name] for name in sorted(op.reads) if name in known}
    return Traced(op.name, key, value, _law(raw) or op.step.law, matched(raw), inputs, by_person)


def _briefly(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: brief(value) for name, value in values.items()}


def brief(value: Value) -> object:
    """Return a value as data, persons by key only: what they are like stands among the facts."""
    if isinstance(value, list):
        return [brief(item) for item in value]
    if isinstance(value, Mapping) and "person" in value:
        return to_data(value["person"])
    if isinstance(value, FunctionValue | Range):  # a function's frame holds facts, and its place in memory
        return as_json(value)
    return to_data(value)


def _rate_data(value: RateValue) -> dict[str, object]:
    shown: dict[str, object] = {"from": value.start.isoformat(), "value": canonical(value.value)}
    return {**shown, "source": value.source, "verified": value.verified}
