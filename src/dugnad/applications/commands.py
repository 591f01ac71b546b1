"""Changes of applications: start, save, attach, submit, withdraw. Each runs in the caller's scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from dugnad.applications import attachments
from dugnad.applications.models import Application, Attachment, Claim
from dugnad.applications.queries import view
from dugnad.applications.types import (
    AlreadyAppliedError,
    ApplicationView,
    DraftExistsError,
    NewClaim,
    NotADraftError,
    Saved,
    StaleDraftError,
    TooManyAttachmentsError,
)
from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.shared import ids, postgres
from dugnad.shared.actor import Actor

ATTACHMENTS_LIMIT = 20
_SAVE = """UPDATE applications_application SET answers = %s, disputes = %s, revision = %s, trail = %s, changed_at = %s
           WHERE id = %s"""
_SUBMIT = "UPDATE applications_application SET status = %s, submitted_at = %s, changed_at = %s WHERE id = %s"
_CLAIM = """INSERT INTO applications_claim (application_id, person_id, organisation_id, service, subject_id, period)
            SELECT %s::uuid, %s::uuid, %s::uuid, %s::text, subject, period
            FROM unnest(%s::uuid[], %s::text[]) AS new (subject, period)
            ON CONFLICT (service, organisation_id, subject_id, period) DO NOTHING RETURNING id"""


def start(  # noqa: PLR0913 - a draft names whose, where, what and by which rules
    *,
    person_id: UUID,
    organisation_id: UUID,
    service: str,
    edition: str,
    collection_id: UUID,
    language: str,
    replaces_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Begin a draft; returns its id. There is one draft per person, organisation and service: see `queries.draft`."""
    row = Application(
        id=ids.new(at),
        person_id=person_id,
        organisation_id=organisation_id,
        service=service,
        edition=edition,
        collection_id=collection_id,
        status=Application.Status.DRAFT,
        language=language,
        replaces_id=replaces_id,
        created_at=at,
        changed_at=at,
    )
    if not postgres.insert_or_nothing(row):
        raise DraftExistsError
    _log("application.started", row, by, at)
    return row.id


def save(
    *,
    application_id: UUID,
    revision: int,
    answers: Mapping[str, object],
    disputes: Mapping[str, str] | None = None,
    tab: str = "",
    by: Actor,
    at: datetime,
) -> Saved:
    """Write answers into a draft, beside those already there; None (for a dispute "") removes one.

    `revision` is the one the page was shown with, `tab` names the page it comes from. Raises StaleDraftError when another
    page has meanwhile changed one of the same answers to something else, and NotADraftError when it was sent. A save in the
    background that is overtaken by its own page's button is no rival: it has the same `tab`.
    """
    del by  # a draft is the person's own paper: what is in it is logged when it is sent
    row = _locked(application_id)
    if row.status != Application.Status.DRAFT:
        raise NotADraftError(row.status)
    before = row.answers
    wanted = {**answers, **{f"{key}?": text or None for key, text in (disputes or {}).items()}}
    held = {**before, **{f"{key}?": text for key, text in row.disputes.items()}}
    changed = [key for key, value in wanted.items() if held.get(key) != value]
    if not changed:
        return Saved(before, view(row))
    rivals = [row.trail[key] for key in changed if key in row.trail]
    if any(at_revision > revision and (not tab or from_tab != tab) for at_revision, from_tab in rivals):
        raise StaleDraftError(view(row))
    row.revision, row.changed_at = row.revision + 1, at
    row.answers = {key: value for key, value in {**before, **answers}.items() if value is not None}
    row.disputes = {key: text for key, text in {**row.disputes, **(disputes or {})}.items() if text}
    row.trail = {**row.trail, **{key: [row.revision, tab] for key in changed}}
    postgres.later(_SAVE, [row.answers, row.disputes, row.revision, row.trail, at, row.id])
    return Saved(before, view(row))


def change_instead(*, application_id: UUID, replaces_id: UUID, by: Actor, at: datetime) -> None:
    """Let a draft change an earlier application of the person's own. Raises LookupError and NotADraftError."""
    del by, at
    if not Application.objects.filter(id=replaces_id).exists():
        raise LookupError(str(replaces_id))
    row = _locked(application_id)
    if row.status != Application.Status.DRAFT:
        raise NotADraftError(row.status)
    Application.objects.filter(id=application_id).update(replaces_id=replaces_id)


def renew_facts(*, application_id: UUID, collection_id: UUID, edition: str, by: Actor, at: datetime) -> None:
    """Point a draft or a waiting application at facts fetched anew, and at the edition they were fetched for."""
    del by, at
    Application.objects.filter(id=application_id).update(collection_id=collection_id, edition=edition)


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file that was found good, and its content as PDF."""

    accepted: attachments.Accepted
    content: bytes


def examine(*, name: str, data: bytes, language: Literal["nb", "nn", "en"], at: datetime) -> ExaminedFile:
    """Check a file and make it PDF, in a process of its own (0.1 s and more): call it outside any transaction.

    Raises AttachmentRefusedError.
    """
    accepted = attachments.check(name, data)
    return ExaminedFile(accepted, attachments.normalise(accepted, data, at=at, language=language))


def attach(
    *,
    file: ExaminedFile,
    question: str,
    owner: ApplicationView,
    case_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Keep an examined file, with the draft `owner` or with a case of it. Raises TooManyAttachmentsError."""
    if case_id is None and _locked(owner.id).status != Application.Status.DRAFT:
        raise NotADraftError(owner.status)
    place = {"case_id": case_id} if case_id else {"application_id": owner.id}
    if Attachment.objects.filter(**place).count() >= ATTACHMENTS_LIMIT:
        raise TooManyAttachmentsError(ATTACHMENTS_LIMIT)
    row = Attachment(
        id=ids.new(at),
        person_id=owner.person_id,
        organisation_id=owner.organisation_id,
        service=owner.service,
        question=question,
        name=file.accepted.name,
        pages=file.accepted.pages,
        size=file.accepted.size,
        digest=file.accepted.sha256,
        content=file.content,
        added_at=at,
        **place,
    )
    row.save(force_insert=True)
    log = Record(
        action="attachment.added",
        purpose="Vedlegg til søknad",
        person_id=owner.person_id,
        organisation_id=owner.organisation_id,
        service=owner.service,
        case_id=case_id,
        detail={"attachment": str(row.id)},
    )
    audit.record(log, by=by, at=at)
    return row.id


def remove_attachment(*, application_id: UUID, attachment_id: UUID, by: Actor, at: datetime) -> bool:
    """Take an attachment out of a draft; False when it was not there. Raises NotADraftError when the draft was sent."""
    del by, at
    row = _locked(application_id)
    if row.status != Application.Status.DRAFT:
        raise NotADraftError(row.status)
    gone, _ = Attachment.objects.filter(id=attachment_id, application_id=application_id).delete()
    return gone > 0


def submit(
    *, application_id: UUID, revision: int, claims: Sequence[NewClaim], by: Actor, at: datetime
) -> ApplicationView:
    """Send a draft. Runs within the transaction that also opens the case.

    Raises NotADraftError for one already sent (a double click), StaleDraftError when another tab has changed it, and
    AlreadyAppliedError when a child has a live application for the period.
    """
    row = _locked(application_id)
    if row.status != Application.Status.DRAFT:
        raise NotADraftError(row.status)
    if revision != row.revision:
        raise StaleDraftError(view(row))
    if row.replaces_id:
        Claim.objects.filter(application_id=row.replaces_id).delete()
    _claim(row, claims)
    row.status, row.submitted_at, row.changed_at = Application.Status.SUBMITTED, at, at
    postgres.later(_SUBMIT, [row.status, at, at, row.id])
    _log("application.submitted", row, by, at)
    return view(row)


def claim(*, application_id: UUID, claims: Sequence[NewClaim], by: Actor, at: datetime) -> None:
    """Hold the children of a sent application that became known later. Raises AlreadyAppliedError."""
    del by, at
    row = _locked(application_id)
    held = set(Claim.objects.filter(application=row).values_list("subject_id", "period"))
    _claim(row, [one for one in claims if (one.subject_id, one.period) not in held])


def withdraw(*, application_id: UUID, by: Actor, at: datetime) -> None:
    """Withdraw a sent application; its children may be applied for again."""
    row = _locked(application_id)
    Claim.objects.filter(application_id=application_id).delete()
    row.status, row.changed_at = Application.Status.WITHDRAWN, at
    row.save(update_fields=["status", "changed_at"])
    _log("application.withdrawn", row, by, at)


def discard(*, application_id: UUID, by: Actor, at: datetime) -> None:
    """Throw a draft away, with what was attached to it. Raises NotADraftError when it was sent."""
    row = _locked(application_id)
    if row.status != Application.Status.DRAFT:
        raise NotADraftError(row.status)
    Attachment.objects.filter(application_id=application_id).delete()
    row.status, row.answers, row.disputes, row.changed_at = Application.Status.DISCARDED, {}, {}, at
    row.save(update_fields=["status", "answers", "disputes", "changed_at"])
    _log("application.discarded", row, by, at)


def _claim(row: Application, claims: Sequence[NewClaim]) -> None:
    """Hold children and periods, all or none of them."""
    wanted = {(one.subject_id, one.period) for one in claims}
    if not wanted:
        return
    subjects, periods = zip(*sorted(wanted), strict=True)
    whose = [row.id, row.person_id, row.organisation_id, row.service]
    held = postgres.rows(_CLAIM, [*whose, subjects, periods])
    if len(held) < len(wanted):
        postgres.change("DELETE FROM applications_claim WHERE id = ANY(%s)", [[one for (one,) in held]])
        raise AlreadyAppliedError(_own_claim(row, claims))


def _own_claim(row: Application, claims: Sequence[NewClaim]) -> UUID | None:
    """Return the applicant's own live application for one of the claims, if it is one's own (others are out of sight)."""
    for claim in claims:
        found = Claim.objects.filter(
            service=row.service,
            organisation_id=row.organisation_id,
            subject_id=claim.subject_id,
            period=claim.period,
        ).first()
        if found is not None:
            return found.application_id
    return None


def _locked(application_id: UUID) -> Application:
    row = postgres.held(Application, application_id)
    if row is None:
        raise LookupError(str(application_id))
    return row


def _log(action: str, row: Application, by: Actor, at: datetime) -> None:
    audit.record(
        Record(
            action=action,
            purpose="Søknad",
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            service=row.service,
            detail={"application": str(row.id)},
        ),
        by=by,
        at=at,
    )
