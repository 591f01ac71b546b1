"""Enough of an HTML reader for the tests to ask about elements, attributes and text."""

from html.parser import HTMLParser
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder

_VOID: Final = {"area", "br", "circle", "hr", "img", "input", "link", "meta", "path", "rect"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.builder.start("document", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.builder.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


class Markup:
    """A page or a part of one. TreeBuilder refuses tags that do not match, so faulty nesting fails here."""

    def __init__(self, markup: str) -> None:
        reader = _Reader()
        reader.feed(markup)
        reader.close()
        reader.builder.end("document")
        self.root = reader.builder.close()

    def all(self, path: str) -> list[Element]:
        """Elements by ElementTree's XPath."""
        return self.root.findall(f".//{path}")

    def one(self, path: str) -> Element:
        """The only such element."""
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} of {path}"
        return found[0]

    def by_id(self, name: str) -> Element:
        """The element with the id."""
        return self.one(f"*[@id='{name}']")


def text_of(element: Element) -> str:
    """All text inside, spaces folded."""
    return " ".join("".join(element.itertext()).split())
