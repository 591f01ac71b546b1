"""Model → DMN 1.5 XML, valid by OMG's schema where the model is whole."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.model import Definitions, Part, Raw
from dugnad.rulebook.dmn.model.shape import Shape
from dugnad.rulebook.dmn.namespaces import DC, DI, DMNDI, MODEL
from dugnad.rulebook.dmn.plans import class_tag, plan, tag_of

_DRAWN = (("dmndi", DMNDI), ("dc", DC), ("di", DI))


def write(definitions: Definitions, *, file: str = "model.dmn") -> bytes:
    """Give the model as XML in UTF-8, laid out for reading. ``file`` is what errors call it.

    Raises DmnError for a text with characters that XML cannot hold.
    """
    root = etree.Element(class_tag(Definitions), nsmap=_prefixes(definitions))
    try:
        _fill(root, definitions)
    except ValueError:
        what = "A text has a control character, which XML cannot hold."
        raise DmnError(file, 0, what, "Remove it from the name or text it stands in.") from None
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _prefixes(definitions: Definitions) -> Any:
    """Give the prefixes of the head: those the model had, and those it lacks."""
    known: dict[str | None, str] = {prefix or None: uri for prefix, uri in definitions.prefixes}
    if None in known and any(_bare(definitions)):
        # An element without a namespace cannot stand under a default one.
        del known[None]
    wanted = (("", MODEL), *(_DRAWN if definitions.drawings is not None else ()))
    for prefix, uri in wanted:
        if uri in known.values():
            continue
        name: str | None = prefix or None
        number = 0
        while name in known:
            number += 1
            name = f"{prefix or 'dmn'}{number}"
        known[name] = uri
    return known


def _bare(part: Any) -> Iterator[bool]:
    """Give True for every kept element that has no namespace."""
    if isinstance(part, Raw):
        if not part.tag.startswith("{"):
            yield True
        for child in part.children:
            yield from _bare(child)
    elif isinstance(part, tuple):
        for item in part:
            yield from _bare(item)
    elif isinstance(part, Part):
        yield from _bare(part.foreign)
        for name, _ in plan(type(part)).order:
            yield from _bare(getattr(part, name))


def _fill(element: etree._Element, part: Part) -> None:
    known = plan(type(part))
    for name, shape in known.attributes.values():
        value = getattr(part, name)
        if value is not None:
            element.set(shape.name, _text(value))
    for key, text in part.attributes:
        element.set(key, text)
    for name, shape in known.order:
        value = getattr(part, name)
        if value is None:
            continue
        for item in value if shape.many else (value,):
            _add(element, shape, item)
    for raw in part.foreign:
        _add_raw(element, raw)


def _add(element: etree._Element, shape: Shape, item: Any) -> None:
    if shape.kind == "group":
        _fill(etree.SubElement(element, class_tag(type(item))), item)
        return
    child = etree.SubElement(element, tag_of(shape))
    if shape.kind == "text":
        child.text = item
    elif shape.kind == "raw":
        for raw in item:
            _add_raw(child, raw)
    else:
        _fill(child, item)


def _add_raw(element: etree._Element, raw: Raw) -> None:
    declared: Any = {prefix or None: uri for prefix, uri in raw.prefixes}
    child = etree.SubElement(element, raw.tag, nsmap=declared)
    for key, value in raw.attributes:
        child.set(key, value)
    child.text = raw.text or None
    child.tail = raw.tail or None
    for inner in raw.children:
        _add_raw(child, inner)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, Decimal)) else ""
