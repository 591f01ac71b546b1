"""The form, page by page: start, write (saved as one goes), two tabs, discard."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dugnad.applications import commands as applications
from dugnad.applications.types import ApplicationView, NotADraftError, StaleDraftError
from dugnad.cases import queries as cases
from dugnad.catalogue import queries as catalogue
from dugnad.design.languages import current_language
from dugnad.flows import application_to_decision as flow
from dugnad.flows.problems import NOTE, problems
from dugnad.identity.types import SessionView
from dugnad.pages import interrupted
from dugnad.pages.frame import ahead
from dugnad.pages.notices import notify
from dugnad.pages.resident import attaching
from dugnad.pages.resident.door import at_home, in_background, sight
from dugnad.pages.resident.paper import (
    ANSWER,
    DISPUTE,
    NOTED,
    Paper,
    Typed,
    asked,
    load,
    read,
    renewed,
    sentences,
)
from dugnad.pages.resident.wording import answer_words, plain, register, said
from dugnad.pages.sessions import Request, see_other
from dugnad.tenancy import queries as organisations

WRONG, CHANGED_ELSEWHERE = 422, 409


@at_home
@require_http_methods(["GET", "POST"])
def start(request: Request, session: SessionView, slug: str) -> HttpResponse:
    """Open the form: asked for by GET it says what will happen, by POST it fetches the facts and begins."""
    try:
        service = catalogue.newest(slug)
    except LookupError:
        raise Http404 from None
    if request.method == "GET":
        context = {
            "service": service.info,
            "action": request.path,
            "registers": _registers(service.book.facts),
        }
        return render(request, "resident/start.html", {**context, "said": said})
    replaces = _uuid(request.POST.get("replaces", ""))
    try:
        application_id = flow.begin(
            service=slug,
            person_id=session.subject_id,
            language=current_language(),
            replaces=replaces,
            by=session.actor,
            at=request.now,
        )
    except flow.NoMunicipalityError:
        return render(request, "resident/no_municipality.html", {"action": request.path}, status=503)
    except (catalogue.NotAdoptedError, organisations.UnknownOrganisationError):
        return render(request, "resident/not_adopted.html", {"title": said(service.info.title)}, status=404)
    except LookupError:
        raise Http404 from None
    return see_other(reverse("resident-page", args=[application_id, 1]))


@at_home
@require_safe
def resume(request: Request, session: SessionView, application_id: UUID) -> HttpResponse:
    """Go on where one left off: the first page where something is missing, else the summary."""
    del request
    paper = load(session, application_id)
    if not paper.application.is_draft:
        return sent_already(session, paper.application.id)
    missing = problems(paper.adopted, paper.application, pages=None)
    if missing:
        return see_other(reverse("resident-page", args=[application_id, missing[0].page + 1]))
    return see_other(reverse("resident-summary", args=[application_id]))


@at_home
@require_http_methods(["GET", "POST"])
def page(request: Request, session: SessionView, application_id: UUID, number: int) -> HttpResponse:
    """Show or save one page of the form."""
    kept = interrupted.take(request)
    with sight(session):
        if request.method == "GET":
            ahead(request)
        paper = load(session, application_id)
        if not paper.application.is_draft:
            return sent_already(session, paper.application.id)
        if not 1 <= number <= len(paper.pages):
            raise Http404
        if request.method == "GET":
            raw = {name: values[-1] for name, values in kept.items() if values} if kept else {}
            return show(request, paper, number, raw=raw, came_back=bool(kept))
    return _save(request, session, paper, number)


@at_home
@require_http_methods(["GET", "POST"])
def discard(request: Request, session: SessionView, application_id: UUID) -> HttpResponse:
    """Throw a draft away, once confirmed."""
    paper = load(session, application_id)
    if not paper.application.is_draft:
        return sent_already(session, paper.application.id)
    if request.method == "GET":
        return render(request, "resident/discard.html", {"paper": paper, "said": said})
    try:
        with sight(session):
            applications.discard(application_id=application_id, by=session.actor, at=request.now)
    except NotADraftError:
        return sent_already(session, paper.application.id)
    return notify(see_other(reverse("resident-home")), "resident.discarded")


def sent_already(session: SessionView, application_id: UUID) -> HttpResponse:
    """Send to the case of an application that is no longer a draft (a double click, an old tab), or home."""
    with sight(session):
        case = cases.case_of_application(application_id)
    if case is None:
        return notify(see_other(reverse("resident-home")), "resident.was_discarded", "info")
    return see_other(reverse("resident-case", args=[case.id]))


def show(
    request: Request,
    paper: Paper,
    number: int,
    *,
    raw: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    came_back: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show a page of the form, with values as typed where they are given."""
    at, told = paper.pages[number - 1], errors or {}
    context = {
        "paper": paper,
        "page": at,
        "number": number,
        "tab": tab_of(request),
        "total": len(paper.pages) + 1,
        "groups": paper.known(at),
        "empty": paper.empty_lists(at),
        "questions": asked(paper, at, raw, told),
        "disputes": [(key, label, _disputed(paper, key, raw)) for key, label in paper.disputable(at).items()],
        "errors": list(told.items()),
        "error_of": told,
        "came_back": came_back,
        "saved_at": paper.application.changed_at if paper.application.revision else None,
        "limits": attaching.limits_in_words(),
        "said": said,
        "title": said(paper.adopted.service.info.title),
    }
    return render(request, "resident/page.html", context, status=status)


def _save(request: Request, session: SessionView, paper: Paper, number: int) -> HttpResponse:
    """Save what was typed, then do what the button says. What cannot be saved is shown again with its reason."""
    at = paper.pages[number - 1]
    typed = read(paper, at, {name: plain(str(value)) for name, value in request.POST.items()})
    try:
        saved = flow.save(
            application_id=paper.application.id,
            person_id=session.subject_id,
            revision=typed.revision,
            answers=typed.answers,
            disputes=typed.disputes,
            tab=tab_of(request),
            by=session.actor,
            at=request.now,
        )
    except StaleDraftError as stale:
        return _two_tabs(request, paper, number, typed, stale.current)
    except NotADraftError:
        return sent_already(session, paper.application.id)
    if in_background(request):
        return _saved(request, paper, renewed(session, paper, saved), number)
    errors = attaching.take_files(request, session, paper, at)
    errors |= attaching.remove(request, session, paper)
    files = bool(request.FILES or request.POST.get("remove"))
    paper = renewed(session, paper, saved, files=files)
    errors = {**sentences(paper, typed.wrong), **errors}
    if request.POST.get("do") == "next" and not errors:
        errors = sentences(paper, problems(paper.adopted, paper.application, pages=[number - 1]))
    if errors:
        return show(request, paper, number, raw=typed.raw, errors=errors, status=WRONG)
    return _go_on(request, paper, number)


def tab_of(request: Request) -> str:
    """Return the name of the browser's tab: kept while a page is saved and shown again, new for a page opened anew."""
    return plain(request.POST.get("tab", ""))[:16] or secrets.token_urlsafe(9)


def _go_on(request: Request, paper: Paper, number: int) -> HttpResponse:
    """Go where the button leads: on, back, home, or (a file was added or removed) to the same question."""
    wanted, application = request.POST.get("do", ""), paper.application
    if wanted == "later":
        return notify(see_other(reverse("resident-home")), "resident.saved_for_later")
    if wanted == "next" and number == len(paper.pages):
        return see_other(reverse("resident-summary", args=[application.id]))
    step = {"next": 1, "back": -1}.get(wanted, 0)
    address = reverse("resident-page", args=[application.id, max(1, number + step)])
    question = request.POST.get("upload") or request.POST.get("of", "")
    numbers = [
        str(i) for i, one in enumerate(paper.pages[number - 1].asks) if not step and one.fact == question
    ]
    return see_other(address + (f"#q-{numbers[0]}" if numbers else ""))


def _saved(request: Request, before: Paper, now: Paper, number: int) -> HttpResponse:
    """Answer a save in the background: when it was saved, the new revision, and the questions it made appear or change."""
    at = now.pages[number - 1]
    old = {one.fact: one for one in asked(before, at, {}, {})}
    new = asked(now, at, {}, {})
    context = {
        "revision": now.application.revision,
        "saved_at": now.application.changed_at,
        "changed": [one for one in new if old[one.fact].shown != one.shown],
        "followed": [
            one
            for one in new
            if old[one.fact].shown == one.shown and old[one.fact].follow_ups != one.follow_ups
        ],
        "limits": attaching.limits_in_words(),
        "application": now.application,
        "stale": False,
    }
    return render(request, "resident/saved.html", context)


def _two_tabs(
    request: Request, paper: Paper, number: int, typed: Typed, current: ApplicationView
) -> HttpResponse:
    """Show both versions where another tab has saved something else; nothing that was typed is lost."""
    if in_background(request):
        context = {"revision": typed.revision, "stale": True, "changed": [], "followed": []}
        return render(request, "resident/saved.html", context)
    return render(
        request,
        "resident/two_tabs.html",
        {
            "paper": paper,
            "number": number,
            "title": said(paper.adopted.service.info.title),
            "revision": current.revision,
            "differences": _differences(paper, number, typed, current),
            "raw": typed.raw,
        },
        status=CHANGED_ELSEWHERE,
    )


def _differences(
    paper: Paper, number: int, typed: Typed, current: ApplicationView
) -> list[tuple[str, str, str]]:
    """Return label, what was typed here, what is saved there, for each field where they differ."""
    found = []
    for question in paper.pages[number - 1].asks:
        here, there = typed.answers.get(question.fact), current.answers.get(question.fact)
        if ANSWER + question.fact in typed.raw and here != there:
            found.append((said(question.label), answer_words(question, here), answer_words(question, there)))
        key = question.fact + NOTE
        if NOTED + question.fact in typed.raw and (typed.answers.get(key) or "") != (
            current.answers.get(key) or ""
        ):
            label = next((said(text) for text in question.note.values()), said(question.label))
            found.append((label, str(typed.answers.get(key) or "–"), str(current.answers.get(key) or "–")))
    for name, words in typed.disputes.items():
        if words != current.disputes.get(name, ""):
            label = paper.dispute_label(name)
            found.append((label, words or "–", current.disputes.get(name, "") or "–"))
    return found


def _disputed(paper: Paper, name: str, raw: Mapping[str, str]) -> str:
    return raw.get(DISPUTE + name, paper.application.disputes.get(name, ""))


def _registers(facts: Mapping[str, object]) -> list[str]:
    names = dict.fromkeys(getattr(fact, "source", "") for fact in facts.values())
    return [register(name) for name in names if name not in {"case", "applicant", "case worker", ""}]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None
