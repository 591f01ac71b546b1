"""How a field of the model stands in XML: said once, beside the field; reading and writing both follow it.

The order of the fields, those of the base class first, is the order of the elements in the XML Schema.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Prefix = Literal["dmn", "dmndi", "dc", "di"]
Scalar = Literal["text", "boolean", "decimal", "integer"]

_KEY = "dmn"


@dataclass(frozen=True, slots=True)
class Shape:
    """One field in XML.

    ``attribute`` and ``text`` (an element holding text) are scalars; ``part`` is an element of class ``of``;
    ``group`` is any element of the substitution group ``of``; ``raw`` is an element whose content is kept as
    it is.
    """

    kind: Literal["attribute", "text", "part", "group", "raw"]
    name: str = ""
    of: str = ""
    many: bool = False
    required: bool = False
    scalar: Scalar = "text"
    prefix: Prefix = "dmn"


def shape_of(metadata: Any) -> Shape | None:
    """Give the shape a dataclass field was declared with, or None."""
    found: Shape | None = metadata.get(_KEY)
    return found


def _field(shape: Shape) -> Any:
    metadata = {_KEY: shape}
    if shape.required:
        return field(metadata=metadata)
    return field(default=() if shape.many else None, metadata=metadata)


def attribute(name: str, scalar: Scalar = "text", *, required: bool = False) -> Any:
    """Declare an attribute; None where it is not written."""
    return _field(Shape("attribute", name, required=required, scalar=scalar))


def text(name: str, *, prefix: Prefix = "dmn", required: bool = False) -> Any:
    """Declare an element that holds only text; None where it is not written, empty where it is empty."""
    return _field(Shape("text", name, required=required, prefix=prefix))


def part(name: str, of: str, *, prefix: Prefix = "dmn", required: bool = False) -> Any:
    """Declare one element of class ``of``."""
    return _field(Shape("part", name, of, required=required, prefix=prefix))


def parts(name: str, of: str, *, prefix: Prefix = "dmn") -> Any:
    """Declare any number of elements of class ``of``."""
    return _field(Shape("part", name, of, many=True, prefix=prefix))


def group(of: str) -> Any:
    """Declare one element of a substitution group; its class says which."""
    return _field(Shape("group", of=of))


def groups(of: str) -> Any:
    """Declare any number of elements of a substitution group, in the order they are written."""
    return _field(Shape("group", of=of, many=True))


def raw(name: str, *, prefix: Prefix = "dmn") -> Any:
    """Declare an element whose children are kept as they are; None where it is not written."""
    return _field(Shape("raw", name, prefix=prefix))
