"""One pass over the rules: facts in, every step worked out in order, control points asked last."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from dugnad.rulebook.feel.values import Unknown, Value, unknown
from dugnad.rulebook.rules.compiling import Op, OpenOp, Run, StepOp, StopOp, rounded
from dugnad.rulebook.rules.outcome import ControlPoint, Detail, Item, Raw
from dugnad.rulebook.rules.source import RuleSource
from dugnad.rulebook.trace import Recorder

UNCONFIRMED = "sats ikke bekreftet"
NO_RATE = "sats mangler"
OUT_OF_BOUNDS = "lokal verdi utenfor rammen"
FAILED = "feil i beregningen"
NO_PERSONS = "What is decided for is no list of persons."

MAX_STEADY = 4_096
"""How many open places by day are remembered before beginning anew."""

RatesOn: TypeAlias = Callable[[Value, bool], tuple[Mapping[str, Value], Mapping[str, str]]]
"""From a day (and whether unconfirmed values count as unknown) to the rates, and why some are unknown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The work in order; None marks where the rates become known.

    `steady` remembers open places that depend on nothing but the day: (name, day, soft) → value, reason.
    """

    common: tuple[Op | None, ...]
    each: tuple[Op | None, ...]
    after: tuple[Op | None, ...]
    over: Run | None
    stops: tuple[StopOp, ...]
    selectors: Mapping[str, Run]
    steady: dict[tuple[str, Value, bool], tuple[Value, str | None]]


class Pass:
    """One pass. With `soft`, what nobody has confirmed is unknown: so it is seen whether it matters."""

    def __init__(
        self,
        source: RuleSource,
        plan: Plan,
        rates_on: RatesOn,
        on: date,
        set_by: Mapping[str, Value],
        *,
        soft: bool,
    ) -> None:
        self.source = source
        self.plan = plan
        self.rates_on = rates_on
        self.on = on
        self.set_by = set_by
        self.soft = soft
        self.recorder = Recorder()
        self.scratch = Recorder()
        self.raw: list[Raw] = []
        self.reasons: dict[str, str] = {}
        self.missing: set[str] = set()
        self.diagnostics: list[tuple[str, str, str]] = []
        self.day: Value = None
        self.points: dict[str, Value] = {}
        self.items: tuple[Item, ...] = ()
        self.stops: tuple[ControlPoint, ...] = ()

    def run(self, values: dict[str, Value]) -> None:
        """Work everything out; `values` holds the facts and receives the steps."""
        plan = self.plan
        self._work(plan.common, values, None)
        if plan.over is not None:
            values[self.source.result.list] = self._each(plan.over, values)
        self._work(plan.after, values, None)
        self.stops = tuple(self._asked(values))

    def _work(self, ops: tuple[Op | None, ...], values: dict[str, Value], key: str | None) -> None:
        """Work out steps in order: the loop every decision spends its time in, hence flat."""
        raw, recorder = self.raw, self.recorder
        set_by = self.set_by if key is None else {}
        wrong = recorder.diagnostics
        for op in ops:
            if type(op) is StepOp:
                name = op.name
                if name in set_by:
                    value = values[name] = set_by[name]
                    raw.append((op, None, value, None, True))
                    continue
                before = len(wrong)
                detail = None
                if op.plain is not None:
                    value = op.plain(values, recorder)
                else:
                    value, detail = self._step(op, values)
                values[name] = value
                raw.append((op, key, value, detail, False))
                if len(wrong) > before:
                    self._wrong(name, before)
                kind = type(value)
                if kind is Unknown:
                    self.missing |= value.names
                elif kind is list:
                    self._look_through(value)
            elif type(op) is OpenOp:
                values[op.name] = self.open(op, values)
            elif key is None and self.day is None:
                self._know_rates(values)

    def _step(self, op: StepOp, values: dict[str, Value]) -> tuple[Value, Detail]:
        recorder = self.recorder
        value, detail = None, None
        if op.table is not None:
            value = op.table(values, recorder)
            detail = recorder.records.pop()[1]
        elif op.run is not None:
            value = op.run(values, recorder)
        return value if op.round is None else rounded(value, op.round(values, recorder)), detail

    def _wrong(self, name: str, before: int) -> None:
        self.diagnostics.extend((name, one.code, one.message) for one in self.recorder.diagnostics[before:])

    def _look_through(self, items: list[Value]) -> None:
        for item in items:
            if type(item) is Unknown:
                self.missing |= item.names

    def open(self, op: OpenOp, values: Mapping[str, Value]) -> Value:
        """Return the value of an open place: the organisation's within its bounds, or the service's own."""
        if not op.steady:
            return self._opened(op, values)
        key = (op.name, self.on if op.early else self.day, self.soft)
        found = self.plan.steady.get(key)
        if found is None:
            value = self._opened(op, values)
            if len(self.plan.steady) >= MAX_STEADY:
                self.plan.steady.clear()
            found = self.plan.steady[key] = (value, self.reasons.get(op.name))
        if found[1] is not None:
            self.reasons[op.name] = found[1]
        return found[0]

    def _opened(self, op: OpenOp, values: Mapping[str, Value]) -> Value:
        place = op.place
        day = self.on if op.early or self.day is None else self.day
        if op.values and type(day) is date:
            for start, run in op.values:
                if start <= day:
                    return self._bounded(op, self._quiet(run, values, place.name), values)
        if not place.verified:
            self.reasons[place.name] = UNCONFIRMED
            if self.soft:
                return unknown(place.name)
        return self._quiet(op.otherwise, values, place.name)

    def _quiet(self, run: Run, values: Mapping[str, Value], name: str) -> Value:
        """Work out an open place; an error counts only where its value is used."""
        scratch = self.scratch
        value = run(values, scratch)
        if scratch.diagnostics:
            scratch.diagnostics.clear()
            self.reasons[name] = FAILED
            return unknown(name)
        return value

    def _bounded(self, op: OpenOp, value: Value, values: Mapping[str, Value]) -> Value:
        name = op.place.name
        for bound, is_low in ((op.low, True), (op.high, False)):
            limit = self._quiet(bound, values, name) if bound is not None else None
            if type(limit) is Unknown:
                return limit
            if (
                limit is not None
                and type(value) is type(limit)
                and (value < limit if is_low else value > limit)
            ):
                self.reasons[name] = OUT_OF_BOUNDS
                return unknown(name)
        return value

    def _know_rates(self, values: dict[str, Value]) -> None:
        chosen = self.source.rates_on
        self.day = values.get(chosen, self.on) if chosen else self.on
        found, reasons = self.rates_on(self.day, self.soft)
        values.update(found)
        self.reasons.update(reasons)

    def _each(self, over: Run, values: dict[str, Value]) -> Value:
        """Work out the steps of each one decided for; gives the list of results.

        Where it cannot be told who they are, the list is unknown: an empty one would be taken for “nobody”.
        """
        name, before = self.source.result.list, len(self.recorder.diagnostics)
        listed = over(values, self.recorder)
        self._wrong(name, before)
        if type(listed) is Unknown:
            self.missing |= listed.names
            return listed
        persons = isinstance(listed, list) and all(type(one) in (dict, Unknown) for one in listed)
        if not persons or len(self.recorder.diagnostics) > before:
            if not persons:
                self.diagnostics.append((name, "type-mismatch", NO_PERSONS))
            self.reasons[name] = FAILED
            return unknown(name)
        self._look_through(listed)
        items = [self._item(at, one, values) for at, one in enumerate(listed, 1) if type(one) is dict]
        self.items = tuple(item for item, _ in items)
        lost = (one for one in listed if type(one) is Unknown)
        return next(lost, [result for _, result in items])

    def _item(self, at: int, one: dict[str, Value], values: dict[str, Value]) -> tuple[Item, Value]:
        result, called = self.source.result, self.source.called
        key = str(one.get(result.key, at))
        mine = {**values, **one}
        if called:
            mine[called] = one
        before = len(self.raw)
        self._work(self.plan.each, mine, key)
        made = {raw[0].name: raw[2] for raw in self.raw[before:]}
        name = one.get(result.name)
        return Item(key, name if isinstance(name, str) else "", made, mine), {**one, **made}

    def _asked(self, values: dict[str, Value]) -> Iterator[ControlPoint]:
        recorder = self.recorder
        for op in self.plan.stops:
            before = len(recorder.diagnostics)
            stop = op.stop
            holds = self.points[stop.name] = op.run(values, recorder)
            if holds is True:
                yield ControlPoint(stop.name, stop.law, stop.why, stop.todo)
            elif type(holds) is Unknown:
                self.missing |= holds.names
            if len(recorder.diagnostics) > before:
                self._wrong(stop.name, before)
