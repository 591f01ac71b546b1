"""Look into an image, and draw it anew: upright, flat, and without what it tells of its maker."""

import io
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst
from PIL import Image, ImageOps

from dugnad.applications.attachments.verdict import AttachmentRefusedError, Limits, MediaType

_PAGE: Final = Path(__file__).parent / "image.typ"
# A4 at 300 dots an inch, which is as fine as a printer shows.
_LONGEST_SIDE: Final = 3508
_FORMAT: Final[dict[MediaType, str]] = {"image/png": "PNG", "image/jpeg": "JPEG"}


def examine(data: bytes, media_type: MediaType, limits: Limits) -> None:
    """Raise `AttachmentRefusedError` for an image that is damaged, moves, or has too many pixels."""
    _load(data, media_type, limits)


def as_pdf(data: bytes, media_type: MediaType, title: str, limits: Limits, *, at: datetime) -> bytes:
    """Give the image as one page of PDF/A-2a and PDF/UA-1; no place, camera or time comes along.

    The title is also what a screen reader says of the image; `at` (aware) becomes the document's date.
    """
    picture = _flat(_load(data, media_type, limits))
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    lying = "yes" if picture.width > picture.height else ""
    with tempfile.TemporaryDirectory(prefix="dugnad-attachment-") as folder:
        name = "picture.png" if media_type == "image/png" else "picture.jpg"
        picture.save(Path(folder) / name, _FORMAT[media_type], quality=90)
        page: Any = _PAGE.read_bytes()
        made = typst.compile(
            page,
            root=folder,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False),
            ignore_system_fonts=True,
            sys_inputs={"title": title, "name": name, "lying": lying},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=at.astimezone(UTC),
        )
    if not isinstance(made, bytes):
        raise AttachmentRefusedError("broken-image")
    return made


def _load(data: bytes, media_type: MediaType, limits: Limits) -> Image.Image:
    """Decode the whole image, its size looked at first; a very large JPEG is decoded smaller."""
    try:
        with warnings.catch_warnings(action="ignore"):
            picture = Image.open(io.BytesIO(data), formats=(_FORMAT[media_type],))
            _measure(picture, limits)
            picture.draft(None, (_LONGEST_SIDE, _LONGEST_SIDE))
            picture.load()
    except Image.DecompressionBombError:
        raise AttachmentRefusedError("too-many-pixels", limit=limits.megapixels) from None
    except AttachmentRefusedError:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over in hostile bytes means the same to the sender
        raise AttachmentRefusedError("broken-image") from None
    return picture


def _measure(picture: Image.Image, limits: Limits) -> None:
    """Refuse an image by what its head says, before a pixel is decoded."""
    if picture.width * picture.height > limits.megapixels * 1_000_000:
        raise AttachmentRefusedError("too-many-pixels", limit=limits.megapixels)
    if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
        raise AttachmentRefusedError("animated-image")


def _flat(picture: Image.Image) -> Image.Image:
    """Give the picture upright, in grey or colour, on white where it is see-through, without metadata."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        # 16 bits of grey; `convert` alone would cut them off at 255.
        flat = upright.convert("I").point(lambda value: value / 256).convert("L")
    elif upright.has_transparency_data:
        seen = upright.convert("RGBA")
        flat = Image.new("RGB", seen.size, "white")
        flat.paste(seen, mask=seen.getchannel("A"))
    else:
        flat = upright.convert("L" if upright.mode in {"1", "L"} else "RGB")
    bare = Image.new(flat.mode, flat.size)
    bare.paste(flat)
    return bare
