"""What only Dugnad understands, as extension elements in a namespace of its own, and read back from there."""

from collections.abc import Iterable, Iterator, Mapping

from dugnad.rulebook.dmn.model import Raw

NAMESPACE = "https://dugnad.example/dmn"
PREFIX = "dugnad"


def element(tag: str, text: str = "", /, *, children: Iterable[Raw] = (), **attributes: str) -> Raw:
    """Make an element of our namespace; attributes without a value are left out."""
    said = tuple(sorted((key.rstrip("_"), value) for key, value in attributes.items() if value))
    return Raw(f"{{{NAMESPACE}}}{tag}", said, text, tuple(children))


def texts(name: str, by_language: Mapping[str, str]) -> Iterator[Raw]:
    """Make one element for each language."""
    return (element(name, text, language=language) for language, text in by_language.items())


def named(found: Iterable[Raw] | None, name: str) -> Iterator[Raw]:
    """Give the elements of our namespace with this name."""
    return (one for one in found or () if one.tag == f"{{{NAMESPACE}}}{name}")
