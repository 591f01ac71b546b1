"""Files a resident adds: to a draft, to an answer, to an appeal. The limit is said beforehand, a refusal says why."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dugnad.applications import commands as applications
from dugnad.applications import queries as application_reads
from dugnad.applications.commands import ExaminedFile
from dugnad.applications.types import AttachmentRefusedError, Limits, TooManyAttachmentsError
from dugnad.catalogue.types import Page
from dugnad.design.languages import current_language
from dugnad.design.texts import t
from dugnad.identity.types import SessionView
from dugnad.pages.resident.door import at_home, sight
from dugnad.pages.resident.paper import FILE, Paper
from dugnad.pages.sessions import Request

LIMITS = Limits()
ACCEPT = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
# A document of a resident's own is shown by the browser alone with itself: it loads nothing and runs nothing.
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"


class RefusedError(Exception):
    """A file cannot be taken; `sentence` says why and how to mend it."""

    def __init__(self, sentence: str) -> None:
        super().__init__("a file was refused")
        self.sentence = sentence


def limits_in_words() -> str:
    """Return what may be attached, in words."""
    return t("attachment.limits", megabytes=LIMITS.megabytes, pages=LIMITS.pages)


def examine(files: Iterable["UploadedFile[Any]"], request: Request) -> list[ExaminedFile]:
    """Examine files before any transaction is open. Raises RefusedError for the first that cannot be taken."""
    found = []
    for file in files:
        if file.size is not None and file.size > LIMITS.size:
            raise RefusedError(t("attachment.too-large", limit=LIMITS.megabytes))
        try:
            found.append(
                applications.examine(
                    name=file.name or "", data=file.read(), language=current_language(), at=request.now
                )
            )
        except AttachmentRefusedError as refused:
            raise RefusedError(t(f"attachment.{refused.code}", **refused.params)) from None
    return found


def take_files(request: Request, session: SessionView, paper: Paper, page: Page) -> dict[str, str]:
    """Keep the files that came with a page of the form; returns what was refused, by field."""
    errors: dict[str, str] = {}
    for question in page.asks:
        name = FILE + question.fact
        files = request.FILES.getlist(name) if question.attach else []
        if not files and request.POST.get("upload") == question.fact:
            errors[name] = t("resident.problem.no_file")
        try:
            for file in examine(files, request):
                with sight(session):
                    applications.attach(
                        file=file,
                        question=question.fact,
                        owner=paper.application,
                        by=session.actor,
                        at=request.now,
                    )
        except RefusedError as refused:
            errors[name] = refused.sentence
        except TooManyAttachmentsError as full:
            errors[name] = t("resident.problem.too_many", limit=full.limit)
    return errors


def remove(request: Request, session: SessionView, paper: Paper) -> dict[str, str]:
    """Take out the attachment a button names; one that is gone already is gone."""
    wanted = request.POST.get("remove", "")
    if not any(str(one.id) == wanted for one in paper.attachments):
        return {}
    with sight(session):
        applications.remove_attachment(
            application_id=paper.application.id, attachment_id=UUID(wanted), by=session.actor, at=request.now
        )
    return {}


@at_home
@require_safe
def attachment(request: Request, session: SessionView, attachment_id: UUID) -> HttpResponse:
    """Show an attachment of one's own, as it is kept."""
    del request
    with sight(session):
        name, content, *_ = application_reads.attachment_content(attachment_id)
    return pdf(content, name)


def pdf(content: bytes, name: str) -> HttpResponse:
    """Return a PDF to be shown in the browser, by itself."""
    response = HttpResponse(content, content_type="application/pdf")
    stem = name.rpartition(".")[0] if "." in name else name
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem).strip("-")[
        :80
    ]
    response.headers["Content-Disposition"] = f'inline; filename="{plain or "dokument"}.pdf"'
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
