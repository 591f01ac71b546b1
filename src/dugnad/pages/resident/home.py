"""Min side: who I am to the authorities, what is under way, what has come, what I may be entitled to."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dugnad.applications import queries as applications
from dugnad.cases import queries as cases
from dugnad.cases.types import CaseLine
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import ServiceInfo
from dugnad.dispatch import queries as letters
from dugnad.facts.ports import RegisterUnavailableError
from dugnad.flows import household as households
from dugnad.flows.household import Household
from dugnad.flows.provisional_reply import DAYS_BEFORE
from dugnad.identity import queries as identities
from dugnad.identity.types import PersonView, SessionView
from dugnad.pages.resident.door import at_home, sight
from dugnad.pages.resident.wording import register, said
from dugnad.pages.sessions import Request
from dugnad.shared.calendar import oslo
from dugnad.tenancy import queries as organisations

SHOWN_CASES, SHOWN_LETTERS, CASES_PAGE = 5, 4, 20
# What may be suggested before anyone has applied: to those whose child has a place. The rules decide when one applies.
SUGGESTED_TO_PARENTS = "redusert-foreldrebetaling"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list, in words."""

    id: UUID
    title: str
    organisation: str
    number: str
    status: str
    due: date | None
    opened: date


@at_home
@require_safe
def home(request: Request, session: SessionView) -> HttpResponse:
    """Show Min side. Its reads are bounded: it costs the same with a thousand cases as with one."""
    with sight(session):
        person = identities.person(session.subject_id)
        drafts = applications.drafts(person.id)
        found = cases.of_person(person.id, limit=SHOWN_CASES + 1)
        letter_lines = letters.mailbox(person.id, limit=SHOWN_LETTERS)
        applied = applications.holds(person.id, SUGGESTED_TO_PARENTS, on=oslo(request.now))
    family = households.household(person.identity_number, at=request.now)
    started = {draft.service for draft in drafts}
    suggested = None if applied or SUGGESTED_TO_PARENTS in started else _suggestion(person, family)
    return render(
        request,
        "resident/home.html",
        {
            "name": family.first_name or session.subject_name.partition(" ")[0],
            "family": family,
            "away": [register(name) for name in family.away],
            "municipality": organisations.organisation_by_code(person.municipality)
            if person.municipality
            else None,
            "drafts": [(draft, title(draft.edition)) for draft in drafts],
            "cases": [row(one, oslo(request.now)) for one in found[:SHOWN_CASES]],
            "more_cases": len(found) > SHOWN_CASES,
            "letters": [(one, organisations.organisation(one.organisation_id)) for one in letter_lines],
            "suggested": suggested,
        },
    )


@at_home
@require_safe
def my_cases(request: Request, session: SessionView) -> HttpResponse:
    """List all my cases, newest first."""
    before = as_uuid(request.GET.get("for"))
    with sight(session):
        found = cases.of_person(session.subject_id, before=before, limit=CASES_PAGE + 1)
    older = f"?for={found[CASES_PAGE - 1].id}" if len(found) > CASES_PAGE else ""
    context = {
        "cases": [row(one, oslo(request.now)) for one in found[:CASES_PAGE]],
        "older": older,
        "newer": "?" if before else "",
    }
    return render(request, "resident/cases.html", context)


@at_home
@require_safe
def contact(request: Request, session: SessionView) -> HttpResponse:
    """Show how the authorities may reach me, and where to change it."""
    with sight(session):
        person = identities.person(session.subject_id)
    try:
        found = households.contact_data(person.identity_number, at=request.now)
    except RegisterUnavailableError:
        found = None
    return render(request, "resident/contact.html", {"contact": found})


def row(case: CaseLine, today: date) -> CaseRow:
    """Return a case in words. Near its time limit a provisional reply may have given another day: the case's page says."""
    is_open = case.status in {"waiting_register", "review", "waiting_applicant", "approval"}
    return CaseRow(
        id=case.id,
        title=service_title(case.service),
        organisation=organisations.organisation(case.organisation_id).name["nb"],
        number=case.number,
        status=case.status if case.kind == "application" or case.status != "review" else "appeal_review",
        due=case.due if is_open and case.due - timedelta(days=DAYS_BEFORE) > today else None,
        opened=oslo(case.opened_at),
    )


def title(edition: str) -> str:
    """Return the name of the service of an edition."""
    return said(catalogue.by_edition(edition).service.info.title)


def service_title(slug: str) -> str:
    """Return the name of a service, of its newest version."""
    return next((said(one.title) for one in catalogue.services() if one.slug == slug), slug)


def as_uuid(text: str | None) -> UUID | None:
    """Read a cursor of ours; None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _suggestion(person: PersonView, family: Household) -> ServiceInfo | None:
    """Return the service a parent may be entitled to; the rules answer when one applies, this only says that it exists."""
    if not family.has_places or not person.municipality:
        return None
    municipality = organisations.organisation_by_code(person.municipality)
    if not any(child.has_place and child.municipality == municipality.code for child in family.children):
        return None
    try:
        return catalogue.adopted(municipality.id, SUGGESTED_TO_PARENTS).service.info
    except catalogue.NotAdoptedError:
        return None
