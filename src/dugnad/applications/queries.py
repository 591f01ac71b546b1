"""Reads of applications."""

from datetime import date
from uuid import UUID

from dugnad.applications.models import Application, Attachment, Claim
from dugnad.applications.types import ApplicationView, AttachmentView

_ATTACHMENT = ("id", "question", "name", "pages", "size", "added_at")


def application(application_id: UUID) -> ApplicationView:
    """Return one application in sight. Raises LookupError."""
    row = Application.objects.filter(id=application_id).first()
    if row is None:
        raise LookupError(str(application_id))
    return view(row)


def draft(person_id: UUID, organisation_id: UUID, service: str) -> ApplicationView | None:
    """Return the person's draft of this service in this organisation, if there is one."""
    row = Application.objects.filter(
        person_id=person_id, organisation_id=organisation_id, service=service, status=Application.Status.DRAFT
    ).first()
    return view(row) if row else None


def drafts(person_id: UUID) -> list[ApplicationView]:
    """Return the person's drafts, newest first."""
    rows = Application.objects.filter(person_id=person_id, status=Application.Status.DRAFT).order_by("-id")[
        :20
    ]
    return [view(row) for row in rows]


def holds(person_id: UUID, service: str, *, on: date) -> bool:
    """Say whether the person has a live application for a period that has not ended on the day."""
    return Claim.objects.filter(person_id=person_id, service=service, period__gte=on.isoformat()).exists()


def attachments(*, application_id: UUID | None = None, case_id: UUID | None = None) -> list[AttachmentView]:
    """Return the attachments of an application or of a case, oldest first, without their content."""
    rows = Attachment.objects.order_by("id")
    rows = rows.filter(case_id=case_id) if case_id else rows.filter(application_id=application_id)
    return [AttachmentView(*row) for row in rows.values_list(*_ATTACHMENT)]


def attachment_content(attachment_id: UUID) -> tuple[str, bytes, UUID, UUID | None, UUID | None]:
    """Return name, PDF, owner, application and case of one attachment in sight. Raises LookupError."""
    row = Attachment.objects.filter(id=attachment_id).first()
    if row is None:
        raise LookupError(str(attachment_id))
    return row.name, bytes(row.content), row.person_id, row.application_id, row.case_id


def view(row: Application) -> ApplicationView:
    """Return a row as a plain value."""
    return ApplicationView(
        id=row.id,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        service=row.service,
        edition=row.edition,
        collection_id=row.collection_id,
        status=row.status,
        answers=row.answers,
        disputes=row.disputes,
        language=row.language,
        replaces_id=row.replaces_id,
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
        submitted_at=row.submitted_at,
    )
