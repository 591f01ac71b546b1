"""Tell people by e-mail that a letter has come (eForvaltningsforskriften § 8).

Sending cannot be part of a database transaction. A row is first marked `sending` with a time after which it may be tried again;
the message id is the same each time, so a crash between the mail server's yes and ours costs at most one double.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from dugnad.design.languages import DEFAULT_LANGUAGE, as_language
from dugnad.design.texts import texts
from dugnad.dispatch.models import Dispatch
from dugnad.dispatch.ports import Contact, ContactsUnavailableError, NoticeMessage, NoticeNotSentError, Ports

_CLAIM = """UPDATE dispatch_dispatch
            SET notice = 'sending', attempts = attempts + 1, next_attempt_at = %s + (attempts + 1) * %s::interval
            WHERE id IN (SELECT id FROM dispatch_dispatch
                         WHERE state = 'delivered' AND notice IN ('waiting', 'sending') AND next_attempt_at <= %s
                         ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id, person_id, content, notice, attempts, next_attempt_at"""
RETRY_AFTER = timedelta(minutes=2)
MAX_ATTEMPTS = 10


def send(*, at: datetime, limit: int = 50) -> int:
    """Send the notices that wait (one batch); returns how many were tried. Run as the worker."""
    batch = _claim(at, limit)
    if not batch:
        return 0
    numbers = _numbers([row.person_id for row in batch])
    try:
        contacts = Ports.contacts.contacts(sorted(set(numbers.values())))
    except ContactsUnavailableError:
        _finish({row.id: "the contact register did not answer" for row in batch}, at)
        return len(batch)
    messages = {row.id: _message(row, contacts.get(numbers.get(row.person_id, ""))) for row in batch}
    wanted = [message for message in messages.values() if message is not None]
    try:
        answers = Ports.notices.send(wanted) if wanted else {}
    except NoticeNotSentError as error:
        answers = {message.message_id: error.reason for message in wanted}
    results = {
        key: answers.get(message.message_id, "no answer") if message else None
        for key, message in messages.items()
    }
    _finish(results, at)
    return len(batch)


def _claim(at: datetime, limit: int) -> list[Dispatch]:
    return list(Dispatch.objects.raw(_CLAIM, [at, RETRY_AFTER, at, limit]))


def _finish(results: dict[UUID, str | None], at: datetime) -> None:
    """Write down what came of it: None means nobody may be told, "" sent, other text why it was not."""
    with transaction.atomic():
        sent = [key for key, why in results.items() if why == ""]
        silent = [key for key, why in results.items() if why is None]
        Dispatch.objects.filter(id__in=sent).update(notice=Dispatch.Notice.SENT, notice_at=at, trouble="")
        Dispatch.objects.filter(id__in=silent).update(notice=Dispatch.Notice.NONE)
        for key, why in results.items():
            if why:
                Dispatch.objects.filter(id=key).update(trouble=why[:300])
        Dispatch.objects.filter(
            id__in=[key for key, why in results.items() if why], attempts__gte=MAX_ATTEMPTS
        ).update(notice=Dispatch.Notice.FAILED)


def _numbers(person_ids: list[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, identity_number FROM identity_person WHERE id = ANY(%s)", [person_ids])
        return dict(cursor.fetchall())


def _message(row: Dispatch, contact: Contact | None) -> NoticeMessage | None:
    if contact is None or not contact.email:
        return None
    language = as_language(contact.language) or DEFAULT_LANGUAGE
    sender = {"sender": row.content["sender"]["name"]}
    return NoticeMessage(
        message_id=f"<{row.id}@dugnad>",
        to=contact.email,
        subject=texts().get("notice.subject", language, sender),
        text=texts().get("notice.text", language, {**sender, "address": Ports.address_of_portal}),
    )
