"""Which characters the letter's fonts can draw, read from the fonts themselves.

A character without a glyph would be an empty box on paper and a fault in PDF/A, and Typst refuses it; it
must be known before typesetting. The layout is from OpenType 1.9, `cmap`, subtable formats 4 and 12.

Source Sans 3 (.otf) sets the letter, in four cuts; Noto Sans (.ttf, one cut each) draws what it has no glyph for: Arabic and
Hebrew. Emoji have no glyph in either.
"""

import struct
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
_FULL_UNICODE, _BASIC_PLANE = 12, 4


@cache
def drawable() -> frozenset[int]:
    """Give the code points that every cut of the letter's own font has a glyph for, and those of the fonts beside it."""
    own = (_code_points(path.read_bytes()) for path in sorted(FONTS.glob("*.otf")))
    beside = (_code_points(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf")))
    return frozenset.intersection(*own).union(*beside)


def _code_points(font: bytes) -> frozenset[int]:
    """Give the code points in the Unicode map of one font; `ValueError` where it has none."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for index in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            return _read_map(font, start)
    raise ValueError("The font has no character map.")


def _read_map(font: bytes, start: int) -> frozenset[int]:
    """Read the `cmap` table that begins at `start`: its map of all of Unicode, else that of the basic plane."""
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    found: dict[int, int] = {}
    for index in range(subtables):
        (offset,) = struct.unpack_from(">L", font, start + 4 + 8 * index + 4)
        (form,) = struct.unpack_from(">H", font, start + offset)
        found.setdefault(form, start + offset)
    if _FULL_UNICODE in found:
        return _groups(font, found[_FULL_UNICODE])
    if _BASIC_PLANE in found:
        return _segments(font, found[_BASIC_PLANE])
    raise ValueError("The font has no map of Unicode (formats 4 and 12).")


def _groups(font: bytes, subtable: int) -> frozenset[int]:
    """Read a subtable of format 12: ranges of code points."""
    (groups,) = struct.unpack_from(">L", font, subtable + 12)
    ranges = (struct.unpack_from(">LLL", font, subtable + 16 + 12 * group) for group in range(groups))
    return frozenset(point for first, last, _ in ranges for point in range(first, last + 1))


def _segments(font: bytes, subtable: int) -> frozenset[int]:
    """Read a subtable of format 4: segments, in which a code point may still have the missing glyph."""
    (twice,) = struct.unpack_from(">H", font, subtable + 6)
    count = twice // 2
    at = [subtable + 14 + twice * part + (2 if part else 0) for part in range(4)]
    ends, starts, deltas, offsets = (struct.unpack_from(f">{count}H", font, one) for one in at)
    found = set()
    for segment in range(count):
        for point in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            glyph = point
            if offsets[segment]:
                place = at[3] + 2 * segment + offsets[segment] + 2 * (point - starts[segment])
                (glyph,) = struct.unpack_from(">H", font, place)
                if not glyph:
                    continue
            if (glyph + deltas[segment]) & 0xFFFF:
                found.add(point)
    return frozenset(found)
