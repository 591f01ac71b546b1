"""Regular expressions as XPath 2.0 has them, run by Python's ``re``, refused where they could run away.

Backtracking costs at most about ``n ** k`` steps, where ``n`` is the length of the text and ``k`` the
number of
unbounded repetitions in a row, as long as none stands inside another. So repetitions within repetitions are
refused, and so
is a text too long for its pattern's ``k``.
"""

import re
from functools import lru_cache

from dugnad.rulebook.feel.diagnostics import Fault

MAX_STEPS = 20_000_000
MAX_PATTERN = 2000
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.VERBOSE, "q": 0}
_MANY = re.compile(r"\{[0-9]+(,[0-9]*)?\}")
_OUTSIDE_CLASSES = re.compile(r"(\\\S|\[(?:\\.|[^\]\\])*\])|\s+")
_REPLACEMENT = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)
_START = "A-Za-z_:\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
_CLASSES = {"i": _START, "c": _START + r"\-.0-9\u00b7"}


def wrong(message: str) -> Fault:
    """Make the fault of a pattern that cannot be used."""
    return Fault("wrong-pattern", message)


def compile_pattern(pattern: str, flags: str, length: int) -> re.Pattern[str]:
    """Give the pattern, ready for a text of this length. Raises Fault."""
    compiled, repetitions = _compiled(pattern, flags)
    if repetitions and (length + 1) ** repetitions > MAX_STEPS and length > 0:
        raise Fault("too-large", "The text is too long for a pattern with so many repetitions.")
    return compiled


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], int]:
    unknown = set(flags) - set(_FLAGS)
    if unknown:
        raise wrong("A pattern has only the flags s, m, i, x and q.")
    if len(pattern) > MAX_PATTERN:
        raise wrong("The pattern is too long.")
    if "q" in flags:
        return re.compile(re.escape(pattern), re.IGNORECASE if "i" in flags else 0), 0
    plain = _OUTSIDE_CLASSES.sub(r"\1", pattern) if "x" in flags else pattern
    reading = _Reading(plain, multiline="m" in flags, across="s" in flags)
    translated = reading.run()
    options = 0
    for flag in flags.replace("x", ""):
        options |= _FLAGS[flag]
    try:
        return re.compile(translated, options), reading.repetitions
    except (re.error, OverflowError, RecursionError):
        raise wrong("The pattern is not a regular expression.") from None


class _Reading:
    """One walk through a pattern: translates what differs, counts what repeats."""

    def __init__(self, pattern: str, *, multiline: bool, across: bool) -> None:
        self.pattern = pattern
        self.across = across
        self.multiline = multiline
        self.repetitions = 0
        self._repeats_inside: list[bool] = [False]

    def run(self) -> str:
        out: list[str] = []
        at = 0
        closed_repeats = False
        while at < len(self.pattern):
            char = self.pattern[at]
            many = _MANY.match(self.pattern, at)
            if char in "*+" or many:
                self.repetition(inner_repeats=closed_repeats, bounded=None if many is None else many.group())
            piece, size = self.piece(at, many)
            if char == "(":
                self._repeats_inside.append(False)
            closed_repeats = False
            if char == ")" and len(self._repeats_inside) > 1:
                closed_repeats = self._repeats_inside.pop()
                self._repeats_inside[-1] |= closed_repeats
            out.append(piece)
            at += size
        return "".join(out)

    def repetition(self, *, inner_repeats: bool, bounded: str | None) -> None:
        if inner_repeats:
            raise wrong("The pattern repeats a repetition, which may run without end.")
        if bounded and not bounded.endswith(",}") and int(bounded.strip("{}").split(",")[-1]) <= 1:
            return
        self.repetitions += 1
        self._repeats_inside[-1] = True

    def piece(self, at: int, many: re.Match[str] | None) -> tuple[str, int]:
        char = self.pattern[at]
        if char == "\\":
            return self.escape(self.pattern[at + 1 : at + 2]), 2
        if char == "[":
            return self.character_class(at)
        if char == "$":
            return ("$" if self.multiline else r"\Z"), 1
        if char == "." and not self.across:
            return r"[^\n\r]", 1
        if self.pattern.startswith("(?", at) and not self.pattern.startswith("(?:", at):
            raise wrong("The pattern has a group XPath does not know.")
        return (many.group(), len(many.group())) if many else (char, 1)

    def escape(self, letter: str) -> str:
        if letter in ("", "A", "Z", "b", "B", "N"):
            raise wrong("The pattern has an escape XPath does not know.")
        if letter in _CLASSES:
            return f"[{_CLASSES[letter]}]"
        if letter.lower() in _CLASSES:
            return f"[^{_CLASSES[letter.lower()]}]"
        if letter in "pP":
            raise wrong("Character properties (\\p) cannot be used in a pattern yet.")
        return "\\" + letter

    def character_class(self, at: int) -> tuple[str, int]:
        """Translate ``[a-z-[aeiou]]`` to a look-ahead, everything else as it stands."""
        end = at + 1
        out = ["["]
        if self.pattern.startswith("^", end):
            out.append("^")
            end += 1
        while end < len(self.pattern) and self.pattern[end] != "]":
            if self.pattern.startswith("-[", end):
                inner, size = self.character_class(end + 1)
                if not self.pattern.startswith("]", end + 1 + size):
                    raise wrong("A subtraction must end its character class.")
                return f"(?!{inner}){''.join(out)}]", end + 2 + size - at
            step = self.class_item(end)
            out.append(step[0])
            end += step[1]
        if end >= len(self.pattern) or out in (["["], ["[", "^"]):
            raise wrong("A character class is empty or never closed.")
        return "".join(out) + "]", end + 1 - at

    def class_item(self, at: int) -> tuple[str, int]:
        char = self.pattern[at]
        if char != "\\":
            return ("\\" + char if char in "[&~|" else char), 1
        letter = self.pattern[at + 1 : at + 2]
        if letter in _CLASSES:
            return _CLASSES[letter], 2
        if letter in ("", "I", "C", "p", "P") or letter.isdigit():
            raise wrong("The pattern has an escape that cannot be used in a character class.")
        return "\\" + letter, 2


def replacement_of(text: str, groups: int, *, literal: bool) -> str:
    r"""Translate XPath's ``$1`` to Python's ``\g<1>``. Raises Fault for a lone ``$`` or ``\\``."""
    if literal:
        return text.replace("\\", "\\\\")

    def translate(match: re.Match[str]) -> str:
        if match[3] or (match[1] and match[1] not in "\\$"):
            raise wrong("In the replacement $ and \\ must be written \\$ and \\\\.")
        if match[1]:
            return "\\\\" if match[1] == "\\" else "$"
        digits = match[2]
        group = digits
        while len(group) > 1 and int(group) > groups:
            group = group[:-1]
        rest = digits[len(group) :]
        return (f"\\g<{group}>" if int(group) <= groups else "") + rest

    return _REPLACEMENT.sub(translate, text)
