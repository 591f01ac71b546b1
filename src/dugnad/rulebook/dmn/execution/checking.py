"""What is wrong with the names and references of a library: told once, all of it, and never a reason to stop."""

from collections.abc import Callable, Iterator
from itertools import chain

from dugnad.rulebook.dmn.execution.graph import Graph, Key, key_of, name_of, variable_of
from dugnad.rulebook.dmn.execution.library import dmn_imports
from dugnad.rulebook.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    DrgElement,
    InputData,
    Reference,
)

Kinds = tuple[type[DrgElement], ...]

_INVOCABLE: Kinds = (BusinessKnowledgeModel, DecisionService)
_CALLED: dict[type[DrgElement], str] = {
    Decision: "a decision",
    InputData: "input data",
    BusinessKnowledgeModel: "a business knowledge model",
    DecisionService: "a decision service",
}
_ELSEWHERE = ("http://www.dmg.org/PMML", "http://www.w3.org/2001/XMLSchema")
"""Kinds of import that DMN knows and nothing here needs read; what would be run of them is refused where it is."""


def check(graph: Graph, report: Callable[[str, int, str, str], None]) -> None:
    """Report ids and names that stand for two things, and references to what is of another kind or not imported."""
    for namespace, model in graph.library.models.items():
        file = graph.library.files[namespace]
        found = (
            _imports(model),
            _names(graph, namespace),
            _references(graph, namespace),
            _lost(graph, namespace),
        )
        for line, what, mend in chain.from_iterable(found):
            report(file, line, what, mend)


_Problem = tuple[int, str, str]


def _imports(model: Definitions) -> Iterator[_Problem]:
    names: set[str] = set()
    models: dict[str, str] = {}
    read = dmn_imports(model)
    for each in model.imports:
        if each not in read:
            if not each.import_type.startswith(_ELSEWHERE):
                what = f"The import “{each.name}” is of the kind {each.import_type}, which is not read here."
                yield each.line, what, "Give DMN's own namespace as its importType."
        elif each.name and each.name in names:
            yield each.line, f"A second import has the name “{each.name}”.", "Give it another."
        elif each.namespace in models:
            what = f"The model of “{each.name}” is imported already, as “{models[each.namespace]}”."
            yield each.line, what, "Keep one of the two: names go by the first."
        models.setdefault(each.namespace, each.name)
        names.add(each.name)


def _names(graph: Graph, namespace: str) -> Iterator[_Problem]:
    """Names in one model, and in those whose names it brings in as they are."""
    model = graph.library.models[namespace]
    names = {each.name: "an import" for each in dmn_imports(model) if each.name}
    for other in _unnamed(graph, model):
        names |= dict.fromkeys(
            (each.name for each in other.drg), f"an element of “{other.name}”, imported as it is"
        )
    ids: set[Key] = set()
    for element in model.drg:
        key = key_of(namespace, element)
        if key in ids:
            yield element.line, f"A second element has the id “{element.id}”.", "Give it another."
        elif element.name in names:
            yield (
                element.line,
                f"“{element.name}” is also the name of {names[element.name]}.",
                "Give it another.",
            )
        ids.add(key)
        names.setdefault(element.name, "another element")
        variable = variable_of(element)
        if variable is not None and variable.name.strip() not in ("", element.name.strip()):
            what = f"“{element.name}” is called “{variable.name}” by its variable."
            yield variable.line or element.line, what, "Give both one name: expressions go by the variable's."


def _unnamed(graph: Graph, model: Definitions) -> list[Definitions]:
    models = graph.library.models
    return [
        models[each.namespace]
        for each in dmn_imports(model)
        if not each.name and models[each.namespace] is not model
    ]


def _references(graph: Graph, namespace: str) -> Iterator[_Problem]:
    model = graph.library.models[namespace]
    imported = {namespace, *(each.namespace for each in dmn_imports(model))}
    for element in model.drg:
        for need in element.information if isinstance(element, Decision) else ():
            if need.required_decision is None and need.required_input is None:
                what = f"A requirement of “{element.name}” names nothing that is required."
                yield need.line, what, "Name a decision or an input in it, or take it out."
        for reference, kinds in _wanted(element):
            to = reference.namespace or namespace
            found = graph.elements.get((to, reference.id))
            if found is None:
                continue
            if to not in imported:
                what = f"“{element.name}” refers to “{found.name}” of a model that is not imported here."
                yield reference.line, what, f"Import {to}."
            if not isinstance(found, kinds):
                is_one = _CALLED.get(type(found), "something else")
                what = (
                    f"“{element.name}” refers to “{found.name}”, which is {is_one}, as {_CALLED[kinds[0]]}."
                )
                yield reference.line, what, "Correct the reference, or the kind of requirement."


def _lost(graph: Graph, namespace: str) -> Iterator[_Problem]:
    """Tell of a service with two outputs of one name: its value is a context by name, and holds one of them."""
    for element in graph.library.models[namespace].drg:
        names: set[str] = set()
        for each in element.output_decisions if isinstance(element, DecisionService) else ():
            found = graph.elements.get((each.namespace or namespace, each.id))
            if found is not None and name_of(found) in names:
                what = f"“{element.name}” has two outputs called “{name_of(found)}”, and keeps one of them."
                yield each.line, what, "Give one of the decisions another name."
            names |= {name_of(found)} if found is not None else set()


def _wanted(element: DrgElement) -> Iterator[tuple[Reference, Kinds]]:
    """Give the references of an element that are run, with the kinds they may lead to."""
    pairs: list[tuple[Reference | None, Kinds]] = []
    if isinstance(element, Decision):
        for need in element.information:
            pairs += [(need.required_decision, (Decision,)), (need.required_input, (InputData,))]
    if isinstance(element, (Decision, BusinessKnowledgeModel)):
        pairs += [(need.required_knowledge, _INVOCABLE) for need in element.knowledge]
    if isinstance(element, DecisionService):
        decisions = (*element.output_decisions, *element.encapsulated_decisions, *element.input_decisions)
        pairs += [(each, (Decision,)) for each in decisions]
        pairs += [(each, (InputData,)) for each in element.input_data]
    return ((reference, kinds) for reference, kinds in pairs if reference is not None)
