"""File names that every system we send to can hold.

At most 226 characters, and none of those in `_FORBIDDEN` (SvarUt's rules for the files of a dispatch); no
path, nothing unseen, and an ending that says what the file is.
"""

import re
import unicodedata
from typing import Final

from dugnad.applications.attachments.verdict import MediaType

LONGEST: Final = 226
ENDINGS: Final[dict[str, MediaType]] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
}
_ENDING_OF: Final[dict[MediaType, str]] = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
_FORBIDDEN: Final = re.compile(r'[*:"\\/<>|?]')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def claimed_type(name: str) -> MediaType | None:
    """Give the type that the ending of a name promises; None where it promises none of ours."""
    return ENDINGS.get(_ending(_last_part(name)).lower())


def safe_name(name: str, media_type: MediaType) -> str:
    """Give a name without path and forbidden characters, with the right ending, of at most 226 characters."""
    stem, ending = _last_part(name), _ENDING_OF[media_type]
    if claimed_type(stem) == media_type:
        ending = _ending(stem)
        stem = stem[: -len(ending)]
    stem = _FORBIDDEN.sub("_", stem).strip(". ") or "vedlegg"
    return stem[: LONGEST - len(ending)].rstrip(". ") + ending


def _ending(name: str) -> str:
    """Give what stands from the last full stop on; nothing where there is none."""
    _, stop, ending = name.rpartition(".")
    return stop + ending if stop else ""


def _last_part(name: str) -> str:
    """Give what stands after the last slash of either kind, composed, without what cannot be seen."""
    signs = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", name))
    seen = "".join(sign for sign in signs if unicodedata.category(sign) not in _UNSEEN)
    return " ".join(re.split(r"[\\/]", seen)[-1].split())
