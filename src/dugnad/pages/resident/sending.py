"""The last page of the form: everything in one view, what is missing, what happens next, and send."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dugnad.applications.types import AlreadyAppliedError, NotADraftError, StaleDraftError
from dugnad.cases import queries as cases
from dugnad.flows import application_to_decision as flow
from dugnad.flows.answering import ANSWER_MONTHS
from dugnad.flows.problems import NOTE, IncompleteError, Problem, problems, visible
from dugnad.identity.types import SessionView
from dugnad.pages.frame import ahead
from dugnad.pages.resident.door import at_home, sight, unseen_is_not_there
from dugnad.pages.resident.form import CHANGED_ELSEWHERE, WRONG, sent_already
from dugnad.pages.resident.paper import Paper, field_of, load, sentences
from dugnad.pages.resident.wording import answer_words, said
from dugnad.pages.sessions import Request, see_other
from dugnad.shared.calendar import add_months, oslo
from dugnad.tenancy import queries as organisations


@at_home
@require_safe
def summary(request: Request, session: SessionView, application_id: UUID) -> HttpResponse:
    """Show everything before it is sent."""
    with sight(session):
        ahead(request)
        paper = load(session, application_id)
        if not paper.application.is_draft:
            return sent_already(session, paper.application.id)
        return _show(request, paper, problems(paper.adopted, paper.application, pages=None))


@at_home
@require_POST
def send(request: Request, session: SessionView, application_id: UUID) -> HttpResponse:
    """Send the application; a second click leads to the same case."""
    revision = request.POST.get("revision", "")
    try:
        with unseen_is_not_there():
            sent = flow.send(
                application_id=application_id,
                person_id=session.subject_id,
                revision=int(revision) if revision.isdecimal() else -1,
                by=session.actor,
                at=request.now,
            )
    except NotADraftError:
        return sent_already(session, application_id)
    except IncompleteError as incomplete:
        paper = load(session, application_id)
        return _show(request, paper, list(incomplete.problems), tried=True, status=WRONG)
    except StaleDraftError:
        paper = load(session, application_id)
        missing = problems(paper.adopted, paper.application, pages=None)
        return _show(request, paper, missing, changed=True, status=CHANGED_ELSEWHERE)
    except AlreadyAppliedError as already:
        return _already(request, session, load(session, application_id), already.application_id)
    return see_other(reverse("resident-case", args=[sent.case_id]) + "?sendt=1")


def _already(
    request: Request, session: SessionView, paper: Paper, application_id: UUID | None
) -> HttpResponse:
    """Say that there is an application for the child already, and offer to change it where it is one's own."""
    case = None
    if application_id is not None:
        with sight(session):
            case = cases.case_of_application(application_id)
    context = {
        "paper": paper,
        "title": said(paper.adopted.service.info.title),
        "case": case,
        "replaces": application_id,
        "own": application_id is not None,
    }
    return render(request, "resident/already.html", context, status=CHANGED_ELSEWHERE)


def _show(
    request: Request,
    paper: Paper,
    missing: list[Problem],
    *,
    tried: bool = False,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    told = sentences(paper, missing)
    return render(
        request,
        "resident/summary.html",
        {
            "paper": paper,
            "title": said(paper.adopted.service.info.title),
            "total": len(paper.pages) + 1,
            "problems": [(one, field_of(one), told[field_of(one)]) for one in missing],
            "tried": tried,
            "changed": changed,
            "sections": [_section(paper, number) for number in range(len(paper.pages))],
            "disputes": paper.disputed(),
            "organisation": organisations.organisation(paper.application.organisation_id),
            "automatic": paper.adopted.service.info.automatic,
            "due": add_months(oslo(request.now), ANSWER_MONTHS),
            "said": said,
        },
        status=status,
    )


def _section(paper: Paper, number: int) -> dict[str, object]:
    """Return a page of the form as the summary shows it."""
    page, answers = paper.pages[number], paper.application.answers
    asks = visible(paper.adopted, page, answers)
    return {
        "number": number + 1,
        "title": said(page.title),
        "groups": paper.known(page),
        "answers": [
            {
                "fact": one.fact,
                "label": said(one.label),
                "answer": answer_words(one, answers.get(one.fact)),
                "note": str(answers.get(one.fact + NOTE) or "")
                if one.note.get(bool(answers.get(one.fact)))
                else "",
                "attached": paper.attached(one.fact),
                "wants": said(one.attach.get(answers.get(one.fact) is True, {}))
                if isinstance(answers.get(one.fact), bool)
                else "",
            }
            for one in asks
        ],
    }
