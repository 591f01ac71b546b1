"""String literals of FEEL: what stands between the quotation marks, with escapes resolved (grammar rules 33, 64)."""

import re

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character: no text may hold one, since it cannot be stored or sent."""
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def unquote(text: str) -> str:
    """Give what a string literal means: quotation marks off, escapes resolved, half a character as U+FFFD."""

    def resolve(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) > 1:
            point = int(code[1:], 16)
            return chr(point) if point <= 0x10FFFF else match.group()  # noqa: PLR2004 - the last code point
        return _SIMPLE.get(code, match.group())

    if "\\" not in text:
        return text[1:-1]
    plain = _ESCAPE.sub(resolve, text[1:-1])
    whole = _SURROGATES.sub(
        lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), plain
    )
    return LONE_SURROGATE.sub("\ufffd", whole)
