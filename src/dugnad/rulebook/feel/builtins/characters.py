r"""What XPath's escapes for characters and classes of characters mean (XML Schema part 2, appendix F).

All are written so that they may stand inside ``[…]`` of the ``regex`` library: ``\W`` and ``\I`` as what they
hold, not as the complement of something.
"""

import re

import regex

from dugnad.rulebook.feel.diagnostics import Fault

_SINGLE = {"n": "\n", "r": "\r", "t": "\t", **{char: char for char in "\\|.?*+(){}-[]^$"}}
_CATEGORY = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cofn]?")
_PROPERTY = re.compile(r"\\([pP])\{([A-Za-z0-9-]+)\}")
_START = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF),
    (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF),
    (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_PART = ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
_LAST = 0x10FFFF


def _written(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in sorted(ranges))


def _others(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    gaps: list[tuple[int, int]] = []
    begin = 0
    for low, high in sorted(ranges):
        if low > begin:
            gaps.append((begin, low - 1))
        begin = high + 1
    return (*gaps, (begin, _LAST))


_SPACE = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))
_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": _written(_SPACE),
    "S": _written(_others(_SPACE)),
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": _written(_START),
    "I": _written(_others(_START)),
    "c": _written((*_START, *_PART)),
    "C": _written(_others((*_START, *_PART))),
}


def class_escape(letter: str) -> str | None:
    r"""Give what ``\d``, ``\w``, ``\i`` and their kin stand for, to be put inside ``[…]``; else None."""
    return _CLASSES.get(letter)


def single(letter: str) -> str:
    r"""Give the character an escape such as ``\n`` or ``\.`` stands for. Raises Fault for any other letter."""
    if letter not in _SINGLE:
        raise Fault("wrong-pattern", "The pattern has an escape XPath does not know.")
    return _SINGLE[letter]


def property_escape(pattern: str, at: int) -> tuple[str, int]:
    r"""Translate ``\p{Lu}`` or ``\p{IsBasicLatin}`` at this place; gives it and where it ends. Raises Fault."""
    found = _PROPERTY.match(pattern, at)
    if found is None:
        raise Fault("wrong-pattern", r"A \p must be followed by a category or block, as in \p{Lu}.")
    name = found[2]
    block = name.startswith("Is")
    if not block and _CATEGORY.fullmatch(name) is None:
        raise Fault("wrong-pattern", "The pattern names a category of characters that does not exist.")
    written = f"\\{found[1]}{{{'In' + name[2:] if block else name}}}"
    try:
        regex.compile(written)
    except regex.error:
        raise Fault("wrong-pattern", "The pattern names a block of characters that does not exist.") from None
    return written, found.end()
