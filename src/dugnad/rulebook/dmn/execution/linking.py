"""A library → a machine: every element made, then handed what it may call."""

from dataclasses import dataclass, field

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.execution.checking import check
from dugnad.rulebook.dmn.execution.graph import Graph, Key, name_of
from dugnad.rulebook.dmn.execution.itemtypes import types_of
from dugnad.rulebook.dmn.execution.library import Library
from dugnad.rulebook.dmn.execution.places import Place, Places
from dugnad.rulebook.dmn.execution.running import Given, Machine, Service
from dugnad.rulebook.dmn.execution.units import Compiler, gathered
from dugnad.rulebook.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DrgElement,
    InputData,
    Reference,
)
from dugnad.rulebook.feel.typed import FunctionType
from dugnad.rulebook.feel.values import Value


@dataclass(slots=True)
class Linked:
    """Everything of a library, ready to run."""

    library: Library
    graph: Graph
    machine: Machine
    places: Places
    problems: list[DmnError]
    given: dict[Key, Given] = field(default_factory=dict)
    functions: dict[Key, Value] = field(default_factory=dict)
    services: dict[Key, Service] = field(default_factory=dict)


def link(library: Library) -> Linked:
    """Make every element and hand it what it may call. Raises DmnError for a circle of decisions."""
    return _Linker(library).run()


class _Linker:
    def __init__(self, library: Library) -> None:
        problems: list[DmnError] = []
        places = Places()
        seen: set[tuple[str, int, str]] = set()

        def report(file: str, line: int, what: str, mend: str) -> None:
            if (file, line, what) not in seen:
                seen.add((file, line, what))
                problems.append(DmnError(file, line, what, mend))

        graph = Graph(library, report)
        check(graph, report)
        self.compiler = Compiler(graph, types_of(library, report), places, report)
        self.linked = Linked(library, graph, Machine(), places, problems)
        self.sees: dict[Key, dict[str, Value]] = {}

    def run(self) -> Linked:
        linked, elements = self.linked, self.linked.graph.elements
        linked.graph.order(key for key, each in elements.items() if isinstance(each, Decision))
        for key, element in elements.items():
            try:
                self.make(key, element)
            except RecursionError:
                what = f"“{element.name}” has boxes and expressions nested too deeply."
                raise DmnError(
                    linked.graph.file(key), element.line, what, "Divide it into decisions."
                ) from None
        for key, values in self.sees.items():
            values[name_of(elements[key])] = linked.functions[key]
            values.update(gathered(self.functions(key)))
        for key, unit in linked.machine.units.items():
            unit.functions = self.functions(key)
        return linked

    def make(self, key: Key, element: DrgElement) -> None:
        """Make what runs of one element."""
        linked = self.linked
        if isinstance(element, BusinessKnowledgeModel):
            linked.functions[key], self.sees[key] = self.compiler.knowledge(key, element)
        elif isinstance(element, DecisionService):
            service = linked.services[key] = self.service(key, element)
            linked.functions[key] = service.function(linked.machine)
        elif isinstance(element, Decision):
            linked.machine.units[key] = self.compiler.decision(key, element)
        linked.given[key] = self.given(key, element)

    def functions(self, key: Key) -> list[tuple[str, str, Value]]:
        """Give the functions an element may call: prefix, name, function."""
        graph = self.linked.graph
        return [
            (need.prefix, name_of(graph.elements[need.key]), self.linked.functions[need.key])
            for need in graph.needs(key)
            if need.key in self.linked.functions
        ]

    def given(self, key: Key, element: DrgElement) -> Given:
        """Give what is asked of an element's value when it comes from outside."""
        place = Place(self.linked.graph.file(key), element.line, element.name, "")
        return Given(key, name_of(element), self.compiler.kind(key, element), self.linked.places.add(place))

    def service(self, key: Key, element: DecisionService) -> Service:
        """Make a service; only what it names as input is taken for given."""
        given = self.targets(key, element.input_data, InputData)
        given += self.targets(key, element.input_decisions, Decision)
        outputs = self.targets(key, element.output_decisions, Decision)
        elements = self.linked.graph.elements
        kind = self.compiler.kind(key, element)
        return Service(
            element.name,
            tuple(self.given(each, elements[each]) for each in given),
            tuple((name_of(elements[each]), each) for each in outputs),
            self.linked.graph.order(outputs, frozenset(given)),
            kind.result if isinstance(kind, FunctionType) else kind,
        )

    def targets(self, key: Key, references: tuple[Reference, ...], kind: type[DrgElement]) -> list[Key]:
        """Give the elements referred to, of the kind they must be."""
        graph = self.linked.graph
        found = (need.key for each in references for need in graph.resolved(key, each))
        return [each for each in found if isinstance(graph.elements[each], kind)]
