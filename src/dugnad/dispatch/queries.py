"""Reads of letters: the mailbox, one letter, and what the console must know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from dugnad.dispatch.models import Dispatch
from dugnad.dispatch.types import LetterContent
from dugnad.dispatch.typesetting import page_images, typeset
from dugnad.shared.postgres import Row, Soon, select, select_soon

_UNREAD = """SELECT count(*) FROM (
                 SELECT 1 FROM dispatch_dispatch
                 WHERE person_id = %s AND state = 'delivered' AND archived_at IS NULL AND opened_at IS NULL
                 LIMIT %s) AS these"""


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
    where = ["person_id = %s", "state = 'delivered'"]
    values: list[object] = [person_id]
    where.append("archived_at IS NOT NULL" if archived else "archived_at IS NULL")
    if unopened:
        where.append("opened_at IS NULL")
    if text:
        where.append("position(%s IN search_text) > 0")
        values.append(text.casefold())
    if before is not None:
        where.append("id < %s")
        values.append(before)
    wanted = f"dispatch_dispatch WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s"
    return select(LetterLine, wanted, [*values, limit])


def unread(person_id: UUID, *, limit: int = 100) -> int:
    """Return how many letters in the mailbox are unopened, counted to `limit` at most."""
    return unread_soon(person_id, limit=limit).now()


def unread_soon(person_id: UUID, *, limit: int = 100) -> Soon[int]:
    """Ask how many letters are unopened with the next question."""
    return Soon(_UNREAD, [person_id, limit], lambda found: int(found[0][0]))


def letter(dispatch_id: UUID) -> LetterLine:
    """Return one delivered letter in sight. Raises LookupError."""
    for found in select(LetterLine, "dispatch_dispatch WHERE id = %s AND state = 'delivered'", [dispatch_id]):
        return found
    raise LookupError(str(dispatch_id))


def letters_of_case(case_id: UUID) -> list[LetterLine]:
    """Return the letters of a case, oldest first, those still on their way included."""
    return letters_of_case_soon(case_id).now()


def letters_of_case_soon(case_id: UUID) -> Soon[list[LetterLine]]:
    """Ask for the letters of a case with the next question."""
    return select_soon(LetterLine, "dispatch_dispatch WHERE case_id = %s ORDER BY id", [case_id])


def content(dispatch_id: UUID) -> dict[str, object]:
    """Return what a letter says, as `LetterContent.to_data` wrote it. Raises LookupError."""
    return content_soon(dispatch_id).now()


def content_soon(dispatch_id: UUID) -> Soon[dict[str, object]]:
    """Ask what a letter says with the next question."""
    sql = "SELECT content FROM dispatch_dispatch WHERE id = %s"
    return Soon(sql, [dispatch_id], lambda found: dict(_only(found, dispatch_id)))


def document(dispatch_id: UUID) -> bytes:
    """Return the PDF. Raises LookupError until it is typeset."""
    return document_soon(dispatch_id).now()


def document_soon(dispatch_id: UUID) -> Soon[bytes]:
    """Ask for the PDF with the next question."""
    sql = "SELECT content FROM dispatch_document WHERE dispatch_id = %s"
    return Soon(sql, [dispatch_id], lambda found: bytes(_only(found, dispatch_id)))


def _only(found: list[Row], dispatch_id: UUID) -> Any:
    for (value,) in found:
        return value
    raise LookupError(str(dispatch_id))


def preview(letter_content: LetterContent, *, at: datetime) -> bytes:
    """Return a letter as PDF, marked as a draft, without storing anything. Raises TypesettingError."""
    return typeset(letter_content, at=at, draft=True)


def preview_images(letter_content: LetterContent, *, at: datetime) -> list[bytes]:
    """Return the same draft as one PNG a page, for where a PDF cannot be shown."""
    return page_images(letter_content, at=at)


def stuck(organisation_id: UUID, *, limit: int = 50) -> list[StuckLetter]:
    """Return the organisation's letters and notices that gave up, newest first."""
    rows = Dispatch.objects.filter(
        Q(state=Dispatch.State.FAILED) | Q(notice=Dispatch.Notice.FAILED), organisation_id=organisation_id
    ).order_by("-id")
    fields = ("id", "kind", "state", "notice", "trouble", "created_at")
    return [StuckLetter(*row) for row in rows.values_list(*fields)[:limit]]
