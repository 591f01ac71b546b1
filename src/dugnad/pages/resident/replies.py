"""What a resident writes back: an answer to what a case worker asked for, and an appeal."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dugnad.applications.types import TooManyAttachmentsError
from dugnad.cases import queries as cases
from dugnad.cases.types import AlreadyAppealedError, CaseView, NotAllowedNowError
from dugnad.catalogue import queries as catalogue
from dugnad.design.texts import t
from dugnad.flows import appeal as appeals
from dugnad.identity.types import SessionView
from dugnad.pages import interrupted
from dugnad.pages.notices import notify
from dugnad.pages.resident.attaching import RefusedError, examine, limits_in_words
from dugnad.pages.resident.door import at_home, sight
from dugnad.pages.resident.form import WRONG
from dugnad.pages.resident.wording import plain, said
from dugnad.pages.sessions import Request, see_other

MOST_CHARACTERS = 10_000
MOST_FILES = 10


@at_home
@require_http_methods(["GET", "POST"])
def appeal(request: Request, session: SessionView, case_id: UUID) -> HttpResponse:
    """Appeal a decision: why, and what supports it. A late appeal is told so kindly, and taken all the same."""
    with sight(session):
        found = cases.case(case_id)
        try:
            limit = appeals.limit(found, at=request.now)
        except appeals.NothingToAppealError:
            raise Http404 from None
    context = {"case": found, "limit": limit, "title": _title(found), "limits": limits_in_words()}
    words, errors, came_back = _written(request, "resident.appeal.missing")
    if request.method == "GET" or errors:
        return _again(request, "resident/appeal.html", context, words, errors, came_back)
    try:
        files = examine(_files(request), request)
        with sight(session):
            opened = appeals.file(
                case_id=case_id, grounds=words, files=files, by=session.actor, at=request.now
            )
    except AlreadyAppealedError as already:
        return see_other(reverse("resident-case", args=[already.appeal_id]))
    except (RefusedError, TooManyAttachmentsError) as refused:
        return _again(request, "resident/appeal.html", context, words, {"files": _why(refused)})
    return see_other(reverse("resident-case", args=[opened.id]) + "?sendt=1")


@at_home
@require_http_methods(["GET", "POST"])
def answer(request: Request, session: SessionView, case_id: UUID, request_id: UUID) -> HttpResponse:
    """Answer what a case worker asked for, with words, files or both. The first answer stands."""
    with sight(session):
        found = cases.case(case_id)
        asked = next((one for one in cases.requests(case_id) if one.id == request_id), None)
    if asked is None:
        raise Http404
    address = reverse("resident-case", args=[case_id])
    if asked.answered_at is not None:
        return notify(see_other(address), "resident.answer.given", "info")
    context = {"case": found, "asked": asked, "title": _title(found), "limits": limits_in_words()}
    words, errors, came_back = _written(request, "" if _files(request) else "resident.answer.missing")
    if request.method == "GET" or errors:
        return _again(request, "resident/answer.html", context, words, errors, came_back)
    try:
        files = examine(_files(request), request)
        with sight(session):
            appeals.answer(
                case_id=case_id,
                request_id=request_id,
                text=words,
                files=files,
                by=session.actor,
                at=request.now,
            )
    except NotAllowedNowError:
        return notify(see_other(address), "resident.answer.too_late", "warning")
    except (RefusedError, TooManyAttachmentsError) as refused:
        return _again(request, "resident/answer.html", context, words, {"files": _why(refused)})
    return notify(see_other(address), "resident.answer.sent")


def _written(request: Request, missing: str) -> tuple[str, dict[str, str], bool]:
    """Return the text, what is wrong with it, and whether it was kept from a login that ran out."""
    if request.method == "GET":
        kept = interrupted.take(request)
        return (kept.get("text", [""])[-1] if kept else ""), {}, bool(kept)
    words = plain(request.POST.get("text", "")).strip()
    if len(words) > MOST_CHARACTERS:
        return words, {"text": t("resident.problem.long", limit=MOST_CHARACTERS)}, False
    if not words and missing:
        return words, {"text": t(missing)}, False
    return words, {}, False


def _again(
    request: Request,
    template: str,
    context: dict[str, object],
    words: str,
    errors: dict[str, str],
    came_back: bool = False,  # noqa: FBT001, FBT002 - said by name where it is true
) -> HttpResponse:
    shown = {
        **context,
        "text": words,
        "errors": list(errors.items()),
        "error_of": errors,
        "came_back": came_back,
    }
    return render(request, template, shown, status=WRONG if errors else 200)


def _files(request: Request) -> list["UploadedFile[Any]"]:
    return request.FILES.getlist("files")[:MOST_FILES]


def _title(found: CaseView) -> str:
    return said(catalogue.by_edition(found.edition).service.info.title)


def _why(refused: RefusedError | TooManyAttachmentsError) -> str:
    if isinstance(refused, RefusedError):
        return refused.sentence
    return t("resident.problem.too_many", limit=refused.limit)
