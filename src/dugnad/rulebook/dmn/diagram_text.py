"""Text in a box: how wide it is, where it breaks, how large the box must be. No browser is asked.

Widths are those of Inter's regular weight, as parts of the letter size, rounded up; an editor with another font of
the same kind needs at most a few per cent more, which the margins of a box have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from dugnad.rulebook.dmn.diagram import Box

_NARROW, _SLIM, _COMMON, _CAPITAL, _WIDE = 0.30, 0.42, 0.62, 0.76, 0.93
_WIDTHS: Mapping[str, float] = {
    **dict.fromkeys("iIjl.,:;'|!·", _NARROW),
    **dict.fromkeys('frt()[]-/\\ \u00a0"«»', _SLIM),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZÆØÅÖÄ&", _CAPITAL),
    **dict.fromkeys("mwMW@%æœ→—", _WIDE),
}
_BREAK_AFTER = "-/."


@dataclass(frozen=True, slots=True)
class Style:
    """How text stands in a box: letter size, line height, margins and the widest a box may be, in pixels."""

    size: float = 14.0
    line: float = 19.0
    widest: float = 172.0
    narrowest: float = 112.0
    beside: float = 14.0
    above: float = 11.0
    most_lines: int = 5


def width_of(text: str, size: float) -> float:
    """Return how wide a line of text is, in pixels."""
    return size * sum(_WIDTHS.get(sign, _COMMON) for sign in text)


def wrapped(text: str, room: float, size: float, most_lines: int) -> tuple[str, ...]:
    """Break text into lines no wider than `room`: between words, else after - / and ., else anywhere.

    What does not go into `most_lines` ends in an ellipsis; the whole text belongs in the box's title.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        whole = f"{line} {word}".strip()
        if width_of(whole, size) <= room:
            line = whole
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room, size)
        lines += full
    lines = [*lines, line] if line else lines
    if len(lines) <= most_lines:
        return tuple(lines) or ("",)
    last = lines[most_lines - 1]
    while last and width_of(f"{last}…", size) > room:
        last = last[:-1]
    return (*lines[: most_lines - 1], f"{last}…")


def _pieces(word: str, room: float, size: float) -> list[str]:
    """Cut a word that is wider than the room; the last piece may have company on its line."""
    pieces: list[str] = []
    while width_of(word, size) > room:
        fits = 1
        while width_of(word[: fits + 1], size) <= room:
            fits += 1
        nice = max((at + 1 for at, sign in enumerate(word[:fits]) if sign in _BREAK_AFTER), default=0)
        cut = nice or fits
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def boxed(key: str, texts: Sequence[str], style: Style) -> tuple[Box, tuple[str, ...]]:
    """Return a box large enough for the texts, one below the other, and the lines it holds."""
    room = style.widest - 2 * style.beside
    lines = tuple(line for text in texts for line in wrapped(text, room, style.size, style.most_lines))
    widest = max(width_of(line, style.size) for line in lines)
    width = min(style.widest, max(style.narrowest, widest + 2 * style.beside))
    return Box(key, ceil(width), ceil(len(lines) * style.line + 2 * style.above)), lines
