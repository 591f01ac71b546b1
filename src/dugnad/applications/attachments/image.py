"""Look into an image, and draw it anew: upright, flat, and without what it tells of its maker."""

import io
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst
from PIL import Image

from dugnad.applications.attachments.verdict import AttachmentRefusedError, Language, Limits, MediaType

_PAGE: Final = Path(__file__).parent / "image.typ"
# A4 at 300 dots an inch, which is as fine as a printer shows.
_LONGEST_SIDE: Final = 3508
_FORMAT: Final[dict[MediaType, str]] = {"image/png": "PNG", "image/jpeg": "JPEG"}


_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Caption:
    """What the PDF of an image says about it: title, what a screen reader says, in which language, when."""

    title: str
    description: str
    language: Language
    at: datetime


def examine(data: bytes, media_type: MediaType, limits: Limits) -> None:
    """Raise `AttachmentRefusedError` for an image that is damaged, moves, or has too many pixels."""
    with _faults_refused(limits):
        _load(data, media_type, limits)


def as_pdf(data: bytes, media_type: MediaType, caption: Caption, limits: Limits) -> bytes:
    """Give the image as one page of PDF/A-2a and PDF/UA-1; no place, camera or time comes along.

    It is at most 3508 pixels long. Raises `AttachmentRefusedError` as `examine` does.
    """
    drawn = io.BytesIO()
    with _faults_refused(limits):
        picture = _upright(_flat(_smaller(_load(data, media_type, limits))))
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        # Copied into a fresh image: what came with the old one (place, owner, profile, comment) stays behind.
        bare = Image.new(picture.mode, picture.size)
        bare.paste(picture)
        bare.save(drawn, _FORMAT[media_type], quality=90)
    name = "picture.png" if media_type == "image/png" else "picture.jpg"
    values = {"name": name, "lying": "yes" if bare.width > bare.height else ""}
    values |= {"title": caption.title, "description": caption.description, "language": caption.language}
    page: Any = _PAGE.read_bytes()
    with tempfile.TemporaryDirectory(prefix="dugnad-attachment-") as folder:
        (Path(folder) / name).write_bytes(drawn.getvalue())
        made = typst.compile(
            page,
            root=folder,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False),
            ignore_system_fonts=True,
            sys_inputs=values,
            pdf_standards=["a-2a", "ua-1"],
            timestamp=caption.at.astimezone(UTC).replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise AttachmentRefusedError("broken-image")
    return made


@contextmanager
def _faults_refused(limits: Limits) -> Iterator[None]:
    """Turn whatever a decoder stumbles over in hostile bytes into a refusal: the sender needs no more."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except AttachmentRefusedError:
        raise
    except Image.DecompressionBombError:
        raise AttachmentRefusedError("too-many-pixels", limit=limits.megapixels) from None
    except Exception:  # noqa: BLE001 - a decoder raises nearly anything
        raise AttachmentRefusedError("broken-image") from None


def _load(data: bytes, media_type: MediaType, limits: Limits) -> Image.Image:
    """Decode the whole image, its size looked at before a pixel is; a very large JPEG comes out smaller."""
    picture = Image.open(io.BytesIO(data), formats=(_FORMAT[media_type],))
    if picture.width * picture.height > limits.megapixels * 1_000_000:
        raise AttachmentRefusedError("too-many-pixels", limit=limits.megapixels)
    if media_type == "image/png" and getattr(picture, "n_frames", 1) > 1:
        raise AttachmentRefusedError("animated-image")
    picture.draft(None, (_LONGEST_SIDE, _LONGEST_SIDE))
    picture.load()
    return picture


def _smaller(picture: Image.Image) -> Image.Image:
    """Give a very large picture by a whole fraction smaller, before anything else copies it."""
    factor = max(picture.size) // _LONGEST_SIDE
    if factor < 2 or picture.mode.startswith("I"):  # noqa: PLR2004 - half is the first whole fraction
        return picture
    plain = {"P": "RGBA", "1": "L"}
    smaller = picture.convert(plain.get(picture.mode, picture.mode)).reduce(factor)
    smaller.info["exif"] = picture.info.get("exif", b"")
    return smaller


def _flat(picture: Image.Image) -> Image.Image:
    """Give the picture in grey or colour, on white where it is see-through."""
    if picture.mode.startswith("I"):
        # 16 bits of grey; `convert` alone would cut them off at 255.
        flat = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif picture.has_transparency_data:
        seen = picture.convert("RGBA")
        flat = Image.new("RGB", seen.size, "white")
        flat.paste(seen, mask=seen.getchannel("A"))
    else:
        flat = picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
    flat.info["exif"] = picture.info.get("exif", b"")
    return flat


def _upright(picture: Image.Image) -> Image.Image:
    """Give the picture as it was seen when taken (Exif 2.32, tag Orientation)."""
    try:
        turn = _UPRIGHT.get(int(picture.getexif()[_ORIENTATION]))
    except Exception:  # noqa: BLE001 - a note nobody can read turns nothing
        turn = None
    return picture if turn is None else picture.transpose(turn)
