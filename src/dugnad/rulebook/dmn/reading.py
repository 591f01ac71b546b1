"""DMN XML → model. Nothing outside the text is ever read: no entities, no DTD, no network.

Bounds: 10 MB, 200,000 elements, 100 levels, 100 attributes an element, 100 namespaces by prefix.
A file beyond them is refused before it can cost anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.model import Definitions, Import, Part, Raw
from dugnad.rulebook.dmn.model.shape import Shape
from dugnad.rulebook.dmn.namespaces import CURRENT, MODEL, NAMESPACES, current
from dugnad.rulebook.dmn.plans import Plan, classes, group_members, plan
from dugnad.rulebook.feel.diagnostics import nearest

MAX_BYTES = 10_000_000
MAX_ELEMENTS = 200_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 100
MAX_PREFIXES = 100

_ENCODING = re.compile(r"""^(\s*<\?xml[^>]*?)\s+encoding=("[^"]*"|'[^']*')""")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def read_file(path: Path, *, name: str | None = None) -> Definitions:
    """Read the model in a file; ``name`` is what errors call it. Raises DmnError."""
    shown = name or path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DmnError(
            shown, 0, "The file cannot be opened.", error.strerror or "Look at its name and rights."
        ) from None
    return read(data, file=shown)


def read(data: bytes | str, *, file: str = "model.dmn") -> Definitions:
    """Read a model of DMN 1.1 to 1.5. Raises DmnError, and nothing else, for any data."""
    raw = _bounded(data, file)
    prefixes = _prefixes(raw, file)
    root = _root(raw, file, comments=True)
    namespace, _, local = str(root.tag).rpartition("}")
    if local != "definitions" or current(namespace[1:]) != MODEL:
        raise DmnError(
            file,
            _line(root),
            f"The file begins with {root.tag}, not with DMN's definitions.",
            "Give a file of DMN 1.1 to 1.5; look at the namespace at its head.",
        )
    default = root.nsmap.get(None)
    reader = _Reader(file, prefixes if default is None else {"": default, **prefixes})
    values = reader.values(root, Definitions, 0)
    above, below = (list(root.itersiblings(preceding=before)) for before in (True, False))
    return Definitions(
        **values,
        prefixes=tuple(sorted(reader.prefixes.items())),
        spelling=tuple(sorted(reader.spelling.items())),
        above=tuple(_remark(each) for each in reversed(above)),
        below=tuple(map(_remark, below)),
    )


def safe_root(data: bytes | str, *, file: str) -> etree._Element:
    """Give the root of any XML within the bounds above, without its comments. Raises DmnError."""
    return _root(_bounded(data, file), file, comments=False)


def _bounded(data: bytes | str, file: str) -> bytes:
    """Give the bytes of a file that is not too large, without a DOCTYPE. A text's own word on its encoding is past."""
    raw = (
        _ENCODING.sub(r"\1", data, count=1).encode("utf-8", "surrogatepass")
        if isinstance(data, str)
        else data
    )
    mend = "Split it into models that import each other."
    if len(raw) > MAX_BYTES:
        raise DmnError(file, 0, f"The file is larger than {MAX_BYTES // 1_000_000} MB.", mend)
    if raw.count(b"<") > 2 * MAX_ELEMENTS:
        raise DmnError(file, 0, f"The file has more than {MAX_ELEMENTS} elements.", mend)
    _refuse_doctype(raw, file)
    return raw


class _StopError(Exception):
    pass


def _root(raw: bytes, file: str, *, comments: bool) -> etree._Element:
    root: etree._Element = _parsed(raw, file, remove_comments=not comments, remove_pis=not comments)
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise _doctype(file, 1)
    return root


def _parsed(raw: bytes, file: str, **options: Any) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        **options,
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        said = " ".join((error.msg or "").replace(" ,", ",").split())
        deep = "depth" in said.lower()
        what = "The elements are nested too deeply." if deep else f"This is not XML: {said}."
        raise DmnError(file, error.lineno or 1, what, "Mend it in an editor that knows XML.") from None
    except (ValueError, LookupError):
        what = "The text cannot be read in the encoding it names."
        raise DmnError(file, 1, what, "Save it as UTF-8.") from None


def _refuse_doctype(raw: bytes, file: str) -> None:
    """Stop at a DOCTYPE, before anything in it is looked at: entities are how XML is blown up."""
    found: list[int] = []
    scanner = expat.ParserCreate()

    def doctype(*_: Any) -> None:
        found.append(scanner.CurrentLineNumber)
        raise _StopError

    def element(*_: Any) -> None:
        raise _StopError

    scanner.StartDoctypeDeclHandler = doctype
    scanner.StartElementHandler = element
    try:
        scanner.Parse(raw, True)
    except _StopError:
        pass
    except (expat.ExpatError, ValueError, LookupError):
        return  # what is wrong is said by the parser proper, which expands nothing either
    if found:
        raise _doctype(file, found[0])


def _doctype(file: str, line: int) -> DmnError:
    what = "The file has a DOCTYPE, which DMN does not use."
    return DmnError(file, line, what, "Give a DMN file; take the DOCTYPE and its entities out of one.")


@dataclass(slots=True)
class _Declared:
    """Hears of every namespace declared in a file; where a prefix is declared twice, the first counts."""

    found: dict[str, str] = field(default_factory=dict)

    def start_ns(self, prefix: str, uri: str) -> None:
        """Take a declaration. A default namespace stays where it is: at the head it would speak for what has none."""
        if prefix:
            self.found.setdefault(prefix, uri)
        if len(self.found) > MAX_PREFIXES:
            raise _StopError

    def close(self) -> dict[str, str]:
        """Give what was declared, by prefix."""
        return self.found


def _prefixes(raw: bytes, file: str) -> dict[str, str]:
    """Give every prefix declared in the file, all to stand at its head. Raises DmnError."""
    try:
        found: dict[str, str] = _parsed(raw, file, target=_Declared())
    except _StopError:
        what = f"The file declares more than {MAX_PREFIXES} prefixes of namespaces."
        raise DmnError(file, 1, what, "Leave out those that are not used.") from None
    return found


@dataclass(slots=True)
class _Reader:
    """Reads the elements of one file; ``prefixes`` are those that stand at its head, ``spelling`` what an earlier
    version calls DMN's own namespaces.
    """

    file: str
    prefixes: dict[str, str]
    spelling: dict[str, str] = field(default_factory=dict)

    def values(self, element: etree._Element, kind: type[Part], depth: int) -> dict[str, Any]:
        """Give the fields of ``kind`` as they stand in an element."""
        self.bounded(element, depth)
        known = plan(kind)
        values: dict[str, Any] = {"line": _line(element)}
        self.read_attributes(element, known, values)
        self.read_elements(element, known, values, depth)
        if issubclass(kind, Import) and "name" not in values:
            values |= {"name": self.import_name(element, values), "by_prefix": True}
        for name, shape in (*known.attributes.values(), *known.order):
            if shape.required and name not in values:
                what = f"{_local(element)} has no {shape.name}."
                raise self.error(element, what, "Add it: DMN asks for it.")
        return values

    def import_name(self, element: etree._Element, values: dict[str, Any]) -> str:
        """Give the name DMN 1.1 left to the namespace's prefix."""
        prefixes = (prefix for prefix, uri in element.nsmap.items() if uri == values.get("namespace"))
        return next((prefix for prefix in prefixes if prefix), "")

    def bounded(self, element: etree._Element, depth: int) -> None:
        """Refuse what would cost more than any real model does."""
        if depth > MAX_DEPTH:
            mend = f"At most {MAX_DEPTH} levels are read."
            raise self.error(element, "The elements are nested too deeply.", mend)
        if len(element.attrib) > MAX_ATTRIBUTES:
            mend = f"At most {MAX_ATTRIBUTES} are read."
            raise self.error(element, f"{_local(element)} has too many attributes.", mend)

    def read_attributes(self, element: etree._Element, known: Plan, values: dict[str, Any]) -> None:
        """Read the attributes DMN defines, and keep the others."""
        others: list[tuple[str, str]] = []
        for name, value in element.attrib.items():
            entry = known.attributes.get(str(name))
            if entry is None:
                self.refuse_misspelt(element, str(name), known)
                others.append((str(name), str(value)))
                continue
            values[entry[0]] = self.scalar(element, entry[1], str(value))
        if others:
            values["attributes"] = tuple(sorted(others))

    def read_elements(self, element: etree._Element, known: Plan, values: dict[str, Any], depth: int) -> None:
        """Read the elements DMN defines, and keep all else in front of the one it stands in front of."""
        self.refuse_text(element, element.text)
        lists: dict[str, list[Any]] = {}
        waiting: list[Raw] = []
        kept: list[Raw] = []
        inner: list[tuple[str, str, str]] = []
        for child in element:
            self.refuse_text(child, child.tail)
            if not _is_element(child):
                waiting.append(_remark(child))
                continue
            tag = self.current_tag(child)
            entry = known.elements.get(tag)
            if entry is None:
                self.refuse_unknown(child, tag, known)
                waiting.append(self.raw(child, self.prefixes, depth + 1))
                continue
            name, shape = entry
            if shape.kind in ("text", "raw"):
                inner += ((name, key, value) for key, value in self.strange(child))
            if shape.kind == "text":
                waiting += (_remark(each) for each in child if not _is_element(each))
            before = (name, len(lists.get(name, ())))
            kept += (replace(each, before=before) for each in waiting)
            waiting = []
            if shape.many:
                lists.setdefault(name, []).append(self.content(child, tag, shape, depth + 1))
            elif name in values:
                raise self.error(child, f"There is a second {_local(child)} here.", "Keep one of them.")
            else:
                values[name] = self.content(child, tag, shape, depth + 1)
        values.update({name: tuple(items) for name, items in lists.items()})
        values |= {"foreign": (*kept, *waiting), "inner": tuple(inner)}

    def content(self, element: etree._Element, tag: str, shape: Shape, depth: int) -> Any:
        """Give what stands in one element, by the shape of its field."""
        if shape.kind == "raw":
            self.refuse_text(element, element.text)
            for child in element:
                self.refuse_text(child, child.tail)
            return tuple(self.raw(child, self.prefixes, depth + 1) for child in element)
        if shape.kind == "text":
            return self.text(element)
        kind = group_members(shape.of)[tag] if shape.kind == "group" else classes()[shape.of]
        return kind(**self.values(element, kind, depth))

    def text(self, element: etree._Element) -> str:
        """Give the text of an element that may hold nothing else; comments within it are kept before it."""
        if any(_is_element(child) for child in element):
            what = f"{_local(element)} holds more than text."
            raise self.error(element, what, "DMN lets it have no elements: write < as &lt;.")
        return "".join([element.text or "", *(child.tail or "" for child in element)])

    def strange(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        """Give the attributes of an element to which DMN gives none; those of other namespaces are kept."""
        for name, value in sorted((str(name), str(value)) for name, value in element.attrib.items()):
            if not name.startswith("{"):
                what = f"{_local(element)} has the attribute {name}."
                raise self.error(element, what, "DMN lets it have none of its own: remove it.")
            yield name, value

    def current_tag(self, element: etree._Element) -> str:
        """Give an element's name as 1.5 has it, and remember how it is spelt here."""
        namespace, _, local = str(element.tag).rpartition("}")
        known = CURRENT.get(namespace[1:])
        if known is None:
            return str(element.tag)
        self.spelling[known] = namespace[1:]
        return f"{{{known}}}{local}"

    def scalar(self, element: etree._Element, shape: Shape, value: str) -> Any:
        """Give an attribute's value."""
        if shape.scalar == "text":
            return value
        try:
            if shape.scalar == "boolean":
                return _TRUTH[value.strip()]
            return int(value) if shape.scalar == "integer" else Decimal(value.strip())
        except (KeyError, ValueError, InvalidOperation):
            what = f"{shape.name} of {_local(element)} is “{value[:40]}”."
            raise self.error(element, what, f"It must be a {shape.scalar}.") from None

    def raw(self, element: etree._Element, outer: Mapping[str, str], depth: int) -> Raw:
        """Keep an element as it is; white space that only lays out its elements is dropped."""
        if not _is_element(element):
            return _remark(element)
        self.bounded(element, depth)
        inner = {**outer, **{prefix or "": uri for prefix, uri in element.nsmap.items()}}
        pieces = [element.text, *(child.tail for child in element)]
        layout = len(element) > 0 and not any(piece and piece.strip() for piece in pieces)
        children = []
        for child in element:
            kept = self.raw(child, inner, depth + 1)
            children.append(kept if layout or not child.tail else replace(kept, tail=child.tail))
        declared = ((prefix, uri) for prefix, uri in inner.items() if outer.get(prefix) != uri)
        return Raw(
            tag=str(element.tag),
            attributes=tuple(sorted((str(name), str(value)) for name, value in element.attrib.items())),
            text="" if layout else element.text or "",
            children=tuple(children),
            prefixes=tuple(sorted(declared)),
        )

    def refuse_text(self, element: etree._Element, text: str | None) -> None:
        """Refuse words between elements: they would mean nothing, and would be lost."""
        if text and text.strip():
            raise self.error(
                element, f"There is text beside {_local(element)}: “{text.strip()[:40]}”.", "Remove it."
            )

    def refuse_unknown(self, element: etree._Element, tag: str, known: Plan) -> None:
        """Refuse an element of DMN's own that does not belong here; those of others are kept."""
        namespace = tag.rpartition("}")[0][1:]
        if namespace not in NAMESPACES.values():
            return
        names = sorted(name.rpartition("}")[2] for name in known.elements)
        near = nearest(_local(element), names)
        hint = f"Did you mean {near}?" if near else f"Here may stand: {', '.join(names) or 'nothing'}."
        raise self.error(element, f"{_local(element)} does not belong here.", hint)

    def refuse_misspelt(self, element: etree._Element, name: str, known: Plan) -> None:
        """Refuse an attribute that is nearly one of DMN's: kept as a stranger's, it would be without effect."""
        near = None if name.startswith("{") else nearest(name, known.attributes)
        if near:
            raise self.error(element, f"{_local(element)} has no attribute {name}.", f"Did you mean {near}?")

    def error(self, element: etree._Element, what: str, mend: str) -> DmnError:
        """Make an error at an element."""
        return DmnError(self.file, _line(element), what, mend)


def _is_element(node: Any) -> bool:
    """Tell an element from a comment and a processing instruction, which stand among them."""
    return isinstance(node.tag, str)


def _remark(element: etree._Element) -> Raw:
    """Keep a comment or a processing instruction."""
    target = getattr(element, "target", None)
    return Raw(f"?{target}" if target else "!--", text=element.text or "")


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
