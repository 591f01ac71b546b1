"""A document as a list of steps: files to write, lines to change, commands with what they print, pages with what they say.

* `**`path`**` before a yaml block: write the file. Before a diff block: change those lines.
* a console block: `$ command`, and the lines it prints.
* `**… says:**`, `**… sees:**` or `**On the page:**` before a text block: what a person reads.

`…` stands for anything: alone on a line for lines, in a line for characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"\*\*(?P<text>[^*]+)\*\*\s*\Z")


@dataclass(frozen=True)
class Step:
    """One fenced block. `caption` is the bold text right before it, `line` where it begins."""

    kind: str
    caption: str
    body: str
    line: int

    @property
    def path(self) -> str:
        return self.caption.strip("`")

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command of a console block with what it should print."""
        parts = re.split(r"^\$ (.*)\n", self.body, flags=re.MULTILINE)[1:]
        return list(zip(parts[::2], parts[1::2], strict=True))


def steps(document: Path) -> Iterator[Step]:
    text = document.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        caption = _CAPTION.search(text[: found.start()])
        words = " ".join(caption["text"].split()) if caption else ""
        yield Step(found["kind"], words, found["body"], text.count("\n", 0, found.start()) + 1)


def change(path: Path, diff: str) -> None:
    """Replace the lines of the diff's old side, which must stand there exactly once, by its new side."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if not line.startswith("+"))
    new = "".join(line[1:] for line in lines if not line.startswith("-"))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} has these lines {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def pattern(expected: str) -> re.Pattern[str]:
    """What a command's output must match."""
    lines = ("(?:.*\n)*?" if line == "…" else _line(line) + "\n" for line in expected.splitlines())
    return re.compile("".join(lines))


def _line(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…"))


def said(text: str) -> str:
    """A text with single, ordinary spaces, so that what is read can be compared."""
    return " ".join(text.split())
