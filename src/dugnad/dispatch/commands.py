"""Letters: create (durable before the caller gets the id), deliver in batches, open, archive.

The dispatch table is itself the queue: the worker claims waiting rows with SKIP LOCKED, typesets them and moves them on
in one transaction, so a worker that dies leaves them as they were, and none is delivered twice.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.dispatch import notices
from dugnad.dispatch.models import Dispatch, Document
from dugnad.dispatch.types import LetterContent, LetterContentError
from dugnad.dispatch.typesetting import TypesettingError, typeset
from dugnad.events import commands as events
from dugnad.events.types import Happening
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.postgres import insert, instances, later, rows
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

log = logging.getLogger(__name__)
CHANNEL = "dugnad_dispatch"
MAX_ATTEMPTS = 6
BATCH = 50
_CLAIM = """SELECT {columns} FROM dispatch_dispatch WHERE state = 'waiting' AND next_attempt_at <= %s
            ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED"""
_DELIVERED = """UPDATE dispatch_dispatch SET state = 'delivered', delivered_at = %s, next_attempt_at = %s, trouble = ''
                WHERE id = ANY(%s)"""

_OPEN = """UPDATE dispatch_dispatch SET opened_at = %s WHERE id = %s AND opened_at IS NULL
           RETURNING person_id, organisation_id, service, case_id, kind"""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to send. kind: decision, receipt, request, provisional or appeal."""

    person_id: UUID
    organisation_id: UUID
    service: str
    kind: str
    content: LetterContent
    case_id: UUID | None = None
    decision_id: UUID | None = None


def create(*, letter: NewLetter, by: Actor, at: datetime) -> UUID:
    """Write a letter into the queue, in the caller's transaction, and wake the worker when that commits."""
    row = Dispatch(
        id=ids.new(at),
        person_id=letter.person_id,
        organisation_id=letter.organisation_id,
        service=letter.service,
        case_id=letter.case_id,
        decision_id=letter.decision_id,
        kind=letter.kind,
        title=letter.content.title,
        search_text=f"{letter.content.title} {letter.content.sender.name} {letter.content.case_number}".casefold(),
        content=letter.content.to_data(),
        next_attempt_at=at,
        created_at=at,
    )
    insert(row)
    audit.record(
        Record(
            action="letter.created",
            purpose="Brev",
            person_id=letter.person_id,
            organisation_id=letter.organisation_id,
            service=letter.service,
            case_id=letter.case_id,
            detail={"dispatch": str(row.id), "kind": letter.kind},
        ),
        by=by,
        at=at,
    )
    later("SELECT pg_notify(%s, '')", [CHANNEL])
    return row.id


def deliver(*, at: datetime, limit: int = BATCH) -> int:
    """Typeset and put into mailboxes what waits (one batch); returns how many were taken. Run as the worker."""
    with scope(Scope()):
        batch = instances(Dispatch, _CLAIM, [at, limit])
        for row in batch:
            if (document := _typeset(row, at)) is not None:
                insert(document)
        _move_on(batch, at)
    return len(batch)


def _typeset(row: Dispatch, at: datetime) -> Document | None:
    """Return the document, or note on the row why there is none."""
    try:
        content = typeset(LetterContent.from_data(row.content), at=row.created_at)
    except (TypesettingError, LetterContentError) as error:
        row.attempts += 1
        row.trouble = type(error).__name__
        row.next_attempt_at = at + timedelta(seconds=2**row.attempts)
        row.state = Dispatch.State.FAILED if row.attempts >= MAX_ATTEMPTS else Dispatch.State.WAITING
        log.warning("dispatch %s could not be typeset: %s", row.id, row.trouble)
        return None
    row.state, row.delivered_at, row.next_attempt_at, row.trouble = Dispatch.State.DELIVERED, at, at, ""
    return Document(
        dispatch=row,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        service=row.service,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        typeset_at=at,
    )


def _move_on(batch: list[Dispatch], at: datetime) -> None:
    delivered = [row for row in batch if row.state == Dispatch.State.DELIVERED]
    troubled = [row for row in batch if row.state != Dispatch.State.DELIVERED]
    if delivered:
        later(_DELIVERED, [at, at, [row.id for row in delivered]])
    if troubled:
        Dispatch.objects.bulk_update(troubled, ["state", "next_attempt_at", "trouble", "attempts"])
    for row in delivered:
        _tell(row, "letter.delivered", at)


def tell(*, at: datetime, limit: int = BATCH) -> int:
    """Tell recipients by e-mail that a letter has come (one batch); returns how many were tried. Run as the worker."""
    return notices.send(at=at, limit=limit)


def open_letter(*, dispatch_id: UUID, by: Actor, at: datetime) -> None:
    """Note the first time a letter is opened (eForvaltningsforskriften § 8: opening is logged)."""
    found = rows(_OPEN, [at, dispatch_id])
    if not found:
        return
    person_id, organisation_id, service, case_id, kind = found[0]
    row = Dispatch(
        id=dispatch_id,
        person_id=person_id,
        organisation_id=organisation_id,
        service=service,
        case_id=case_id,
        kind=kind,
    )
    _tell(row, "letter.opened", at)
    audit.record(
        Record(
            action="letter.opened",
            purpose="Brev åpnet av mottakeren",
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            service=row.service,
            case_id=row.case_id,
            detail={"dispatch": str(row.id)},
        ),
        by=by,
        at=at,
    )


def archive(*, dispatch_id: UUID, archived: bool, by: Actor, at: datetime) -> bool:
    """Put a letter in the archive of the mailbox, or take it back; False when it is not in sight."""
    del by
    rows = Dispatch.objects.filter(id=dispatch_id, state=Dispatch.State.DELIVERED)
    return rows.update(archived_at=at if archived else None) > 0


def try_again(*, dispatch_id: UUID, by: Actor, at: datetime) -> bool:
    """Put a letter, or the notice of one, that gave up back in the queue; False where neither had."""
    del by  # the console logs who asked
    rows = Dispatch.objects.filter(id=dispatch_id)
    letters = rows.filter(state=Dispatch.State.FAILED).update(
        state=Dispatch.State.WAITING, attempts=0, next_attempt_at=at, trouble=""
    )
    notices = rows.filter(notice=Dispatch.Notice.FAILED).update(
        notice=Dispatch.Notice.WAITING, attempts=0, next_attempt_at=at, trouble=""
    )
    return letters + notices > 0


def _tell(row: Dispatch, type_: str, at: datetime) -> None:
    events.append(
        Happening(type_, {"dispatch": str(row.id), "kind": row.kind}),
        subject=row.id,
        organisation_id=row.organisation_id,
        service=row.service,
        person_id=row.person_id,
        at=at,
    )
