"""Model → DMN XML, valid by OMG's schema where the model is whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.model import Definitions, Expression, Import, ItemDefinition, Part, Raw
from dugnad.rulebook.dmn.model.shape import Shape
from dugnad.rulebook.dmn.namespaces import DC, DI, DMNDI, MODEL, Version, in_version
from dugnad.rulebook.dmn.plans import class_tag, plan, tag_of

_DRAWN = (("dmndi", DMNDI), ("dc", DC), ("di", DI))
_LANGUAGES = frozenset({"expressionLanguage", "typeLanguage", "importType"})
_SINCE: Mapping[str, Version] = dict.fromkeys(("conditional", "filter", "for", "some", "every"), "1.4")


def write(definitions: Definitions, *, file: str = "model.dmn", version: Version | None = None) -> bytes:
    """Give the model as XML in UTF-8, laid out for reading. ``file`` is what errors call it.

    A model is written in the version it was read in, one made here in 1.5; ``version`` asks for another. Raises
    DmnError for a text with characters that XML cannot hold, and for a box that the version asked for has not.
    """
    writer = _Writer(file, version, dict(definitions.spelling))
    root = etree.Element(writer.tag(class_tag(Definitions)), nsmap=writer.prefixes(definitions))
    try:
        writer.fill(root, definitions)
        for raw in definitions.above:
            root.addprevious(_made(raw))
        for raw in reversed(definitions.below):
            root.addnext(_made(raw))
    except DmnError:
        raise
    except ValueError:
        what = "A text has a control character, or a comment two hyphens, which XML cannot hold."
        raise DmnError(file, 0, what, "Remove it from the name or text it stands in.") from None
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one model; ``spelling`` is what the version it was read in calls DMN's own namespaces."""

    file: str
    version: Version | None
    spelling: Mapping[str, str]

    def uri(self, uri: str) -> str:
        """Give the name of a namespace of 1.5 in the version that is written."""
        return in_version(uri, self.version) if self.version else self.spelling.get(uri, uri)

    def tag(self, tag: str) -> str:
        """Give a tag of 1.5 in the version that is written."""
        namespace, _, local = tag.rpartition("}")
        return f"{{{self.uri(namespace[1:])}}}{local}"

    def prefixes(self, definitions: Definitions) -> Any:
        """Give the prefixes of the head: those the model had, and those it lacks."""
        known: dict[str | None, str] = {
            prefix or None: in_version(uri, self.version) if self.version else uri
            for prefix, uri in definitions.prefixes
        }
        if None in known and any(_bare(definitions)):
            # An element without a namespace cannot stand under a default one.
            del known[None]
        for prefix, uri in (("", MODEL), *(_DRAWN if definitions.drawings is not None else ())):
            if self.uri(uri) in known.values():
                continue
            name: str | None = prefix or None
            number = 0
            while name in known:
                number += 1
                name = f"{prefix or 'dmn'}{number}"
            known[name] = self.uri(uri)
        return known

    def fill(self, element: etree._Element, part: Part) -> None:
        """Write a part into its element."""
        known = plan(type(part))
        self.refuse_newer(part)
        for name, shape in known.attributes.values():
            value = getattr(part, name)
            if value is not None and not (
                shape.name == "name" and isinstance(part, Import) and part.by_prefix
            ):
                element.set(shape.name, self.value(shape, value))
        for key, text in part.attributes:
            element.set(key, text)
        remarks: dict[tuple[str, int], list[Raw]] = {}
        for raw in part.foreign:
            remarks.setdefault(raw.before, []).append(raw)
        for name, shape in known.order:
            value = getattr(part, name)
            for at, item in enumerate(() if value is None else value if shape.many else (value,)):
                element.extend(map(_made, remarks.pop((name, at), ())))
                child = self.add(element, shape, item)
                for _, key, text in (each for each in part.inner if each[0] == name):
                    child.set(key, text)
        # Those that stood before something no longer there stand at the end, in their order.
        element.extend(_made(raw) for raw in part.foreign if raw.before in remarks)

    def add(self, element: etree._Element, shape: Shape, item: Any) -> etree._Element:
        """Write what a field holds; gives its element."""
        if shape.kind == "group":
            child = etree.SubElement(element, self.tag(class_tag(type(item))))
            self.fill(child, item)
            return child
        child = etree.SubElement(element, self.tag(tag_of(shape)))
        if shape.kind == "text":
            child.text = item
        elif shape.kind == "raw":
            child.extend(map(_made, item))
        else:
            self.fill(child, item)
        return child

    def value(self, shape: Shape, value: object) -> str:
        """Give an attribute's text; languages and kinds of import are named as the version asked for has them."""
        if isinstance(value, bool):
            return "true" if value else "false"
        said = str(value) if isinstance(value, (str, int, Decimal)) else ""
        return in_version(said, self.version) if self.version and shape.name in _LANGUAGES else said

    def refuse_newer(self, part: Part) -> None:
        """Refuse what the version asked for does not have."""
        since = _SINCE.get(type(part).tag) if isinstance(part, Expression) else None
        if isinstance(part, ItemDefinition) and part.type_constraint is not None:
            since = "1.5"
        if self.version and since and self.version < since:
            what = f"DMN {self.version} has no {type(part).tag} of this kind; it came with {since}."
            raise DmnError(self.file, part.line, what, f"Write the model in {since}.")


def _bare(part: Any) -> Iterator[bool]:
    """Give True for every kept element that has no namespace."""
    if isinstance(part, Raw):
        if part.is_element and not part.tag.startswith("{"):
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


def _made(raw: Raw) -> etree._Element:
    """Make what was kept again."""
    if raw.tag == "!--":
        return etree.Comment(raw.text)
    if not raw.is_element:
        return etree.ProcessingInstruction(raw.tag[1:], raw.text)
    declared: Any = {prefix or None: uri for prefix, uri in raw.prefixes}
    made = etree.Element(raw.tag, nsmap=declared)
    for key, value in raw.attributes:
        made.set(key, value)
    made.text = raw.text or None
    for inner in raw.children:
        child = _made(inner)
        child.tail = inner.tail or None
        made.append(child)
    return made
