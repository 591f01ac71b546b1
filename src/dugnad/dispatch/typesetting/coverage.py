"""Which characters the letter's fonts can draw, read from the fonts themselves.

A character without a glyph would be an empty box on paper and a fault in PDF/A, and Typst refuses it; it
must be known before typesetting. The layout is from OpenType 1.9, `cmap`, subtable format 12.
"""

import struct
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
_FULL_UNICODE: Final = 12


@cache
def drawable() -> frozenset[int]:
    """Give the code points that every bundled font has a glyph for."""
    return frozenset.intersection(*(_code_points(path.read_bytes()) for path in sorted(FONTS.glob("*.otf"))))


def _code_points(font: bytes) -> frozenset[int]:
    """Give the code points in the full Unicode map of one font; `ValueError` where it has none."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for index in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            return _read_map(font, start)
    raise ValueError("The font has no character map.")


def _read_map(font: bytes, start: int) -> frozenset[int]:
    """Read the first subtable of format 12 of the `cmap` table that begins at `start`."""
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for index in range(subtables):
        (offset,) = struct.unpack_from(">L", font, start + 4 + 8 * index + 4)
        subtable = start + offset
        if struct.unpack_from(">H", font, subtable) == (_FULL_UNICODE,):
            (groups,) = struct.unpack_from(">L", font, subtable + 12)
            ranges = (struct.unpack_from(">LLL", font, subtable + 16 + 12 * group) for group in range(groups))
            return frozenset(point for first, last, _ in ranges for point in range(first, last + 1))
    raise ValueError("The font has no map of all of Unicode (format 12).")
