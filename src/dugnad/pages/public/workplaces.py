"""Where one works: found after the login, chosen when there are several."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dugnad.access import queries as access
from dugnad.design.languages import current_language
from dugnad.identity import commands as identity
from dugnad.identity.sessions import safe_next
from dugnad.identity.types import SessionView
from dugnad.pages.frame import STAFF_PAGES, enter
from dugnad.pages.request import Request
from dugnad.pages.sessions import resident, see_other, set_cookie
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

_CHOICE = "/arbeidssted"


def of_number(identity_number: str, name: str, *, at: datetime) -> tuple[UUID, list[UUID]]:
    """Return our id of a person who has just proved who they are, and the organisations where they hold a role."""
    with transaction.atomic():
        person_id = identity.know_persons({identity_number: name}, at=at)[identity_number]
    with scope(Scope(person=person_id)):
        return person_id, access.workplaces(person_id, at=at)


def first_page(person_id: UUID, organisation_id: UUID, *, at: datetime) -> str:
    """Return where a working day begins: the cases for those who see cases, else the console."""
    with scope(Scope(organisation=organisation_id)):
        member = access.staff(person_id, "", organisation_id, at=at)
    return next((address for address, _, right in STAFF_PAGES if member.may(right)), "/")


def to_choice(after: str) -> HttpResponse:
    """Send to the choice between several workplaces."""
    return see_other(f"{_CHOICE}?{urlencode({'videre': after})}" if after else _CHOICE)


@require_http_methods(["GET", "HEAD", "POST"])
@resident
def choose(request: Request, session: SessionView) -> HttpResponse:
    """Show the person's workplaces (GET) or go to one of them (POST): a page of its own after a login at work."""
    with scope(Scope(person=session.person_id)):
        places = access.workplaces(session.person_id, at=request.now)
    wanted = request.POST.get("arbeidssted", "")
    place = next((place for place in places if str(place) == wanted), None)
    if request.method == "POST" and place is not None:
        after = safe_next(request.POST.get("videre"), "")
        cookie = identity.go_to_work(session, organisation_id=place, at=request.now)
        response = see_other(after or first_page(session.person_id, place, at=request.now))
        set_cookie(response, cookie)
        return response
    enter(request, session)
    if not places:
        return render(request, "public/no_workplace.html", {"after": ""}, status=403)
    values = {
        "places": [(str(one), tenancy.organisation(one).name_in(current_language())) for one in places],
        "after": safe_next(request.GET.get("videre") or request.POST.get("videre"), ""),
        "missing": request.method == "POST",
    }
    return render(request, "public/workplaces.html", values, status=422 if request.method == "POST" else 200)
