"""Papers of a case as a case worker opens them: attachments and letters sent. Every look is logged for the resident."""

from datetime import datetime
from uuid import UUID

from dugnad.access.types import Right, Staff
from dugnad.applications import queries as applications
from dugnad.applications.types import AttachmentView
from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.cases import queries as cases
from dugnad.cases.types import CaseView
from dugnad.dispatch import queries as letters
from dugnad.shared.actor import Actor


def attachments(case: CaseView) -> list[AttachmentView]:
    """Return what the resident attached: to the application, to answers in the case, and in the case appealed."""
    found = applications.attachments(case_id=case.id)
    origin = cases.case(case.parent_id) if case.parent_id else case
    if case.parent_id:
        found = [*applications.attachments(case_id=origin.id), *found]
    if origin.application_id:
        found = [*applications.attachments(application_id=origin.application_id), *found]
    return found


def open_attachment(*, case_id: UUID, attachment_id: UUID, staff: Staff, at: datetime) -> tuple[str, bytes]:
    """Return name and PDF of an attachment of the case. Raises LookupError where it is none of the case's."""
    case = cases.case(case_id)
    staff.must(Right.SEE_CASES, case.service)
    if attachment_id not in {one.id for one in attachments(case)}:
        raise LookupError(str(attachment_id))
    name, content, *_ = applications.attachment_content(attachment_id)
    _log("attachment.viewed", case, {"attachment": str(attachment_id)}, staff, at)
    return name, content


def open_letter(*, case_id: UUID, dispatch_id: UUID, staff: Staff, at: datetime) -> bytes:
    """Return the PDF of a letter of the case. Raises LookupError where there is none (yet)."""
    case = cases.case(case_id)
    staff.must(Right.SEE_CASES, case.service)
    if dispatch_id not in {one.id for one in letters.letters_of_case(case_id)}:
        raise LookupError(str(dispatch_id))
    content = letters.document(dispatch_id)
    _log("letter.viewed", case, {"dispatch": str(dispatch_id)}, staff, at)
    return content


def _log(action: str, case: CaseView, detail: dict[str, str | int], staff: Staff, at: datetime) -> None:
    audit.record(
        Record(
            action=action,
            purpose="Saksbehandling",
            person_id=case.person_id,
            organisation_id=case.organisation_id,
            service=case.service,
            case_id=case.id,
            is_look=True,
            actor_name=staff.person_name,
            detail=detail,
        ),
        by=Actor.staff(staff.person_id, staff.organisation_id),
        at=at,
    )
