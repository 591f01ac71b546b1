"""Reads of applications."""

from datetime import date
from uuid import UUID

from dugnad.applications.models import Application, Attachment, Claim
from dugnad.applications.types import ApplicationView, AttachmentView
from dugnad.shared.postgres import Soon, select, select_soon


def application(application_id: UUID) -> ApplicationView:
    """Return one application in sight. Raises LookupError."""
    for found in select(ApplicationView, "applications_application WHERE id = %s", [application_id]):
        return found
    raise LookupError(str(application_id))


def draft(person_id: UUID, organisation_id: UUID, service: str) -> ApplicationView | None:
    """Return the person's draft of this service in this organisation, if there is one."""
    found = select(
        ApplicationView,
        "applications_application WHERE person_id = %s AND organisation_id = %s AND service = %s AND status = 'draft'",
        [person_id, organisation_id, service],
    )
    return found[0] if found else None


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
    """Return the attachments of an application, of a case, or of both, oldest first, without their content."""
    return attachments_soon(application_id=application_id, case_id=case_id).now()


def attachments_soon(
    *, application_id: UUID | None = None, case_id: UUID | None = None
) -> Soon[list[AttachmentView]]:
    """Ask for the attachments with the next question."""
    return select_soon(
        AttachmentView,
        "applications_attachment WHERE case_id = %s OR application_id = %s ORDER BY id",
        [case_id, application_id],
    )


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
