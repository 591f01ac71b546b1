"""Look into a PDF without changing it: can everybody read it, and does it only show pages?"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from dugnad.applications.attachments.verdict import AttachmentRefusedError, Limits

# Actions that do something other than turn to a page or open a web address (ISO 32000-1, 12.6.4).
_ACTIONS: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Rendition",
        "/RichMediaExecute",
        "/Sound",
        "/Movie",
    }
)
_ANNOTATIONS: Final = frozenset({"/RichMedia", "/FileAttachment", "/Screen", "/Movie", "/Sound", "/3D"})
# Embedded files, and forms that only one maker's program can show.
_KEYS: Final = ("/EF", "/XFA")


def pages_of(data: bytes, limits: Limits) -> int:
    """Give the number of pages of a PDF that may be taken in; raise `AttachmentRefusedError` otherwise.

    A damaged file is refused though some programs could mend it: it is kept as it is, and whoever reads it
    later may have another program. So is one that is a ZIP archive as well.
    """
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise AttachmentRefusedError("two-formats")
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            return _examine(pdf, limits)
    except pikepdf.PasswordError:
        raise AttachmentRefusedError("encrypted-pdf") from None
    except AttachmentRefusedError:
        raise
    except Exception:  # noqa: BLE001 - whatever a parser stumbles over in hostile bytes means the same to the sender
        raise AttachmentRefusedError("broken-pdf") from None


def _examine(pdf: pikepdf.Pdf, limits: Limits) -> int:
    """Give the number of pages of an open PDF, or refuse it."""
    if pdf.is_encrypted:
        raise AttachmentRefusedError("encrypted-pdf")
    if len(pdf.objects) > limits.objects:
        raise AttachmentRefusedError("too-complex")
    pages = len(pdf.pages)
    if pages == 0:
        raise AttachmentRefusedError("broken-pdf")
    if pages > limits.pages:
        raise AttachmentRefusedError("too-many-pages", pages=pages, limit=limits.pages)
    if any(_active(part) for part in _dictionaries(pdf)):
        raise AttachmentRefusedError("has-active-content")
    return pages


def _active(part: Any) -> bool:
    """Tell whether a dictionary is an action, an annotation or a file that does more than show."""
    return (
        str(part.get("/S", "")) in _ACTIONS
        or str(part.get("/Subtype", "")) in _ANNOTATIONS
        or any(key in part for key in _KEYS)
    )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Give every dictionary of the file: the numbered ones, and those nested in an object."""
    waiting: list[Any] = []
    for top in pdf.objects:
        waiting.append(top)
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Stream):
                thing = thing.stream_dict
            if isinstance(thing, pikepdf.Dictionary):
                yield thing
                waiting += [part for part in thing.as_dict().values() if _nested(part)]
            elif isinstance(thing, pikepdf.Array):
                waiting += [part for part in thing if _nested(part)]


def _nested(part: Any) -> bool:
    """Tell whether a value is a container that belongs to this object alone."""
    return isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect
