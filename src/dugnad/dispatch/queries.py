"""Reads of letters: the mailbox, one letter, and what the console must know."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dugnad.dispatch.models import Dispatch, Document
from dugnad.dispatch.types import LetterContent
from dugnad.dispatch.typesetting import page_images, typeset

_LINE = ("id", "kind", "title", "organisation_id", "case_id", "delivered_at", "opened_at", "archived_at")


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in a list."""

    id: UUID
    kind: str
    title: str
    organisation_id: UUID
    case_id: UUID | None
    delivered_at: datetime | None
    opened_at: datetime | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class StuckLetter:
    """A letter or notice that gave up."""

    id: UUID
    kind: str
    state: str
    notice: str
    trouble: str
    created_at: datetime


def mailbox(
    person_id: UUID,
    *,
    archived: bool = False,
    unopened: bool = False,
    text: str = "",
    before: UUID | None = None,
    limit: int = 20,
) -> list[LetterLine]:
    """Return the person's delivered letters, newest first; `unopened`: only those not opened yet."""
    rows = Dispatch.objects.filter(person_id=person_id, state=Dispatch.State.DELIVERED)
    rows = rows.filter(archived_at__isnull=not archived)
    if unopened:
        rows = rows.filter(opened_at=None)
    if text:
        rows = rows.filter(search_text__contains=text.casefold())
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [LetterLine(*row) for row in rows.order_by("-id").values_list(*_LINE)[:limit]]


def unread(person_id: UUID, *, limit: int = 100) -> int:
    """Return how many letters in the mailbox are unopened, counted to `limit` at most."""
    rows = Dispatch.objects.filter(
        person_id=person_id, state=Dispatch.State.DELIVERED, archived_at=None, opened_at=None
    )
    return rows[:limit].count()


def letter(dispatch_id: UUID) -> LetterLine:
    """Return one delivered letter in sight. Raises LookupError."""
    row = Dispatch.objects.filter(id=dispatch_id, state=Dispatch.State.DELIVERED).values_list(*_LINE).first()
    if row is None:
        raise LookupError(str(dispatch_id))
    return LetterLine(*row)


def letters_of_case(case_id: UUID) -> list[LetterLine]:
    """Return the letters of a case, oldest first, those still on their way included."""
    return [
        LetterLine(*row)
        for row in Dispatch.objects.filter(case_id=case_id).order_by("id").values_list(*_LINE)
    ]


def content(dispatch_id: UUID) -> dict[str, object]:
    """Return what a letter says, as `LetterContent.to_data` wrote it. Raises LookupError."""
    row = Dispatch.objects.filter(id=dispatch_id).values_list("content", flat=True).first()
    if row is None:
        raise LookupError(str(dispatch_id))
    return dict(row)


def document(dispatch_id: UUID) -> bytes:
    """Return the PDF. Raises LookupError until it is typeset."""
    row = Document.objects.filter(dispatch_id=dispatch_id).values_list("content", flat=True).first()
    if row is None:
        raise LookupError(str(dispatch_id))
    return bytes(row)


def preview(letter_content: LetterContent, *, at: datetime) -> bytes:
    """Return a letter as PDF, marked as a draft, without storing anything. Raises TypesettingError."""
    return typeset(letter_content, at=at, draft=True)


def preview_images(letter_content: LetterContent, *, at: datetime) -> list[bytes]:
    """Return the same draft as one PNG a page, for where a PDF cannot be shown."""
    return page_images(letter_content, at=at)


def stuck(*, limit: int = 50) -> list[StuckLetter]:
    """Return letters and notices of the organisation in scope that gave up, newest first."""
    fields = ("id", "kind", "state", "notice", "trouble", "created_at")
    failed = Dispatch.objects.filter(state=Dispatch.State.FAILED).values_list(*fields)
    silent = Dispatch.objects.filter(notice=Dispatch.Notice.FAILED).values_list(*fields)
    return [StuckLetter(*row) for row in failed.union(silent, all=True).order_by("-created_at")[:limit]]
