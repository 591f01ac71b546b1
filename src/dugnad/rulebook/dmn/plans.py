"""What elements and attributes each class of the model has: worked out once from the fields' shapes."""

from dataclasses import dataclass, fields
from functools import cache

from dugnad.rulebook.dmn import model
from dugnad.rulebook.dmn.model.base import Part
from dugnad.rulebook.dmn.model.shape import Shape, shape_of
from dugnad.rulebook.dmn.namespaces import NAMESPACES


@dataclass(frozen=True, slots=True)
class Plan:
    """The fields of one class: ``attributes`` by name, ``elements`` by ``{namespace}name``, both to the
    field's name and shape; ``order`` is the elements' order in XML.
    """

    attributes: dict[str, tuple[str, Shape]]
    elements: dict[str, tuple[str, Shape]]
    order: tuple[tuple[str, Shape], ...]


def tag_of(shape: Shape) -> str:
    """Give the tag of a field's element."""
    return f"{{{NAMESPACES[shape.prefix]}}}{shape.name}"


def class_tag(kind: type[Part]) -> str:
    """Give the tag of a class that stands in a group."""
    return f"{{{NAMESPACES[kind.prefix]}}}{kind.tag}"


@cache
def classes() -> dict[str, type[Part]]:
    """Give the classes of the model by name."""
    known = (getattr(model, name) for name in model.__all__)
    return {kind.__name__: kind for kind in known if issubclass(kind, Part)}


@cache
def group_members(group: str) -> dict[str, type[Part]]:
    """Give the classes of a substitution group by tag."""
    return {class_tag(kind): kind for kind in classes().values() if group in kind.groups and kind.tag}


_PLANS: dict[type[Part], Plan] = {}


def plan(kind: type[Part]) -> Plan:
    """Give the plan of a class."""
    known = _PLANS.get(kind)
    if known is None:
        known = _PLANS[kind] = _made(kind)
    return known


def _made(kind: type[Part]) -> Plan:
    attributes: dict[str, tuple[str, Shape]] = {}
    elements: dict[str, tuple[str, Shape]] = {}
    order: list[tuple[str, Shape]] = []
    for field in fields(kind):
        shape = shape_of(field.metadata)
        if shape is None:
            continue
        entry = (field.name, shape)
        if shape.kind == "attribute":
            attributes[shape.name] = entry
            continue
        order.append(entry)
        tags = group_members(shape.of) if shape.kind == "group" else (tag_of(shape),)
        elements.update(dict.fromkeys(tags, entry))
    return Plan(attributes, elements, tuple(order))
