"""What is wrong with text that is no YAML, in the words of someone who never heard of YAML.

The parser says where it gave up, which is often lines after the mistake; here the lines around it are looked at.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import yaml


class Broken(NamedTuple):
    """Line and column, both from 1, what is wrong there and how to mend it."""

    line: int
    column: int
    what: str
    mend: str


_INDENTED = "Indent it as the lines it belongs with; two spaces for each level."
_CLOSED = {"}": "{", "]": "["}
_LONE = re.compile(r"\s*(?:- )?[^\s#:\"'{\[|>-][^:#]*")
_GLUED = re.compile(r"\s*(?:- )?[^\s:\"'{\[]+:[^\s/]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def explained(error: yaml.YAMLError | UnicodeEncodeError, lines: Sequence[str]) -> Broken:
    """Say where the mistake most likely is, what it is, and how to mend it."""
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable as YAML")
    if mark is None:
        return next(_control(lines), Broken(1, 1, f"broken YAML: {problem}", "Check the file's signs."))
    start = getattr(error, "context_mark", None) or mark
    seen = _Seen(lines, problem, mark.line, mark.column, start.line, start.column)
    for rule in _RULES:
        found = rule(seen)
        if found is not None:
            return found
    mend = "Check indentation, colons and quotation marks; text with ': ' or '#' needs quotation marks."
    return Broken(mark.line + 1, mark.column + 1, f"broken YAML: {problem}", mend)


class _Seen(NamedTuple):
    """Where the parser gave up (`at`, `column`) and where what it was reading began, all from 0."""

    lines: Sequence[str]
    problem: str
    at: int
    column: int
    start: int
    start_column: int

    def line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    @property
    def first(self) -> bool:
        """True where the parser gave up at the first sign of a line."""
        return not self.line(self.at)[: self.column].strip()

    def above(self) -> int:
        """Return the number of the nearest line above that has text."""
        return next((at for at in range(self.at - 1, -1, -1) if self.line(at).strip()), 0)


def _control(lines: Sequence[str]) -> Iterator[Broken]:
    for number, line in enumerate(lines, 1):
        found = _CONTROL.search(line)
        if found:
            what = f"a sign that no text has (U+{ord(found.group()):04X})"
            yield Broken(number, found.start() + 1, what, "Remove it; save the file as plain text.")


def _tab(seen: _Seen) -> Broken | None:
    line = seen.line(seen.at)
    if "\t" not in line[: len(line) - len(line.lstrip())]:
        return None
    return Broken(
        seen.at + 1, line.index("\t") + 1, "a tab at the beginning of the line", "Indent with spaces."
    )


def _open_quote(seen: _Seen) -> Broken | None:
    for at in range(seen.start, min(seen.at + 1, seen.start + 500)):
        begun = re.search(r"(?:^|[:,{\[-])\s+([\"'])", seen.line(at))
        if begun and seen.line(at).replace('\\"', "").count(begun[1]) % 2:
            column = begun.start(1) + 1
            mend = f"Close it with {begun[1]}, or remove it."
            return Broken(
                at + 1, column, "the quotation mark that opens here is not closed on its line", mend
            )
    return None


def _open_bracket(seen: _Seen) -> Broken | None:
    closing = next((sign for sign in _CLOSED if f"',' or '{sign}'" in seen.problem), None)
    if closing is None:
        return None
    opening = _CLOSED[closing]
    if seen.at > seen.start:
        what = f"the {opening} that opens here is not closed"
        return Broken(seen.start + 1, seen.start_column + 1, what, f"Close it with {closing}.")
    what = f"a comma is missing between two entries in {opening} {closing}"
    mend = "Write a comma there, or put the text in quotation marks."
    return Broken(seen.at + 1, seen.column + 1, what, mend)


def _table(seen: _Seen) -> Broken | None:
    if not seen.line(seen.at).lstrip().startswith("|"):
        return None
    above = seen.line(seen.above()).rstrip()
    if above.endswith(":"):
        what = "a table needs a | behind its key, so that each row keeps its line"
        return Broken(seen.above() + 1, len(above) + 1, what, f"Write {above.strip()} | there.")
    what = "this row of the table stands further out than the rows above"
    return Broken(
        seen.at + 1, len(seen.line(seen.at)) - len(seen.line(seen.at).lstrip()) + 1, what, _INDENTED
    )


def _lone(seen: _Seen) -> Broken | None:
    """Find a key without its colon, or without the space after it, on the line or the one above."""
    if "mapping values" not in seen.problem and "expected ':'" not in seen.problem:
        return None
    for at in (seen.above(), seen.start):
        line = seen.line(at)
        if _GLUED.match(line):
            column = line.index(":") + 2
            return Broken(at + 1, column, "a space is missing after the colon", "Write a space there.")
        if at < seen.at and _LONE.fullmatch(line.rstrip()):
            what = f"'{line.strip()}' lacks its colon"
            return Broken(
                at + 1, len(line.rstrip()) + 1, what, "Write a colon there, or put the text on one line."
            )
    if re.search(r":\s.*:", seen.line(seen.at)[: seen.column + 1]):
        mend = "Put the whole text in quotation marks."
        return Broken(
            seen.at + 1, seen.column + 1, "a text with a colon in it, without quotation marks", mend
        )
    return None


def _first_sign(seen: _Seen) -> Broken | None:
    sign = seen.line(seen.at)[seen.column : seen.column + 1]
    if "cannot start any token" not in seen.problem or not sign:
        return None
    what = f"a text that begins with {sign} needs quotation marks"
    return Broken(seen.at + 1, seen.column + 1, what, "Put the whole text in quotation marks.")


def _escape(seen: _Seen) -> Broken | None:
    if "escape" not in seen.problem:
        return None
    what = "a \\ in quotation marks begins a special sign, and this is none"
    return Broken(seen.at + 1, seen.column + 1, what, "Write \\\\ there, or use ' instead of \".")


def _indent(seen: _Seen) -> Broken | None:
    line, above = seen.line(seen.at), seen.line(seen.above())
    indent = len(line) - len(line.lstrip())
    if seen.first and "expected" in seen.problem:
        what = f"the line is indented by {indent} space{'' if indent == 1 else 's'}, which fits none of the lines above"
        return Broken(seen.at + 1, indent + 1, what, _INDENTED)
    if "mapping values" in seen.problem and indent > len(above) - len(above.lstrip()):
        what = "the line is indented further than the one above, which has its value already"
        return Broken(seen.at + 1, indent + 1, what, _INDENTED)
    return None


def _after(seen: _Seen) -> Broken | None:
    if "expected key" not in seen.problem or seen.first:
        return None
    what = "something stands behind a text in quotation marks, or behind a } or ]"
    return Broken(seen.at + 1, seen.column + 1, what, "Put the whole text in quotation marks.")


_RULES = (_tab, _open_quote, _open_bracket, _table, _lone, _first_sign, _escape, _indent, _after)
