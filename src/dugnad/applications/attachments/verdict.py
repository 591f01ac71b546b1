"""What a check of an attachment ends in, and the bounds it keeps to."""

from dataclasses import dataclass
from typing import Any, Literal

MediaType = Literal["application/pdf", "image/png", "image/jpeg"]
Language = Literal["nb", "nn", "en"]
Code = Literal[
    "empty",
    "too-large",
    "not-allowed-type",
    "unknown-type",
    "mislabelled",
    "encrypted-pdf",
    "broken-pdf",
    "has-active-content",
    "two-formats",
    "too-many-pages",
    "too-complex",
    "broken-image",
    "animated-image",
    "too-many-pixels",
]


class AttachmentRefusedError(Exception):
    """The file cannot be taken in. `code` names the text `attachment.<code>`, `params` fill it in.

    Neither holds the file's name or anything of its content.
    """

    def __init__(self, code: Code, **params: str | int) -> None:
        super().__init__(code)
        self.code: Code = code
        self.params: dict[str, Any] = dict(params)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an attachment may be; said to the resident beforehand (`attachment.limits`).

    `seconds` and `memory` (bytes) bound the work of looking into one file, however it is made.
    """

    megabytes: int = 10
    pages: int = 200
    megapixels: int = 80
    objects: int = 200_000
    seconds: int = 10
    memory: int = 1_500_000_000

    @property
    def size(self) -> int:
        """The largest size in bytes; a megabyte is counted as 1024 × 1024, the generous way."""
        return self.megabytes * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Accepted:
    """An attachment that may be kept; `name` is safe to store and send, `sha256` in hex, `size` in bytes."""

    media_type: MediaType
    pages: int
    name: str
    sha256: str
    size: int
