"""Check an attachment by what it is, not by what it is called, and make it ready for the file.

A file whose name promises another type than its content has is refused: it is either damaged or in disguise,
and programs that go by the name would fail on it. A PDF is kept byte for byte (it may be signed, and it is
evidence), so nothing can be cleaned out of it: one that carries scripts, other files or a password is
refused, with the way to mend it. An image is drawn anew into a PDF/A-2, which leaves behind where and with
what it was taken.
"""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import yaml

from dugnad.applications.attachments import names, quarantine
from dugnad.applications.attachments.image import Caption
from dugnad.applications.attachments.verdict import (
    Accepted,
    AttachmentRefusedError,
    Language,
    Limits,
    MediaType,
)

_SIGNATURES: Final[tuple[tuple[bytes, MediaType], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
# What people send most, so that the answer can name it.
_REFUSED: Final = (
    (0, b"PK\x03\x04", "Word, Excel, ZIP"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word, Excel"),
    (4, b"ftyp", "HEIC, MP4"),
    (0, b"GIF8", "GIF"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (8, b"WEBP", "WebP"),
    (0, b"{\\rtf", "RTF"),
)
_STANDARD: Final = Limits()


class Readable(Protocol):
    """What `check` needs of an open file or an upload."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes."""

    def seekable(self) -> bool:
        """Tell whether it can go back."""

    def tell(self) -> int:
        """Give where it is."""

    def seek(self, offset: int, /) -> int:
        """Go there."""


def check(name: str, data: bytes | Readable, *, limits: Limits = _STANDARD) -> Accepted:
    """Give what the file is, if it may be taken in; otherwise raise `AttachmentRefusedError`.

    `data` is read no further than the size limit, and set back to where it was if it can be. The content is
    looked into in a process of its own, with bounded memory and time.
    """
    content = data if isinstance(data, bytes) else _read(data, limits.size + 1)
    if not content:
        raise AttachmentRefusedError("empty")
    if len(content) > limits.size:
        raise AttachmentRefusedError("too-large", limit=limits.megabytes)
    media_type = _sniff(name, content)
    pages = quarantine.inspect(content, media_type, limits)
    return Accepted(
        media_type=media_type,
        pages=pages,
        name=names.safe_name(name, media_type),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def normalise(
    accepted: Accepted, data: bytes, *, at: datetime, language: Language = "nb", limits: Limits = _STANDARD
) -> bytes:
    """Give the PDF that goes into the file: a PDF as it came, an image as one page of PDF/A-2.

    A PDF made here has the name as its title, `at` (aware) as its date, and says in `language` that it is an
    image; the same image, name and time give the same bytes. Raises `ValueError` if `data` is not what was
    accepted, and `AttachmentRefusedError` if the image cannot be drawn within the limits.
    """
    if hashlib.sha256(data).hexdigest() != accepted.sha256:
        raise ValueError("These are not the bytes that were accepted.")
    if accepted.media_type == "application/pdf":
        return data
    words = _texts()["attachment.picture"][language].replace("{name}", accepted.name)
    caption = Caption(title=accepted.name, description=words, language=language, at=at)
    return quarantine.draw(data, accepted.media_type, caption, limits)


@cache
def _texts() -> dict[str, dict[str, str]]:
    """Give the words of this package."""
    texts: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("texts.yaml").read_text("utf-8")
    )
    return texts


def _read(file: Readable, most: int) -> bytes:
    """Read at most so many bytes from here on, and go back."""
    start = file.tell() if file.seekable() else None
    content = file.read(most)
    if start is not None:
        file.seek(start)
    return content


def _sniff(name: str, content: bytes) -> MediaType:
    """Give the type by the first bytes; refuse types we do not take and names that promise another."""
    claimed = names.claimed_type(name)
    found = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
    if found and claimed in {None, found}:
        return found
    if claimed:
        raise AttachmentRefusedError("mislabelled", claimed=claimed.rpartition("/")[2].upper())
    known = next((kind for start, mark, kind in _REFUSED if content.startswith(mark, start)), None)
    if known:
        raise AttachmentRefusedError("not-allowed-type", found=known)
    raise AttachmentRefusedError("unknown-type")
