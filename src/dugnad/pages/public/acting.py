"""Act for a child or a ward: whom one may act for, as the population register says at that very moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from dugnad.facts.ports import REGISTERS, RegisterUnavailableError
from dugnad.identity import commands as identity
from dugnad.identity import queries as identities
from dugnad.identity.sessions import safe_next
from dugnad.identity.types import SessionView
from dugnad.pages.frame import enter
from dugnad.pages.notices import notify
from dugnad.pages.request import Request
from dugnad.pages.sessions import resident, see_other, set_cookie
from dugnad.shared.calendar import oslo
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

_HOME = "/min-side"
_REGISTER = "folkeregisteret"
_DEAD = "doed"
_ECONOMY = "oekonomiske"  # a guardian for personal interests or for immigration alone may not handle fees and support


@dataclass(frozen=True, slots=True)
class Represented:
    """Someone the person may act for. basis: foreldreansvar or verge."""

    id: UUID
    name: str
    basis: str
    born: date | None
    municipality: str


@require_http_methods(["GET", "HEAD", "POST"])
@resident
def represent(request: Request, session: SessionView) -> HttpResponse:
    """List whom the person may act for (GET); begin to act for one of them (POST `person`: our id, never a number)."""
    try:
        people = represented(session, request)
    except RegisterUnavailableError:
        return _page(request, session, [], away=True, status=503)
    if request.method != "POST":
        return _page(request, session, people)
    chosen = next((one for one in people if str(one.id) == request.POST.get("person")), None)
    if chosen is None:
        # No word of whether the person exists: it is simply nobody this person may act for.
        return _page(request, session, people, refused=True, status=403)
    cookie = identity.change_session(
        session,
        acting_for=chosen.id,
        acting_for_name=chosen.name,
        municipality=chosen.municipality,
        at=request.now,
    )
    response = see_other(safe_next(request.POST.get("videre"), _HOME))
    set_cookie(response, cookie)
    return response


@require_POST
@resident
def stop(request: Request, session: SessionView) -> HttpResponse:
    """Be oneself again."""
    response = see_other(_HOME)
    if session.acting_for is not None:
        set_cookie(response, identity.change_session(session, at=request.now))
        notify(response, "public.acting_stopped")
    return response


def represented(session: SessionView, request: Request) -> list[Represented]:
    """Return the children and wards of the person who is logged in (never of the one acted for), by age.

    Raises RegisterUnavailableError: nobody acts for anybody on yesterday's word.
    """
    with scope(Scope(person=session.person_id)):
        number = identities.person(session.person_id).identity_number
    register, today = REGISTERS[_REGISTER], oslo(request.now)
    answer = register.lookup([number], fields=("barn", "vergehaver"), on=today).get(number)
    if answer is None:
        return []
    basis = {str(c["person"]): "foreldreansvar" for c in _list(answer.values, "barn") if c["foreldreansvar"]}
    basis |= {
        str(ward["person"]): "verge"
        for ward in _list(answer.values, "vergehaver")
        if _ECONOMY in str(ward["omfang"]).lower()
    }
    fields = ("navn", "fødselsdato", "status", "kommune")
    told = register.lookup(list(basis), fields=fields, on=today) if basis else {}
    names = {
        one: str(found.values.get("navn") or "")
        for one, found in told.items()
        if found.values.get("status") != _DEAD
    }
    with transaction.atomic():
        ids = identity.know_persons(names, at=request.now)
    people = [
        Represented(
            ids[one],
            names[one],
            basis[one],
            _date(told[one].values.get("fødselsdato")),
            str(told[one].values.get("kommune") or ""),
        )
        for one in names
    ]
    return sorted(people, key=lambda one: (one.basis, one.born or today, one.name))


def _page(
    request: Request,
    session: SessionView,
    people: Sequence[Represented],
    *,
    away: bool = False,
    refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    enter(request, session)
    asked = request.GET.get("videre") or request.POST.get("videre")
    values = {
        "people": people,
        "away": away,
        "refused": refused,
        "after": safe_next(asked, ""),
        "acting_for": session.acting_for,
    }
    return render(request, "public/represent.html", values, status=status)


def _list(values: Any, field: str) -> list[Any]:
    found = values.get(field)
    return found if isinstance(found, list) else []


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None
