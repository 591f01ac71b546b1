r"""Regular expressions as XPath 2.0 has them (F&O 7.6.1), run by the ``regex`` library within a budget of time.

A pattern is read once and written anew for that library, so that nothing of its own syntax (look-around,
possessive and fuzzy quantifiers, flags inside the pattern) can be reached, and XPath's meaning of ``.``, ``$``,
``\w``, ``\s``, ``\i``, ``\c``, ``\p{IsBlock}`` and ``[a-z-[aeiou]]`` is kept.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

import regex

from dugnad.rulebook.feel.builtins.characters import class_escape, property_escape, single
from dugnad.rulebook.feel.diagnostics import Fault

BUDGET = 0.2
"""Seconds one search may take; a pattern that needs more backtracks without end."""
MAX_PATTERN = 2000
MAX_NESTING = 50
MAX_REPEAT = 1000
MAX_SIZE = 20_000
"""Characters and classes of a pattern with its counted repetitions written out, as the library does."""
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0, "q": 0}
_MANY = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_SPACE_OUTSIDE_CLASSES = re.compile(r"(\\\S|\[(?:\\.|[^\]\\])*\])|[\t\n\r ]+")
_REPLACEMENT = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)

Pattern: TypeAlias = regex.Pattern[str]
Match: TypeAlias = regex.Match[str]


def wrong(message: str) -> Fault:
    """Make the fault of a pattern that cannot be used."""
    return Fault("wrong-pattern", message)


def _too_slow() -> Fault:
    return Fault("too-slow", f"The pattern takes more than {BUDGET} seconds on this text.")


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Give the pattern ready to run. Raises Fault for a text that is no XPath pattern, and for unknown flags."""
    if set(flags) - set(_FLAGS):
        raise wrong("A pattern has only the flags s, m, i, x and q.")
    if len(pattern) > MAX_PATTERN:
        raise wrong("The pattern is too long.")
    options = regex.VERSION0
    for flag in flags:
        options |= _FLAGS[flag]
    if "q" in flags:
        return regex.compile(regex.escape(pattern), options & ~regex.MULTILINE & ~regex.DOTALL)
    plain = _SPACE_OUTSIDE_CLASSES.sub(r"\1", pattern) if "x" in flags else pattern
    translated = _Reading(plain, multiline="m" in flags, across="s" in flags).run()
    try:
        return regex.compile(translated, options)
    except (regex.error, OverflowError, RecursionError, MemoryError):
        raise wrong("The pattern is not a regular expression.") from None


def search(pattern: Pattern, text: str) -> Match | None:
    """Find the first match. Raises Fault when the budget is used up."""
    try:
        return pattern.search(text, timeout=BUDGET)
    except (TimeoutError, MemoryError):
        raise _too_slow() from None


def matches_of(pattern: Pattern, text: str) -> Iterator[Match]:
    """Give all matches from left to right. Raises Fault when the budget is used up."""
    try:
        yield from pattern.finditer(text, timeout=BUDGET)
    except (TimeoutError, MemoryError):
        raise _too_slow() from None


class _Reading:
    """One walk through a pattern, written anew as it goes."""

    def __init__(self, pattern: str, *, multiline: bool, across: bool) -> None:
        self.pattern = pattern
        self.at = 0
        self.multiline = multiline
        self.across = across
        self.open: list[int | None] = []
        self.groups = 0
        self.closed: set[int] = set()
        self.sizes = [0]
        self.last = 0

    def run(self) -> str:
        written: list[str] = []
        repeatable = False
        while self.at < len(self.pattern):
            many = self.quantifier()
            if many is not None:
                if not repeatable:
                    raise wrong("The pattern repeats nothing, or a repetition.")
                written.append(many)
                repeatable = False
                continue
            char = self.pattern[self.at]
            self.last = 1
            written.append(self.piece(char))
            repeatable = char not in "(|"
            self.grow(self.last)
        if self.open:
            raise wrong("A bracket of the pattern is never closed.")
        return "".join(written)

    def grow(self, size: int) -> None:
        self.sizes[-1] += size
        if self.sizes[-1] > MAX_SIZE:
            raise wrong("The counted repetitions of the pattern multiply to too much.")

    def quantifier(self) -> str | None:
        char = self.pattern[self.at]
        found = _MANY.match(self.pattern, self.at)
        if found is None and char not in "?*+":
            return None
        self.at += len(found.group()) if found else 1
        if found is not None:
            low, high = int(found[1][:9]), int((found[3] or found[1])[:9])
            if low > high or high > MAX_REPEAT:
                raise wrong(f"A repetition counts upwards, and to at most {MAX_REPEAT}.")
            self.grow(self.last * max(high - 1, 0))
        written = found.group() if found else char
        if self.pattern.startswith("?", self.at):
            self.at += 1
            written += "?"
        return written

    def piece(self, char: str) -> str:
        if char == "\\":
            return self.escape()
        if char == "[":
            return self.character_class()
        self.at += 1
        if char == "(":
            return self.opened()
        if char == ")":
            return self.closed_bracket()
        if char in "{}]":
            raise wrong(f"A “{char}” stands alone in the pattern; write \\{char}.")
        anchors = {"^": "^", "$": "$" if self.multiline else r"\Z", "|": "|"}
        if char == ".":
            return "." if self.across else r"[^\n\r]"
        return anchors.get(char) or regex.escape(char, special_only=False)

    def opened(self) -> str:
        if len(self.open) >= MAX_NESTING:
            raise wrong("The pattern is nested too deeply.")
        self.sizes.append(0)
        self.last = 0
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            self.open.append(None)
            return "(?:"
        if self.pattern.startswith("?", self.at):
            raise wrong("The pattern has a group XPath does not know.")
        self.groups += 1
        self.open.append(self.groups)
        return "("

    def closed_bracket(self) -> str:
        if not self.open:
            raise wrong("A bracket of the pattern is never opened.")
        group = self.open.pop()
        self.last = self.sizes.pop()
        if group is not None:
            self.closed.add(group)
        return ")"

    def escape(self) -> str:
        letter = self.pattern[self.at + 1 : self.at + 2]
        if letter.isdigit() and letter.isascii():
            return self.back_reference()
        if letter in ("p", "P"):
            written, self.at = property_escape(self.pattern, self.at)
            return f"[{written}]"
        self.at += 2
        known = class_escape(letter)
        return f"[{known}]" if known is not None else regex.escape(single(letter), special_only=False)

    def back_reference(self) -> str:
        r"""Read ``\12`` as the longest number that is a closed group; what it did not match is empty."""
        digits = re.compile("[0-9]+").match(self.pattern, self.at + 1)
        number = digits.group()[:3] if digits else ""
        while number and (int(number) not in self.closed):
            number = number[:-1]
        if not number:
            raise wrong("The pattern refers to a group that is not there.")
        self.at += 1 + len(number)
        return f"(?(%s)\\{number}|)" % number

    def character_class(self) -> str:
        """Read ``[…]``; a subtraction ``[a-z-[aeiou]]`` becomes a look-ahead before the class."""
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        items: list[str] = []
        while not self.pattern.startswith("]", self.at):
            if self.at >= len(self.pattern):
                raise wrong("A character class is never closed.")
            if self.pattern.startswith("-[", self.at) and items:
                return self.subtraction(items, negated=negated)
            items.append(self.class_item(first=not items))
        self.at += 1
        return self.written_class(items, negated=negated)

    def written_class(self, items: list[str], *, negated: bool) -> str:
        if not items:
            raise wrong("A character class is empty.")
        return f"[{'^' if negated else ''}{''.join(items)}]"

    def subtraction(self, items: list[str], *, negated: bool) -> str:
        self.at += 1
        self.open.append(None)
        if len(self.open) > MAX_NESTING:
            raise wrong("The pattern is nested too deeply.")
        without = self.character_class()
        self.open.pop()
        if not self.pattern.startswith("]", self.at):
            raise wrong("A subtraction must end its character class.")
        self.at += 1
        return f"(?:(?!{without}){self.written_class(items, negated=negated)})"

    def class_item(self, *, first: bool) -> str:
        if self.pattern.startswith("\\", self.at):
            letter = self.pattern[self.at + 1 : self.at + 2]
            if letter in ("p", "P"):
                written, self.at = property_escape(self.pattern, self.at)
                return written
            known = class_escape(letter)
            if known is not None:
                self.at += 2
                return known
        low = self.class_char(first=first)
        if not self.pattern.startswith("-", self.at) or self.pattern[self.at + 1 : self.at + 2] in (
            "]",
            "[",
            "",
        ):
            return _code(low)
        self.at += 1
        high = self.class_char(first=False)
        if low > high:
            raise wrong("A range of characters must go upwards.")
        return f"{_code(low)}-{_code(high)}"

    def class_char(self, *, first: bool) -> str:
        char = self.pattern[self.at : self.at + 1]
        if char == "\\":
            self.at += 2
            return single(self.pattern[self.at - 1 : self.at])
        at_end = self.pattern[self.at + 1 : self.at + 2] == "]"
        if char in ("[", "") or (char == "-" and not first and not at_end):
            raise wrong(f"A “{char}” in a character class must be written \\{char}.")
        self.at += 1
        return char


def _code(char: str) -> str:
    return f"\\U{ord(char):08x}"


def replaced(pattern: Pattern, text: str, replacement: str, *, literal: bool, room: int) -> str:
    r"""Replace every match: ``$1`` is a group, ``\$`` and ``\\`` themselves. Raises Fault.

    ``$12`` is group 12 if there are so many, else group 1 and a 2; a group that took no part is empty.
    """
    if search(pattern, "") is not None:
        raise wrong("The pattern of replace() matches the empty text.")
    template = [replacement] if literal else list(_template(replacement, pattern.groups))
    pieces: list[str] = []
    size = last = 0
    for match in matches_of(pattern, text):
        made = [text[last : match.start()]]
        made += [(match.group(part) or "") if isinstance(part, int) else part for part in template]
        last = match.end()
        size += sum(map(len, made))
        if size > room:
            raise Fault("too-large", f"The result of replace() is longer than {room} characters.")
        pieces += made
    return "".join([*pieces, text[last:]])


def _template(text: str, groups: int) -> Iterator[str | int]:
    last = 0
    for match in _REPLACEMENT.finditer(text):
        yield text[last : match.start()]
        last = match.end()
        escaped, digits = match[1], match[2]
        if match[3] or (escaped and escaped not in "\\$"):
            raise wrong("In the replacement $ and \\ must be written \\$ and \\\\.")
        if escaped:
            yield escaped
            continue
        number = digits[:3]
        while len(number) > 1 and int(number) > groups:
            number = number[:-1]
        if int(number) <= groups:
            yield int(number)
        yield digits[len(number) :]
    yield text[last:]
