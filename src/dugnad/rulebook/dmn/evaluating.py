"""Models made executable: ``compile_model(load(path)).decide("Name", {"Input": value})``.

A decision runs after everything it requires, each once per call. What goes wrong is null and a diagnostic in
the recorder; ``place`` says in which file, on which line. What is wrong in the model itself stands in
``problems``; only decisions that need each other in a circle, and imports that are not there, stop the compiling.
"""

from collections.abc import Mapping
from datetime import datetime

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.execution.graph import Key
from dugnad.rulebook.dmn.execution.library import Library, library_of, load
from dugnad.rulebook.dmn.execution.linking import Linked, link
from dugnad.rulebook.dmn.execution.places import Place
from dugnad.rulebook.dmn.execution.running import Given, note
from dugnad.rulebook.dmn.execution.units import MOMENT
from dugnad.rulebook.dmn.model import BusinessKnowledgeModel, Decision, DecisionService, DrgElement, InputData
from dugnad.rulebook.feel.bounds import MAX_WORK
from dugnad.rulebook.feel.builtins.dates import NOW
from dugnad.rulebook.feel.diagnostics import Diagnostic, Fault, nearest
from dugnad.rulebook.feel.values import FunctionValue, Value
from dugnad.rulebook.trace import Recorder

__all__ = ["Executable", "Inputs", "Library", "Place", "compile_model", "library_of", "load"]

Inputs = Mapping[str | tuple[str, str], Value]
"""Values by name, or by (namespace, name) where two models give one name to different things."""


def compile_model(library: Library) -> "Executable":
    """Compile a model with all it imports. Raises DmnError for a circle of requirements."""
    return Executable(link(library))


class Executable:
    """A model ready to run; safe to share between threads. ``problems`` are what is wrong in it."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._plans: dict[Key, tuple[tuple[Key, ...], tuple[Given, ...]]] = {}
        self.problems: tuple[DmnError, ...] = tuple(linked.problems)

    def decide(
        self,
        name: str,
        inputs: Inputs,
        recorder: Recorder | None = None,
        *,
        at: datetime | None = None,
        namespace: str = "",
    ) -> Value:
        """Give a decision's value. An input not given is null; ``at`` is the moment ``now()`` gives, with a zone.

        Raises DmnError where no decision has the name.
        """
        return self.decide_all([(namespace, name)], inputs, recorder, at=at)[0]

    def decide_all(
        self,
        wanted: list[tuple[str, str]],
        inputs: Inputs,
        recorder: Recorder | None = None,
        *,
        at: datetime | None = None,
    ) -> list[Value]:
        """Give the values of several decisions, (namespace, name) each, that share what they require."""
        memo: dict[Key, Value] = {MOMENT: at}
        left = [MAX_WORK]
        keys = [self._key(name, namespace, Decision) for namespace, name in wanted]
        for key in keys:
            order, given = self._plan(key)
            for each in given:
                if each.key not in memo:
                    self._take(each, inputs, memo, recorder)
            try:
                self._linked.machine.run(order, memo, recorder, left)
            except RecursionError:
                self._too_deep(key, memo, recorder)
        return [memo[key] for key in keys]

    def serve(
        self,
        name: str,
        inputs: Inputs,
        recorder: Recorder | None = None,
        *,
        at: datetime | None = None,
        namespace: str = "",
    ) -> dict[str, Value]:
        """Run a decision service; gives the values of its output decisions by name. Raises DmnError."""
        key = self._key(name, namespace, DecisionService)
        service = self._linked.services[key]
        memo: dict[Key, Value] = {MOMENT: at}
        for each in service.given:
            memo[each.key] = each.taken(self._given(each, inputs), recorder)
        try:
            return service.run(self._linked.machine, memo, recorder, [MAX_WORK])
        except RecursionError:
            self._too_deep(key, memo, recorder)
            return dict.fromkeys(each for each, _ in service.outputs)

    def served(self, name: str, found: dict[str, Value], *, namespace: str = "") -> Value:
        """Give a service's own value of what ``serve`` gave: one output's, or a context, as one of the service's type.

        Raises DmnError where there is no such service, Fault where the value is of another type.
        """
        return self._linked.services[self._key(name, namespace, DecisionService)].result(found)

    def call(
        self,
        name: str,
        arguments: Mapping[str, Value],
        recorder: Recorder | None = None,
        *,
        at: datetime | None = None,
        namespace: str = "",
    ) -> Value:
        """Call a business knowledge model or a service as a function. Raises DmnError where none has the name."""
        key = self._key(name, namespace, BusinessKnowledgeModel, DecisionService)
        function = self._linked.functions[key]
        start = self._linked.given[key].start
        if not isinstance(function, FunctionValue):
            note(recorder, Diagnostic("no-logic", f"{name} has no logic.", start, start))
            return None
        values = [arguments.get(parameter) for parameter in function.parameters]
        try:
            return function.call([{NOW: at}, recorder, [MAX_WORK]], values)
        except Fault as fault:
            note(recorder, Diagnostic(fault.code, fault.message, start, start))
            return None
        except RecursionError:
            self._too_deep(key, {}, recorder)
            return None

    def names(self, *kinds: type[DrgElement]) -> list[str]:
        """Give the names of the model's own elements of these kinds, in the order they are written."""
        model = self._linked.library.models[self._linked.library.main]
        return [element.name for element in model.of(*kinds)]

    def place(self, diagnostic: Diagnostic) -> Place | None:
        """Tell where in the model a diagnostic belongs."""
        return self._linked.places.at(diagnostic.start)

    def _key(self, name: str, namespace: str, *kinds: type[DrgElement]) -> Key:
        """Find an element: in the namespace given, else in the model itself, else where it is alone."""
        library, elements = self._linked.library, self._linked.graph.elements
        named = [key for key, each in elements.items() if isinstance(each, kinds) and each.name == name]
        for wanted in (namespace,) if namespace else (library.main, *library.models):
            found = [key for key in named if key[0] == wanted]
            if found:
                return found[0]
        known = (
            each.name
            for key, each in elements.items()
            if isinstance(each, kinds) and namespace in ("", key[0])
        )
        near = nearest(name, known)
        mend = f"Did you mean “{near}”?" if near else "Look at the names in the model."
        whose = f"The model {namespace}" if namespace else "The model"
        raise DmnError(library.files[library.main], 0, f"{whose} has no “{name}” to run.", mend)

    def _plan(self, key: Key) -> tuple[tuple[Key, ...], tuple[Given, ...]]:
        """Give what a decision needs run, and what it needs given."""
        if key not in self._plans:
            graph = self._linked.graph
            order = graph.order([key])
            given = (need.key for each in order for need in graph.needs(each))
            outside = [each for each in given if isinstance(graph.elements[each], InputData)]
            outside += [each for each in order if self._bare(each)]
            self._plans[key] = (order, tuple(self._linked.given[each] for each in dict.fromkeys(outside)))
        return self._plans[key]

    def _bare(self, key: Key) -> bool:
        """Tell whether a decision has no logic, so that its value may be given."""
        element = self._linked.graph.elements[key]
        return isinstance(element, Decision) and element.expression is None

    def _take(self, each: Given, inputs: Inputs, memo: dict[Key, Value], recorder: Recorder | None) -> None:
        if self._bare(each.key) and (each.key[0], each.name) not in inputs and each.name not in inputs:
            return
        memo[each.key] = each.taken(self._given(each, inputs), recorder)

    def _given(self, each: Given, inputs: Inputs) -> Value:
        """Find a value by namespace and name, in a context under the import's name, or by name.

        A bare name is that of the model's own element, where it has one.
        """
        namespace = each.key[0]
        graph, main = self._linked.graph, self._linked.library.main
        name = graph.elements[each.key].name
        if (namespace, name) in inputs:
            return inputs[namespace, name]
        prefix = graph.prefix(main, namespace)
        below = inputs.get(prefix) if prefix else None
        if isinstance(below, Mapping) and name in below:
            return below[name]
        own = namespace == main or not any(
            element.name == name for element in self._linked.library.models[main].drg
        )
        return next((inputs[key] for key in (name, each.name) if own and key in inputs), None)

    def _too_deep(self, key: Key, memo: dict[Key, Value], recorder: Recorder | None) -> None:
        start = self._linked.given[key].start
        note(recorder, Diagnostic("too-deep", "The functions call each other without end.", start, start))
        memo[key] = None
