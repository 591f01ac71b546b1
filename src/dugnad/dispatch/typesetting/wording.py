"""Text from people and registers, made fit to be set: nothing unseen, nothing undrawable, nothing too wide.

A character our fonts cannot draw is first taken apart (㎏ → kg), and otherwise shown as □, so that the reader
sees that something stood there.
"""

import re
import unicodedata
from typing import Final

from dugnad.dispatch.typesetting.coverage import drawable

MISSING: Final = "\N{WHITE SQUARE}"
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_HARD_SPACE: Final = "\N{NO-BREAK SPACE}"
_PLAIN: Final = re.compile(r"[\n -~¡-ÿ–—’“”•…−]*")
_SPACES: Final = re.compile(r"[ \n]+")
_SHORT: Final = 250
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
# What fits on a line of running text at 11 points, and in a third of it.
LINE: Final = 60
CELL: Final = 24
# 1 200 kr, 30 % and § 3 are read as one: they stay on one line.
_TOGETHER: Final = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|kr\b|%)|(?<=§) (?=\d)")


def shown(text: str, width: int = LINE) -> str:
    """Give the text as it can be set: composed, without control or direction marks, every character drawable.

    Newlines stay. A run of more than `width` characters without a space may be broken after each `width` of
    them, so that it cannot leave the page. The spaces inside an amount, a percentage and a section are hard.
    """
    return _fitted(_visible(text), width)


def line(text: str, width: int = LINE) -> str:
    """Give the text as `shown` does, on one line, with single spaces."""
    return _fitted(" ".join(_SPACES.split(_visible(text).strip(" \n"))), width)


def short(text: str, width: int = LINE) -> str:
    """Give a name, a number or a title as `line` does, cut with … after 250 characters.

    These stand in the head of every page, where a text longer than a page would take minutes to place.
    """
    words = line(text, width)
    return words if len(words) <= _SHORT else words[: _SHORT - 1] + "…"


def _visible(text: str) -> str:
    """Give the text composed, every character drawable; newlines stay."""
    if _PLAIN.fullmatch(text):
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(map(_drawn, composed))


def _fitted(text: str, width: int) -> str:
    """Give the text with words that are too wide made breakable, and what belongs together kept together."""
    if len(text) > width:
        text = " ".join(_breakable(word, width) for word in text.split(" "))
    return _TOGETHER.sub(_HARD_SPACE, text)


def _drawn(character: str) -> str:
    """Give what is drawn for one character: itself, its parts, the missing mark, or nothing."""
    if character == "\n":
        return character
    kind = unicodedata.category(character)
    if kind == "Cc":
        return " " if character.isspace() else ""
    if kind in _UNSEEN:
        return "" if kind == "Cf" else MISSING
    if kind.startswith("Z"):
        return _HARD_SPACE if character == _HARD_SPACE else " "
    if kind != "Co" and ord(character) in drawable():
        return character
    return _apart(character)


def _apart(character: str) -> str:
    """Give the drawable parts of a character without a glyph; for a mark nothing, else the missing mark."""
    if unicodedata.combining(character):
        return ""
    parts = unicodedata.normalize("NFKD", character)
    if parts == character:
        return MISSING
    return "".join(part for part in parts if ord(part) in drawable()) or MISSING


def _breakable(word: str, width: int) -> str:
    """Give a word with places where it may be broken, if it is too wide."""
    if len(word) <= width:
        return word
    return _BREAK.join(word[start : start + width] for start in range(0, len(word), width))
