"""What others wrote between and into DMN's own elements: comments, instructions, elements and attributes of theirs."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from dugnad.rulebook.dmn.model import Definitions, Part

Mark = tuple[Part, str, str]
"""The part it stands in, what it is, and how it reads."""


def told(model: Definitions) -> Iterator[tuple[Part, str]]:
    """Give one sentence for each kind of mark: how many there are, and the first, with its part."""
    found: dict[str, list[Mark]] = {}
    for mark in _marks(model):
        found.setdefault(mark[1], []).append(mark)
    for kind, marks in found.items():
        part, _, shown = marks[0]
        others = f" (and {len(marks) - 1} more)" if len(marks) > 1 else ""
        yield part, f"the {kind} “{shown[:60]}”{others} has no place in a service"


def _marks(part: Part) -> Iterator[Mark]:
    outside = (*part.above, *part.below) if isinstance(part, Definitions) else ()
    for raw in (*outside, *part.foreign):
        if raw.is_element:
            yield part, "element of another program", raw.tag.rpartition("}")[2]
        elif raw.tag == "!--":
            yield part, "comment", " ".join(raw.text.split())
        else:
            yield part, "instruction", " ".join(f"{raw.tag[1:]} {raw.text}".split())
    for name, _ in part.attributes:
        yield part, "attribute of another program", name.rpartition("}")[2]
    for field in fields(part):
        yield from _within(getattr(part, field.name))


def _within(value: Any) -> Iterator[Mark]:
    if isinstance(value, Part):
        yield from _marks(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _within(item)
