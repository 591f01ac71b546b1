"""The decision requirements graph: which element needs which, in which order they are run."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.execution.library import Library, dmn_imports
from dugnad.rulebook.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DrgElement,
    InformationItem,
    InputData,
    KnowledgeSource,
    Reference,
)

Key = tuple[str, str]
"""Namespace and id of an element."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something an element needs: ``prefix`` is the import's name, empty within the same model."""

    prefix: str
    key: Key


def key_of(namespace: str, element: DrgElement) -> Key:
    """Give an element's key; one without an id goes by its name."""
    return namespace, element.id or f"name {element.name}"


def variable_of(element: DrgElement) -> InformationItem | None:
    """Give the variable of an element that has one."""
    variable: InformationItem | None = getattr(element, "variable", None)
    return variable


def name_of(element: DrgElement) -> str:
    """Give the name by which others speak of an element's value."""
    variable = variable_of(element)
    return variable.name if variable is not None and variable.name.strip() else element.name


class Graph:
    """All elements of a library. References that lead nowhere are reported, and left out."""

    def __init__(self, library: Library, report: Callable[[str, int, str, str], None]) -> None:
        self.library = library
        self.report = report
        self.elements: dict[Key, DrgElement] = {}
        """The first of each id; ``checking`` tells of the others."""
        for namespace, model in library.models.items():
            for element in model.drg:
                self.elements.setdefault(key_of(namespace, element), element)

    def file(self, key: Key) -> str:
        """Give the file an element stands in."""
        return self.library.files[key[0]]

    def needs(self, key: Key) -> list[Need]:
        """Give what an element needs: values first, then functions."""
        element = self.elements[key]
        references: list[Reference | None] = []
        if isinstance(element, Decision):
            for wanted in element.information:
                references += [wanted.required_decision, wanted.required_input]
        if isinstance(element, (Decision, BusinessKnowledgeModel)):
            references += [each.required_knowledge for each in element.knowledge]
        return [need for each in references if each is not None for need in self.resolved(key, each)]

    def resolved(self, key: Key, reference: Reference) -> Iterator[Need]:
        """Give what a reference leads to; nothing, and a report, where it leads nowhere."""
        namespace = reference.namespace or key[0]
        target = (namespace, reference.id)
        if target not in self.elements:
            element = self.elements[key]
            what = f"“{element.name}” refers to {reference.href}, which is not there."
            named = (namespace, f"name {reference.id}")
            mend = "Correct the reference, or add the element."
            if named in self.elements:
                mend = f"References go by id: give “{reference.id}” one."
            self.report(self.file(key), reference.line, what, mend)
            return
        yield Need(self.prefix(key[0], namespace), target)

    def prefix(self, from_: str, to: str) -> str:
        """Give the name under which one model imports another; empty for itself, and for an unnamed import."""
        if from_ == to:
            return ""
        names = (each.name for each in dmn_imports(self.library.models[from_]) if each.namespace == to)
        return next(names, "")

    def decisions(self, key: Key) -> list[Key]:
        """Give the decisions an element needs directly."""
        found = (need.key for need in self.needs(key))
        return [each for each in found if isinstance(self.elements[each], Decision)]

    def law(self, element: DrgElement, namespace: str) -> str:
        """Give the names of the knowledge sources an element rests on."""
        authority = getattr(element, "authority", ())
        keys = (
            (each.required_authority.namespace or namespace, each.required_authority.id)
            for each in authority
            if each.required_authority is not None
        )
        sources = (self.elements.get(key) for key in keys)
        return ", ".join(each.name for each in sources if isinstance(each, KnowledgeSource))

    def order(self, wanted: Iterable[Key], given: Collection[Key] = ()) -> tuple[Key, ...]:
        """Give the decisions to run for those wanted, each after what it needs; ``given`` need no running.

        Raises DmnError where decisions need each other in a circle.
        """
        done: dict[Key, bool] = {}
        stack: list[tuple[Key, Iterator[Key]]] = []
        for start in wanted:
            if start not in done and start not in given:
                done[start] = False
                stack.append((start, iter(self.decisions(start))))
            while stack:
                key, rest = stack[-1]
                following = next(
                    (each for each in rest if each not in given and not done.get(each, False)), None
                )
                if following is None:
                    done.pop(key)
                    done[key] = True
                    stack.pop()
                elif following in done:
                    raise self.circle([each for each, _ in stack], following)
                else:
                    done[following] = False
                    stack.append((following, iter(self.decisions(following))))
        return tuple(key for key, finished in done.items() if finished)

    def circle(self, path: list[Key], again: Key) -> DmnError:
        """Make the error of a circle, naming all that are in it."""
        names = [self.elements[key].name for key in path[path.index(again) :]]
        element = self.elements[again]
        what = f"The decisions need each other in a circle: {' → '.join([*names, names[0]])}."
        return DmnError(self.file(again), element.line, what, "Take one of the requirements out.")

    def inputs(self) -> Mapping[Key, InputData]:
        """Give all input data."""
        return {key: element for key, element in self.elements.items() if isinstance(element, InputData)}
