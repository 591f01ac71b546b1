"""What every part of a model has: its place, and whatever others have written into it."""

from dataclasses import dataclass, field
from typing import ClassVar

from dugnad.rulebook.dmn.model.shape import Prefix, attribute, raw, text


@dataclass(frozen=True, slots=True)
class Raw:
    """XML that is not DMN's own, kept as it is. Names are ``{namespace}local``; a comment's is ``!--``, that of a
    processing instruction ``?`` and its target.

    ``tail`` is the text between this element and the next; ``prefixes`` are declared on this very element.
    ``before`` is the part's own child it stands in front of: the field's name, and which one of it; ("", 0) is the
    end.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple["Raw", ...] = ()
    tail: str = ""
    prefixes: tuple[tuple[str, str], ...] = ()
    before: tuple[str, int] = ("", 0)

    @property
    def is_element(self) -> bool:
        """Tell it from a comment and a processing instruction."""
        return self.tag[:1] not in ("!", "?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Any element. ``attributes`` and ``foreign`` are attributes and elements that DMN does not define, comments
    and processing instructions among the latter; ``inner`` are attributes of the element of one field that has no
    class of its own (field, attribute, value). ``line`` is the line in the file it was read from, 0 where it was
    not read, and never compared.
    """

    tag: ClassVar[str] = ""
    groups: ClassVar[tuple[str, ...]] = ()
    prefix: ClassVar[Prefix] = "dmn"

    attributes: tuple[tuple[str, str], ...] = ()
    foreign: tuple[Raw, ...] = ()
    inner: tuple[tuple[str, str, str], ...] = ()
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Part):
    """tDMNElement: what has an id, a label, a description and extension elements."""

    id: str | None = attribute("id")
    label: str | None = attribute("label")
    description: str | None = text("description")
    extensions: tuple[Raw, ...] | None = raw("extensionElements")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Element):
    """tNamedElement: an element with a name."""

    name: str = attribute("name", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Part):
    """tDMNElementReference: ``#id`` in this file, ``namespace#id`` in another."""

    href: str = attribute("href", required=True)

    @property
    def namespace(self) -> str:
        """The namespace of the model referred to; empty for this one."""
        return self.href.strip().rpartition("#")[0]

    @property
    def id(self) -> str:
        """The id referred to."""
        return self.href.strip().rpartition("#")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationItem(Named):
    """tInformationItem: a name with a type; a variable, a parameter, a column."""

    tag: ClassVar[str] = "informationItem"

    type_ref: str | None = attribute("typeRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Named):
    """tImport: another model, known here by ``name``; an empty name brings its names in as they are.

    ``by_prefix``: the name is not written; DMN 1.1 left it to the namespace's prefix.
    """

    tag: ClassVar[str] = "import"

    namespace: str = attribute("namespace", required=True)
    location: str | None = attribute("locationURI")
    import_type: str = attribute("importType", required=True)
    by_prefix: bool = False
