"""YAML read so that every value knows where it stands, and nothing is lost on the way.

Built from parser events, not from PyYAML's constructors: numbers become exact decimals, dates become
dates, and the words `yes`, `no` and `on` stay words (`no` is a language code before it is a truth value).
Anchors, aliases, tags, merge keys and repeated keys are refused: a file says a thing once, in plain sight.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import yaml

from dugnad.rulebook.broken import explained

Severity: TypeAlias = Literal["error", "warning", "information"]
"""An error stops publication; a warning is most likely a mistake; information is good to know."""
Scalar: TypeAlias = str | bool | Decimal | date | None

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 32
MAX_VALUES = 100_000

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOTHING = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file; line and column count from 1, as editors do.

    `lines` tells of text whose lines were joined where each of them stood: (offset in the text, line, column).
    """

    file: str
    line: int
    column: int
    lines: tuple[tuple[int, int, int], ...] = field(default=(), compare=False, repr=False)

    def down(self, lines: int, column: int = 1) -> "Place":
        """Return the place `lines` further down, for text inside a block."""
        return Place(self.file, self.line + lines, column)

    def along(self, offset: int) -> "Place":
        """Return the place of an offset into text that stands here, joined from several lines or on one."""
        start, line, column = next(
            (one for one in reversed(self.lines) if one[0] <= offset), (0, self.line, self.column)
        )
        return Place(self.file, line, column + offset - start)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong in a file: where, what, and how to mend it. `code` is stable."""

    file: str
    line: int
    column: int
    severity: Severity
    what: str
    mend: str
    code: str

    @classmethod
    def at(cls, place: Place, code: str, what: str, mend: str, severity: Severity = "error") -> "Finding":
        """Make a finding at `place`."""
        return cls(place.file, place.line, place.column, severity, what, mend, code)


class UnreadableError(Exception):
    """A file could not be read as YAML; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.file}:{finding.line}: {finding.what}")
        self.finding = finding


@dataclass(slots=True)
class Node:
    """A value and its place. `value` is a scalar, a list of nodes, or a dict of nodes by key.

    `keys` gives each key's own place; `block` is true for text written under `|` or `>`, whose first line
    stands one line below `place`, `indent` spaces in.
    """

    value: "Scalar | list[Node] | dict[str, Node]"
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    block: bool = False
    indent: int = 0

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Return the entries of a mapping; nothing for any other value."""
        return iter(self.value.items() if isinstance(self.value, dict) else ())

    def elements(self) -> "Iterator[Node]":
        """Return the entries of a list; nothing for any other value."""
        return iter(self.value if isinstance(self.value, list) else ())

    def get(self, *path: str) -> "Node | None":
        """Return the node below the keys of `path`, or None where one of them is absent."""
        node: Node | None = self
        for key in path:
            node = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
        return node

    def text(self, *path: str) -> str | None:
        """Return the scalar below `path` as text, or None where it is absent or no scalar."""
        node = self.get(*path)
        if node is None or node.value is None or isinstance(node.value, list | dict):
            return None
        return _written(node.value)

    def find(self, path: Iterable[str | int]) -> "Node":
        """Return the deepest node along `path` (keys, indices) that exists: where to point."""
        node = self
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[str(step)]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
        return node

    def plain(self) -> object:
        """Return the value without places: dict, list, str, bool, Decimal, date or None."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def wire(self) -> object:
        """Return the value as a JSON Schema sees it: like `plain`, with dates as ISO text."""
        if isinstance(self.value, dict):
            return {key: node.wire() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.wire() for node in self.value]
        return self.value.isoformat() if isinstance(self.value, date) else self.value


def _written(value: str | bool | Decimal | date) -> str:  # noqa: FBT001 - a value, not a switch
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def read(text: str, *, file: str) -> Node:
    """Read `text`, the content of `file`, into located values; å written as two signs becomes one.

    Raises UnreadableError for broken YAML, a repeated key, an anchor or a tag, more than 4,000,000
    characters, 100,000 values or 32 levels.
    """
    if len(text) > MAX_CHARACTERS:
        raise _unreadable(
            Place(file, 1, 1), "file too large", f"Keep the file under {MAX_CHARACTERS} characters."
        )
    text = unicodedata.normalize("NFC", text)
    lines = text.splitlines()
    builder = _Builder(file, lines)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        broken = explained(error, lines)
        raise _unreadable(Place(file, broken.line, broken.column), broken.what, broken.mend) from None
    if builder.root is None:
        raise _unreadable(Place(file, 1, 1), "the file is empty", "Write the file, or remove it.")
    return builder.root


def _unreadable(place: Place, what: str, mend: str) -> UnreadableError:
    return UnreadableError(Finding.at(place, "yaml", what, mend))


class _Builder:
    """Turns parser events into nodes without recursion, so that depth is ours to bound."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self._lines = lines
        self.root: Node | None = None
        self._open: list[tuple[Node, tuple[str, Place] | None]] = []
        self._key: tuple[str, Place] | None = None
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _unreadable(
                place,
                "anchors and aliases (& and *) are not used here",
                "Write the value out; a text that begins with & or * needs quotation marks.",
            )
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _unreadable(
                place, "a second document in one file", "Keep one document; remove the line '---'."
            )
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start(event, place)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            node, self._key = self._open.pop()
            self._add(node)

    def _start(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, place: Place) -> None:
        self._refuse_tag(event.tag, place)
        if len(self._open) >= MAX_DEPTH:
            raise _unreadable(place, f"more than {MAX_DEPTH} levels", "Flatten the structure.")
        if self._expects_key():
            raise _unreadable(place, "a key must be a word or a number", "Write the key as plain text.")
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], place)
        self._open.append((node, self._key))
        self._key = None

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        self._refuse_tag(event.tag, place)
        if self._expects_key():
            self._take_key(event.value, place)
            return
        style = event.style
        value = event.value if style else _resolve(event.value, place)
        block = style in ("|", ">")
        if style in ("'", '"'):
            place = Place(place.file, place.line, place.column + 1)
        lines = event.end_mark.line - event.start_mark.line if event.end_mark and event.start_mark else 0
        if style != "|" and isinstance(value, str) and lines:
            place = Place(
                place.file, place.line, place.column, tuple(self._joined(place, value, block=block))
            )
        self._add(Node(value, place, block=block, indent=self._indent(place) if block else 0))

    def _joined(self, place: Place, value: str, *, block: bool) -> Iterator[tuple[int, int, int]]:
        """Tell of each line of a joined text where it begins in the text, and where it stands in the file."""
        at = 0
        for number in range(place.line + block, len(self._lines) + 1):
            line = self._lines[number - 1]
            first = number == place.line and not block
            begin = place.column - 1 if first else len(line) - len(line.lstrip())
            content = line[begin:].strip()
            found = value.find(content, at) if content else -1
            if found < 0 and content:
                return
            if found >= 0 and content:
                yield found, number, begin + 1
                at = found + len(content)
            if at >= len(value.rstrip()):
                return

    def _indent(self, place: Place) -> int:
        """Return how far in the first written line below `place` stands."""
        first = next((line for line in self._lines[place.line :] if line.strip()), "")
        return len(first) - len(first.lstrip(" "))

    def _refuse_tag(self, tag: str | None, place: Place) -> None:
        if tag is not None:
            raise _unreadable(place, f"the tag {tag} is not used here", "Remove it; write the plain value.")

    def _expects_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0].value, dict) and self._key is None

    def _take_key(self, key: str, place: Place) -> None:
        mapping = self._open[-1][0]
        if key in mapping.keys:
            first = mapping.keys[key].line
            raise _unreadable(place, f"'{key}' stands twice (first on line {first})", "Keep one of them.")
        if key == "<<":
            raise _unreadable(place, "merge keys (<<) are not used here", "Write the values out.")
        mapping.keys[key] = place
        self._key = (key, place)

    def _add(self, node: Node) -> None:
        self._count += 1
        if self._count > MAX_VALUES:
            raise _unreadable(node.place, f"more than {MAX_VALUES} values", "Split the file.")
        if not self._open:
            self.root = node
            return
        holder = self._open[-1][0].value
        if isinstance(holder, dict) and self._key is not None:
            holder[self._key[0]] = node
            self._key = None
        elif isinstance(holder, list):
            holder.append(node)


def _resolve(text: str, place: Place) -> Scalar:
    if text in _NOTHING:
        return None
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _unreadable(place, f"{text} is no date", "Use a day that exists, as 2026-08-01.") from None
    return text


def suggest(word: str, known: Iterable[str]) -> str:
    """Return 'Did you mean …?' for the nearest known word, or a list of what is known."""
    words = sorted(set(known))
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(words[:12]) + (", …" if len(words) > 12 else "")  # noqa: PLR2004 - a readable line
    return f"Known here: {shown}." if words else "Nothing is known here."


def texts_by_language(node: Node | None) -> Mapping[str, str]:
    """Return {language: text} of a block like `{ nb: …, nn: …, en: … }`; empty for anything else."""
    if node is None:
        return {}
    return {language: str(child.value) for language, child in node.items() if isinstance(child.value, str)}
