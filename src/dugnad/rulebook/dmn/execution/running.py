"""Running the elements of a model in order, each once; and services, which run a part of them as a function."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dugnad.rulebook.dmn.execution.graph import Key
from dugnad.rulebook.dmn.execution.units import MOMENT, Unit
from dugnad.rulebook.feel.bounds import RECORDER, VALUES, WORK, work
from dugnad.rulebook.feel.builtins.dates import NOW
from dugnad.rulebook.feel.diagnostics import Diagnostic, Fault
from dugnad.rulebook.feel.typed import FeelType, coerced
from dugnad.rulebook.feel.values import Env, FunctionValue, Value, to_value
from dugnad.rulebook.trace import Recorder

SERVICE_COST = 20
"""What the call of a service counts for, beside a turn of a loop."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value that comes from outside: its name, its type, and the offset diagnostics about it have."""

    key: Key
    name: str
    kind: FeelType
    start: int

    def taken(self, value: Value, recorder: Recorder | None) -> Value:
        """Give the value as one of the type declared; null and a diagnostic where it is none."""
        try:
            return coerced(to_value(value), self.kind)
        except Fault as fault:
            said = fault.message
        except TypeError as error:
            said = f"{error}."
        note(recorder, Diagnostic("type-mismatch", f"{self.name}: {said}", self.start, self.start))
        return None


def note(recorder: Recorder | None, diagnostic: Diagnostic) -> None:
    """Record a diagnostic where someone listens."""
    if recorder is not None:
        recorder.diagnostics.append(diagnostic)


@dataclass(slots=True)
class Machine:
    """The decisions of a library, ready to run."""

    units: dict[Key, Unit] = field(default_factory=dict)

    def run(
        self, order: Iterable[Key], memo: dict[Key, Value], recorder: Recorder | None, left: list[int]
    ) -> None:
        """Run decisions in the order given; what ``memo`` knows is not run again."""
        for key in order:
            if key not in memo:
                memo[key] = self.one(self.units[key], memo, recorder, left)

    def one(self, unit: Unit, memo: Mapping[Key, Value], recorder: Recorder | None, left: list[int]) -> Value:
        """Run one decision, and write its trace as a group of its own."""
        values = unit.values(memo)
        env: Env = [values, recorder, left, *unit.room]
        if recorder is None:
            return unit.code(env)
        recorder.enter(unit.name)
        result = unit.code(env)
        if unit.step is not None:
            unit.step.record(recorder, values, result)
        recorder.leave()
        return result


@dataclass(slots=True)
class Service:
    """A decision service: ``given`` are its input data, then its input decisions; ``outputs`` by name."""

    name: str
    given: tuple[Given, ...]
    outputs: tuple[tuple[str, Key], ...]
    order: tuple[Key, ...]
    kind: FeelType

    def run(
        self, machine: Machine, memo: dict[Key, Value], recorder: Recorder | None, left: list[int]
    ) -> dict[str, Value]:
        """Give the values of the output decisions by name."""
        machine.run(self.order, memo, recorder, left)
        return {name: memo[key] for name, key in self.outputs}

    def result(self, found: dict[str, Value]) -> Value:
        """Give the service's value: that of its one output decision, or a context of several. Raises Fault."""
        value = next(iter(found.values())) if len(self.outputs) == 1 else found
        return coerced(value, self.kind)

    def function(self, machine: Machine) -> FunctionValue:
        """Give the service as FEEL calls it (DMN 1.5, 10.4)."""

        def call(env: Env, arguments: list[Value]) -> Value:
            if len(arguments) != len(self.given):
                raise Fault("wrong-arguments", f"The service takes {len(self.given)} arguments.")
            work(env, SERVICE_COST)
            pairs = zip(self.given, arguments, strict=True)
            memo = {each.key: coerced(value, each.kind) for each, value in pairs}
            memo[MOMENT] = env[VALUES].get(NOW)
            return self.result(self.run(machine, memo, env[RECORDER], env[WORK]))

        names = tuple(each.name for each in self.given)
        return FunctionValue(names, call, None, tuple(each.kind for each in self.given))
