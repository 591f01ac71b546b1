"""Rules applied to facts: one exact decision, with its reasons, its control points and its trace.

An unknown fact or any error on the path stops automation and says why; neither ever becomes a refusal. What could
be calculated all the same stands in the outcome as a draft for the case worker.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from dugnad.rulebook.feel.values import Unknown, Value, unknown
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rates import Rates, RateValue
from dugnad.rulebook.rules.compiling import RATES, Compiler, Op, OpenOp, Patch, Run, StepOp, StopOp, rounded
from dugnad.rulebook.rules.facts import FactBook, canonical, to_data
from dugnad.rulebook.rules.names import Vocabulary, vocabulary
from dugnad.rulebook.rules.source import RuleSource, Scope
from dugnad.rulebook.rules.words import built_in
from dugnad.rulebook.trace import Recorder

__all__ = ["ControlPoint", "Item", "Outcome", "Patch", "Ruleset", "Traced", "compile_ruleset"]

_MATCHED = -1
"""How a table's record marks a row that matched."""
UNCONFIRMED = "sats ikke bekreftet"
NO_RATE = "sats mangler"
OUT_OF_BOUNDS = "lokal verdi utenfor rammen"
MISSING = "opplysning mangler"
DISPUTED = "opplysning bestridt"
FAILED = "feil i beregningen"


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


class Traced(NamedTuple):
    """One step worked out: for which item (None: for all), its value, the section of law, the rows hit."""

    name: str
    key: str | None
    value: Value
    law: str
    rows: tuple[int, ...]
    detail: Any
    set_by_person: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """The result for one item (one child): its key, its name, every step's value, and all it was worked out from."""

    key: str
    name: str
    values: Mapping[str, Value]
    known: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say. `automatic` tells whether it may be a decision without a person.

    `values` holds the steps for the whole application, `items` those of each child; `unknown` the facts nobody
    knows that something depended on; `because` the sections of law in the order of the rules.
    """

    on: date
    outcome: str | None
    items: tuple[Item, ...]
    values: Mapping[str, Value]
    known: Mapping[str, Value]
    stops: tuple[ControlPoint, ...]
    unknown: tuple[str, ...]
    diagnostics: tuple[tuple[str, str, str], ...]
    because: tuple[str, ...]
    rates: Mapping[str, RateValue]
    trace: tuple[Traced, ...]

    @property
    def automatic(self) -> bool:
        """True where nothing stopped automation."""
        return not self.stops and self.outcome is not None

    def as_data(self) -> dict[str, object]:
        """Return the outcome as JSON can hold it: equal outcomes give equal data."""
        return {
            "on": self.on.isoformat(),
            "outcome": self.outcome,
            "automatic": self.automatic,
            "items": [
                {"key": item.key, "name": item.name, "values": _short(item.values)} for item in self.items
            ],
            "values": _short(self.values),
            "stops": [_stop_data(stop) for stop in self.stops],
            "unknown": list(self.unknown),
            "diagnostics": [{"step": s, "code": c, "message": m} for s, c, m in self.diagnostics],
            "because": list(self.because),
            "rates": {name: _rate_data(value) for name, value in sorted(self.rates.items())},
            "trace": [_traced_data(one) for one in self.trace],
        }

    def as_bytes(self) -> bytes:
        """Return `as_data` as canonical JSON: sorted keys, UTF-8, no spaces. Replay gives the same bytes."""
        return json.dumps(self.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _short(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: _brief(value) for name, value in values.items()}


def _brief(value: Value) -> object:
    """Keep persons in lists by key only: what they are like stands among the facts."""
    if isinstance(value, list):
        return [
            item["person"] if isinstance(item, Mapping) and "person" in item else to_data(item)
            for item in value
        ]
    return to_data(value)


def _stop_data(stop: ControlPoint) -> dict[str, object]:
    why = dict(sorted(stop.why.items()))
    return {
        "name": stop.name,
        "law": stop.law,
        "why": why,
        "todo": stop.todo,
        "concerns": list(stop.concerns),
    }


def _rate_data(value: RateValue) -> dict[str, object]:
    shown = {"from": value.start.isoformat(), "value": canonical(value.value)}
    return {**shown, "source": value.source, "verified": value.verified}


def _traced_data(one: Traced) -> dict[str, object]:
    data: dict[str, object] = {"step": one.name, "value": _brief(one.value), "law": one.law}
    if one.key is not None:
        data["key"] = one.key
    if one.rows:
        data["rows"] = list(one.rows)
    if one.set_by_person:
        data["set by"] = "case worker"
    return data


class _Work:
    """One pass over the rules: what is known so far, and what went wrong on the way."""

    __slots__ = ("because", "day", "recorder", "reasons", "results", "set_by", "soft", "trace")

    def __init__(self, set_by: Mapping[str, Value], *, soft: bool) -> None:
        self.recorder = Recorder()
        self.trace: list[Traced] = []
        self.because: dict[str, None] = {}
        self.reasons: dict[str, str] = {}
        self.set_by = set_by
        self.soft = soft
        self.day: Value = None
        self.results: list[tuple[str, str, str]] = []


@dataclass(frozen=True, slots=True)
class _Plan:
    common: tuple[Op | None, ...]
    each: tuple[Op | None, ...]
    after: tuple[Op | None, ...]
    over: Run | None
    stops: tuple[StopOp, ...]


class Ruleset:
    """A service's rules with one organisation's tailoring, compiled; safe to share between threads."""

    def __init__(
        self, source: RuleSource, book: FactBook, rates: Rates, words: Vocabulary, plan: _Plan, patch: Patch
    ) -> None:
        self.source = source
        self.book = book
        self.words = words
        self.rates = rates
        self.patch = patch
        self._plan = plan
        self._rates_on = lru_cache(maxsize=512)(self._look_up_rates)

    def operations(self, scope: Scope) -> tuple[StepOp, ...]:
        """Return the steps of a scope in working order."""
        ops = {"common": self._plan.common, "each": self._plan.each, "after": self._plan.after}[scope]
        return tuple(op for op in ops if isinstance(op, StepOp))

    def out_of_bounds(self) -> Iterator[Finding]:
        """Find tailored values outside their bounds on the day they begin, as far as no case is needed to know."""
        for op in (
            op for ops in (self._plan.common, self._plan.each) for op in ops if isinstance(op, OpenOp)
        ):
            for start, run in op.values:
                values: dict[str, Value] = dict(self._rates_on(start, False)[0])  # noqa: FBT003 - a key of the cache
                work = _Work({}, soft=False)
                value = self._quiet(run, values, work, op.place.name)
                bounded = self._bounded(op, value, values, work)
                if work.reasons.get(op.place.name) == OUT_OF_BOUNDS or (
                    value is not None and bounded is None
                ):
                    text = next(text for day, text in self.patch.open[op.place.name] if day == start)
                    low, high = op.place.at_least, op.place.at_most
                    limits = " and ".join(
                        f"{word} {one.text}" for word, one in (("at least", low), ("at most", high)) if one
                    )
                    what = f"'{op.place.name}' is outside its bounds on {start}"
                    yield Finding.at(text.place, "bounds", what, f"It must be {limits}.")

    def decide(self, facts: Mapping[str, Value], *, on: date, disputed: Collection[str] = ()) -> Outcome:
        """Decide on `facts` as of the day `on`.

        `facts` is {name: value}; a list of persons is a list of {attribute: value}. What is absent or None is
        unknown. A step's name among them replaces its calculation: a person has set it. `disputed` names facts
        the applicant says are wrong; they stop automation while the register's value stays in the draft.
        """
        known = self.book.complete(facts)
        set_by = {
            name: value for name, value in facts.items() if name in self.source.steps and value is not None
        }
        outcome, work = self._pass(known, set_by, on, soft=True)
        unconfirmed = sorted(name for name, why in work.reasons.items() if why == UNCONFIRMED)
        blocking = [name for name in unconfirmed if name in outcome.unknown]
        if blocking:
            outcome, work = self._pass(known, set_by, on, soft=False)
        return self._concluded(outcome, work, blocking, sorted(disputed))

    def _pass(
        self, known: dict[str, Value], set_by: Mapping[str, Value], on: date, *, soft: bool
    ) -> tuple[Outcome, _Work]:
        work = _Work(set_by, soft=soft)
        values = dict(known)
        plan = self._plan
        self._run(plan.common, values, work, on, None)
        items = tuple(self._each(plan, values, work, on)) if plan.over else ()
        values[self.source.result.list] = [dict(item.known) for item in items]
        self._run(plan.after, values, work, on, None)
        stops = tuple(self._stops(plan, values, work))
        return self._outcome(values, items, stops, work, on), work

    def _run(
        self, ops: tuple[Op | None, ...], values: dict[str, Value], work: _Work, on: date, key: str | None
    ) -> None:
        for op in ops:
            if type(op) is StepOp:
                values[op.step.name] = self._step(op, values, work, key)
            elif type(op) is OpenOp:
                values[op.place.name] = self._open(op, values, work, on)
            elif key is None and work.day is None:
                self._know_rates(values, work, on)

    def _step(self, op: StepOp, values: Mapping[str, Value], work: _Work, key: str | None) -> Value:
        step = op.step
        if key is None and step.name in work.set_by:
            value = work.set_by[step.name]
            work.trace.append(Traced(step.name, None, value, step.law, (), None, set_by_person=True))
            return value
        law, rows = step.law, ()
        recorder = work.recorder
        before = len(recorder.diagnostics)
        detail = None
        if op.table is not None:
            value = op.table(values, recorder)
            detail = recorder.records.pop()[1]
            rows = tuple(row for row, state in detail[1] if state == _MATCHED)
            law = ", ".join([one for row in rows if (one := op.laws[row])]) or law
            if rows and law:
                work.because[law] = None
        else:
            value = op.run(values, recorder) if op.run is not None else None
            if law:
                work.because[law] = None
        if op.round is not None:
            value = rounded(value, op.round(values, recorder))
        if len(recorder.diagnostics) > before:
            work.results.extend((step.name, one.code, one.message) for one in recorder.diagnostics[before:])
        work.trace.append(Traced(step.name, key, value, law, rows, detail))
        return value

    def _open(self, op: OpenOp, values: Mapping[str, Value], work: _Work, on: date) -> Value:
        place = op.place
        day = on if op.early or work.day is None else work.day
        run = None
        if op.values and type(day) is date:
            run = next((run for start, run in op.values if start <= day), None)
        if run is None:
            if not place.verified and work.soft:
                work.reasons[place.name] = UNCONFIRMED
                return unknown(place.name)
            if not place.verified:
                work.reasons[place.name] = UNCONFIRMED
            return self._quiet(op.otherwise, values, work, place.name)
        value = self._quiet(run, values, work, place.name)
        return self._bounded(op, value, values, work)

    def _quiet(self, run: Run, values: Mapping[str, Value], work: _Work, name: str) -> Value:
        """Work out an open place; an error counts only where its value is used."""
        recorder = Recorder()
        value = run(values, recorder)
        if recorder.diagnostics:
            work.reasons[name] = FAILED
            return unknown(name)
        return value

    def _bounded(self, op: OpenOp, value: Value, values: Mapping[str, Value], work: _Work) -> Value:
        for bound, is_low in ((op.low, True), (op.high, False)):
            limit = self._quiet(bound, values, work, op.place.name) if bound is not None else None
            if type(limit) is Unknown:
                return limit
            if (
                limit is not None
                and type(value) is type(limit)
                and (value < limit if is_low else value > limit)
            ):
                work.reasons[op.place.name] = OUT_OF_BOUNDS
                return unknown(op.place.name)
        return value

    def _know_rates(self, values: dict[str, Value], work: _Work, on: date) -> None:
        day = values.get(self.source.rates_on, on) if self.source.rates_on else on
        work.day = day
        if type(day) is Unknown:
            values.update(dict.fromkeys(self.rates.rates, day))
        elif type(day) is date:
            found, reasons = self._rates_on(day, work.soft)
            values.update(found)
            work.reasons.update(reasons)
        else:
            values.update({name: unknown(name) for name in self.rates.rates})
            work.reasons.update(dict.fromkeys(self.rates.rates, NO_RATE))

    def _look_up_rates(self, day: date, soft: bool) -> tuple[dict[str, Value], dict[str, str]]:  # noqa: FBT001 - a key of the cache
        values: dict[str, Value] = {}
        reasons: dict[str, str] = {}
        for name, found in self.rates.on(day).items():
            if found is None:
                reasons[name], values[name] = NO_RATE, unknown(name)
            elif not found.verified:
                reasons[name], values[name] = UNCONFIRMED, unknown(name) if soft else found.value
            else:
                values[name] = found.value
        return values, reasons

    def _each(self, plan: _Plan, values: Mapping[str, Value], work: _Work, on: date) -> Iterator[Item]:
        over = plan.over(values, work.recorder) if plan.over is not None else None
        result = self.source.result
        for at, one in enumerate(over if isinstance(over, list) else ()):
            key = str(one.get(result.key, at + 1)) if isinstance(one, Mapping) else str(at + 1)
            mine = {**values, **one} if isinstance(one, Mapping) else dict(values)
            if self.source.called:
                mine[self.source.called] = one
            before = len(work.trace)
            self._run(plan.each, mine, work, on, key)
            made = {traced.name: traced.value for traced in work.trace[before:]}
            name = one.get(result.name) if isinstance(one, Mapping) else None
            yield Item(key, name if isinstance(name, str) else "", made, mine)

    def _stops(self, plan: _Plan, values: Mapping[str, Value], work: _Work) -> Iterator[ControlPoint]:
        recorder = work.recorder
        for op in plan.stops:
            before = len(recorder.diagnostics)
            holds = op.run(values, recorder)
            stop = op.stop
            if holds is True:
                yield ControlPoint(stop.name, stop.law, stop.why, stop.todo)
            elif holds is not False:
                work.trace.append(Traced(stop.name, None, holds, stop.law, (), None))
            if len(recorder.diagnostics) > before:
                found = recorder.diagnostics[before:]
                work.results.extend((stop.name, one.code, one.message) for one in found)

    def _outcome(
        self,
        values: dict[str, Value],
        items: tuple[Item, ...],
        stops: tuple[ControlPoint, ...],
        work: _Work,
        on: date,
    ) -> Outcome:
        missing: set[str] = set()
        for traced in work.trace:
            if type(traced.value) is Unknown:
                missing |= traced.value.names
            elif type(traced.value) is list:
                missing.update(*(one.names for one in traced.value if type(one) is Unknown))
        chosen = values.get(self.source.result.outcome)
        steps = self.source.steps
        day = work.day
        in_force = self.rates.on(day) if type(day) is date else {}
        return Outcome(
            on=on,
            outcome=chosen if isinstance(chosen, str) else None,
            items=items,
            values={name: values[name] for name in steps if name in values and steps[name].scope != "each"},
            known=values,
            stops=stops,
            unknown=tuple(sorted(missing)),
            diagnostics=tuple(work.results),
            because=tuple(work.because),
            rates={name: value for name, value in in_force.items() if value is not None},
            trace=tuple(work.trace),
        )

    def _concluded(
        self, outcome: Outcome, work: _Work, unconfirmed: list[str], disputed: list[str]
    ) -> Outcome:
        """Add the control points no service has to write."""
        by_reason: dict[str, list[str]] = {UNCONFIRMED: unconfirmed, DISPUTED: disputed}
        for name in outcome.unknown:
            by_reason.setdefault(work.reasons.get(name, MISSING), []).append(name)
        if outcome.diagnostics:
            by_reason.setdefault(FAILED, []).extend(dict.fromkeys(step for step, _, _ in outcome.diagnostics))
        if outcome.outcome is None and not outcome.stops and not any(by_reason.values()):
            by_reason[FAILED] = [self.source.result.outcome]
        if outcome.stops:
            by_reason.pop(MISSING, None)
        added = [self._built_in(reason, names) for reason, names in sorted(by_reason.items()) if names]
        if not added:
            return outcome
        return _replaced(outcome, (*outcome.stops, *added))

    def _built_in(self, reason: str, names: list[str]) -> ControlPoint:
        laws = dict.fromkeys(law for law in map(self._law, names) if law)
        return ControlPoint(
            reason, ", ".join(laws), built_in(reason, ", ".join(names)), concerns=tuple(names)
        )

    def _law(self, name: str) -> str:
        fact, rate, place = self.book.facts.get(name), self.rates.rates.get(name), self.source.open.get(name)
        step = self.source.steps.get(name)
        return next((one.law for one in (fact, rate, place, step) if one is not None), "")


def _replaced(outcome: Outcome, stops: tuple[ControlPoint, ...]) -> Outcome:
    return Outcome(
        outcome.on,
        outcome.outcome,
        outcome.items,
        outcome.values,
        outcome.known,
        stops,
        outcome.unknown,
        outcome.diagnostics,
        outcome.because,
        outcome.rates,
        outcome.trace,
    )


def compile_ruleset(
    source: RuleSource, book: FactBook, rates: Rates, patch: Patch
) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Compile rules with a patch. Gives the ruleset, or None and every finding."""
    words = vocabulary(source, book, rates)
    compiler = Compiler(source, words, rates.rates, patch)
    steps, opens, stops = compiler.steps(), compiler.opens(), compiler.stops()
    over = compiler.formula(source.each_over, "common") if source.each_over else None
    upstream = compiler.upstream()
    ready: dict[str, Op] = {**steps}
    for name, op in opens.items():
        ready[name] = op if name not in upstream else _early(op)
    orders = [compiler.order(scope, opens) for scope in ("common", "each", "after")]
    if compiler.findings:
        return None, tuple(compiler.findings)
    common, each, after = (
        tuple(None if name == RATES else ready[name] for name in order) for order in orders
    )
    plan = _Plan(common, each, after, over[0] if over else None, stops)
    return Ruleset(source, book, rates.confirmed(patch.confirms), words, plan, patch), ()


def _early(op: OpenOp) -> OpenOp:
    return OpenOp(op.place, op.values, op.otherwise, op.low, op.high, op.reads, early=True)


def bounds_of(rules: Ruleset) -> tuple[Finding, ...]:
    """Return the tailored values that lie outside their bounds on the day they begin.

    Only what can be known without a case is checked here: constants against constants and rates. A formula that
    needs facts is bounded when it is used.
    """
    return tuple(rules.out_of_bounds())
