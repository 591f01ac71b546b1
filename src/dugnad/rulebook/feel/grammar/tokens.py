"""Cut a text into tokens. Whitespace and comments fall away; every other character has its place."""

import re
from typing import NamedTuple

from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.escapes import LONE_SURROGATE

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""
      (?P<space>[\s\u180e\u200b\ufeff\u0085]+|//[^\n]*|/\*.*?\*/)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[{_START}][{_PART}]*)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<symbol>\*\*|\.\.|!=|<=|>=|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
MAX_LENGTH = 1_000_000
"""Characters in one expression; a longer one is a mistake, not a rule."""


class Token(NamedTuple):
    """One token: ``kind`` is number, word, string, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Give all tokens and a last one of kind ``end``. Raises FeelSyntaxError for an open text or comment."""
    if len(text) > MAX_LENGTH:
        raise FeelSyntaxError(f"The expression is longer than {MAX_LENGTH} characters.", 0, len(text))
    stray = None if text.isascii() else LONE_SURROGATE.search(text)
    if stray is not None:
        raise FeelSyntaxError("This is half a character.", stray.start(), stray.end())
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "symbol"
        if kind == "space":
            continue
        token = Token(kind, match.group(), match.start(), match.end())
        if token.text == '"':
            raise FeelSyntaxError(
                "This text is never closed with a quotation mark.", token.start, len(text), ('"',)
            )
        if token.text == "/" and text.startswith("/*", token.start):
            raise FeelSyntaxError("This comment is never closed.", token.start, len(text), ("*/",))
        tokens.append(token)
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens
