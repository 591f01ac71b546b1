"""Papers at the desk: the letter before it is sent, attachments, and letters sent."""

from base64 import b64encode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from dugnad.access.types import Right, Staff
from dugnad.cases import queries as cases
from dugnad.cases.types import Status
from dugnad.flows import desk, papers
from dugnad.pages.desk.acts import read_form
from dugnad.pages.desk.case import case_answer
from dugnad.pages.sessions import Request, staff
from dugnad.pages.staffed import entered


@require_POST
@staff(Right.SEE_CASES)
@entered
def preview(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
    """Show the letter as it would be: as a page (with what was typed, nothing stored), or as the PDF itself."""
    typed = read_form(request, member, case_id)
    if typed.errors:
        return case_answer(request, member, case_id, typed)
    corrected, reasons = typed.corrected, typed.texts["reasons"]
    try:
        if request.POST.get("form") == "pdf":
            pdf = desk.preview(
                case_id=case_id, corrected=corrected, reasons=reasons, staff=member, at=request.now
            )
            return pdf_answer(pdf, "utkast.pdf")
        content, images = desk.preview_pages(
            case_id=case_id, corrected=corrected, reasons=reasons, staff=member, at=request.now
        )
    except desk.NoOutcomeError:
        return case_answer(request, member, case_id, typed)
    context = {
        "letter": content.to_data(),
        "pages": [f"data:image/png;base64,{b64encode(image).decode()}" for image in images],
        "case_id": case_id,
        "fields": _kept(request),
        "handles": member.may(Right.HANDLE_CASES) and cases.case(case_id).status != Status.APPROVAL,
    }
    return render(request, "desk/preview.html", context)


@require_GET
@staff(Right.SEE_CASES)
@entered
def attachment(request: Request, member: Staff, case_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Give an attachment; the look is logged."""
    name, content = papers.open_attachment(
        case_id=case_id, attachment_id=attachment_id, staff=member, at=request.now
    )
    return pdf_answer(content, f"{name.rpartition('.')[0] or name}.pdf")


@require_GET
@staff(Right.SEE_CASES)
@entered
def letter(request: Request, member: Staff, case_id: UUID, dispatch_id: UUID) -> HttpResponse:
    """Give a letter that was sent; the look is logged."""
    content = papers.open_letter(case_id=case_id, dispatch_id=dispatch_id, staff=member, at=request.now)
    return pdf_answer(content, "brev.pdf")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF that no cache keeps and no page of ours frames."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = _disposition(name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _disposition(name: str) -> str:
    return content_disposition_header(as_attachment=False, filename=name) or "inline"


def _kept(request: Request) -> list[tuple[str, str]]:
    """Return the form's fields as they came, for the way back to the case."""
    return [
        (name, str(value))
        for name in request.POST
        if name not in {"csrfmiddlewaretoken", "form"}
        for value in request.POST.getlist(name)
    ]
