"""A case as the resident sees it: where it stands, the decision and how it came about, letters, history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dugnad.applications import queries as applications
from dugnad.applications.types import ApplicationView, AttachmentView
from dugnad.cases import queries as cases
from dugnad.cases.types import Act, CaseLine, CaseView, NotAllowedNowError, RequestView, after
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, FactBook
from dugnad.decisions import queries as decisions
from dugnad.decisions.types import DecisionView
from dugnad.design.languages import current_language
from dugnad.design.texts import t
from dugnad.dispatch import queries as letters
from dugnad.dispatch.queries import LetterLine
from dugnad.events import queries as events
from dugnad.events.types import EventView
from dugnad.facts import queries as facts
from dugnad.flows import appeal as appeals
from dugnad.flows import application_to_decision as flow
from dugnad.flows.appeal import Limit
from dugnad.flows.correcting import disputed_paths
from dugnad.flows.explanation import Explained, explained
from dugnad.flows.letters import appeal_body
from dugnad.identity.types import SessionView
from dugnad.pages.frame import ahead
from dugnad.pages.notices import notify
from dugnad.pages.resident.door import at_home, sight
from dugnad.pages.resident.wording import dispute_label, groups, said
from dugnad.pages.sessions import Request, see_other
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.types import OrganisationView

# What a resident is told of what happens inside: not who was given the case, nor drafts that were sent back.
TOLD = (
    "case.opened",
    "case.postponed",
    "case.stopped",
    "case.asked",
    "case.answered",
    "case.delayed",
    "case.decided",
    "case.approved",
    "case.forwarded",
    "case.withdrawn",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page of a case needs."""

    case: CaseView
    adopted: Adopted
    organisation: OrganisationView
    application: ApplicationView | None
    decision: DecisionView | None
    letters: list[LetterLine]
    handlers: tuple[str, ...]
    requests: list[RequestView]
    attachments: list[AttachmentView]
    history: list[EventView]
    appeals: list[CaseLine]
    limit: Limit | None


@at_home
@require_safe
def case(request: Request, session: SessionView, case_id: UUID) -> HttpResponse:
    """Show a case of one's own."""
    with sight(session):
        ahead(request)
        shown = read(case_id, request.now)
        whole = "hele" in request.GET
        told = (
            explained(shown.decision, current_language(), whole=whole)
            if shown.decision and _is_own(shown)
            else None
        )
        return render(request, "resident/case.html", _context(shown, told, request))


@at_home
@require_safe
def letters_part(request: Request, session: SessionView, case_id: UUID) -> HttpResponse:
    """Return the list of the case's letters, for the page that waits for one to arrive."""
    with sight(session):
        soon = letters.letters_of_case_soon(case_id)
        cases.case(case_id)
        found = soon.now()
    return render(request, "resident/letters_part.html", {"letters": found, "case_id": case_id})


@at_home
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, session: SessionView, case_id: UUID) -> HttpResponse:
    """Take an open case back, once confirmed."""
    with sight(session):
        found = cases.case(case_id)
    address = reverse("resident-case", args=[case_id])
    if not may(found, Act.WITHDRAW):
        return notify(see_other(address), "resident.too_late_to_withdraw", "warning")
    if request.method == "GET":
        kind = "appeal" if found.kind == "appeal" else "application"
        context = {
            "title": t(f"resident.withdraw.{kind}"),
            "text": t("resident.withdraw.text"),
            "action": request.path,
            "confirm": t("resident.withdraw.confirm"),
            "cancel": address,
            "danger": True,
            "hidden": {},
        }
        return render(request, "confirm.html", context)
    try:
        flow.withdraw(case_id=case_id, person_id=session.subject_id, by=session.actor, at=request.now)
    except NotAllowedNowError:
        return notify(see_other(address), "resident.too_late_to_withdraw", "warning")
    return notify(see_other(address), "resident.withdrawn")


def read(case_id: UUID, at: datetime) -> Shown:
    """Read a case in sight with what belongs to it. Raises CaseGoneError."""
    letters_soon, decided = letters.letters_of_case_soon(case_id), decisions.of_case_soon(case_id)
    asked, appealed = cases.requests_soon(case_id), cases.appeals_of_soon(case_id)
    happened = events.history_soon(case_id)
    found = cases.case(case_id)  # all of it in one round trip
    attached = applications.attachments_soon(application_id=found.application_id, case_id=found.id)
    owner = cases.case(found.parent_id) if found.parent_id else found
    made = decided.now() if found.decision_id else []
    sent = letters_soon.now()
    return Shown(
        case=found,
        adopted=catalogue.by_edition(found.edition),
        organisation=organisations.organisation(found.organisation_id),
        application=applications.application(owner.application_id) if owner.application_id else None,
        decision=made[0] if made else None,
        letters=sent,
        handlers=_handlers(sent) if made and not made[0].automatic else (),
        requests=asked.now(),
        attachments=attached.now(),
        history=[one for one in happened.now() if one.type in TOLD],
        appeals=appealed.now(),
        limit=appeals.limit_of(made[0], sent, at=at) if made else None,
    )


def may(found: CaseView, act: Act) -> bool:
    """Say whether the state machine allows an act now."""
    try:
        after(found.status, act)
    except NotAllowedNowError:
        return False
    return True


def _is_own(shown: Shown) -> bool:
    """Whether the decision was made in this very case (an appeal names the one it is against)."""
    return shown.decision is not None and shown.decision.case_id == shown.case.id


def _handlers(sent: list[LetterLine]) -> tuple[str, ...]:
    """Return who signed the decision, as its letter says."""
    newest = [one for one in sent if one.kind == "decision"][-1:]
    found = letters.content(newest[0].id).get("handlers") if newest else ()
    return tuple(str(name) for name in found) if isinstance(found, list) else ()


def _context(shown: Shown, told: Explained | None, request: Request) -> Mapping[str, object]:
    found, book = shown.case, shown.adopted.service.book
    disputes = _disputes(shown.application) if told and shown.application else {}
    return {
        "shown": shown,
        "case": found,
        "title": said(shown.adopted.service.info.title),
        "organisation": shown.organisation.name_in(current_language()),
        "told": told,
        "law": book.law,
        "groups": groups(told.facts, book, disputes) if told else [],
        "disputed": _labels(told, shown, book) if told else [],
        "stops": [said(stop["why"]) for stop in found.stops] if found.status != "decided" else [],
        "just_sent": request.GET.get("sendt") == "1",
        "open_requests": [one for one in shown.requests if one.answered_at is None],
        "answered": [one for one in shown.requests if one.answered_at is not None],
        "may_withdraw": may(found, Act.WITHDRAW),
        "may_appeal": _is_own(shown) and not any(one.status != "withdrawn" for one in shown.appeals),
        "appeals_to": appeal_body(shown.adopted, shown.organisation, current_language()),
        "letters": shown.letters,
        "case_id": found.id,
        "letter": next((one for one in reversed(shown.letters) if one.kind == "decision"), None),
        "start": date_of(shown),
    }


def _disputes(application: ApplicationView) -> Mapping[str, str]:
    """Return what the applicant said is wrong, by path into the facts."""
    if not application.disputes:
        return {}
    found = facts.collection(application.collection_id)
    return {
        path: words for key, words in application.disputes.items() for path in disputed_paths([key], found)
    }


def _labels(told: Explained, shown: Shown, book: FactBook) -> list[str]:
    known = shown.decision.facts["facts"] if shown.decision else {}
    return [dispute_label(path, known, book) for path in told.disputed]


def date_of(shown: Shown) -> date | None:
    """Return the day the application was sent (an appeal: filed)."""
    sent = shown.application.submitted_at if shown.application and shown.case.kind == "application" else None
    return sent or shown.case.opened_at
