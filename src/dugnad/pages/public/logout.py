"""Log out: here, everywhere, and when the eID provider says that its session is over."""

from datetime import timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from dugnad.identity import commands as identity
from dugnad.identity import queries as identities
from dugnad.identity.commands import LoginReplayedError
from dugnad.identity.ports import EidLogout, EidRefusedError, EidUnavailableError, Ports
from dugnad.identity.sessions import RESIDENT, STAFF
from dugnad.identity.types import SessionLine, SessionView
from dugnad.pages.frame import enter
from dugnad.pages.limits import Limit, limited
from dugnad.pages.public.login import origin_of
from dugnad.pages.request import Request
from dugnad.pages.sessions import forget_cookie, resident, see_other
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

GOODBYE: Final = "/logget-ut"


@require_POST
def logout(request: Request) -> HttpResponse:
    """End this session (or, with `alle`, every one of the person), and the eID provider's own with it."""
    session = request.session_view
    if session is None:
        return _forgetful(see_other(GOODBYE))
    identity.log_out(session, at=request.now, everywhere=request.POST.get("alle") == "1")
    try:
        goodbye = Ports.eid.end_session_url(
            sid=session.eid_session, return_to=origin_of(request) + GOODBYE, state="", at=request.now
        )
    except EidUnavailableError:
        goodbye = GOODBYE  # ours is ended in any case
    return _forgetful(see_other(goodbye))


@require_GET
def goodbye(request: Request) -> HttpResponse:
    """Say that one is logged out."""
    enter(request)
    return render(request, "public/logged_out.html")


@require_GET
@resident
def devices(request: Request, session: SessionView) -> HttpResponse:
    """List the person's live sessions, with a button that ends them all."""
    with scope(Scope(person=session.person_id)):
        lines = identities.live_sessions(
            session.person_id, this=session.id, since=request.now - max(RESIDENT.idle, STAFF.idle)
        )
    enter(request, session)
    alive = [line for line in lines if _still_alive(line, request)]
    return render(request, "public/devices.html", {"lines": alive})


def _still_alive(line: SessionLine, request: Request) -> bool:
    longest: timedelta = (STAFF if line.at_work else RESIDENT).absolute
    return request.now - line.started_at < longest


@require_GET
def frontchannel(request: Request) -> HttpResponse:
    """Take the notice in the hidden frame the eID provider shows when one logs out there (OIDC Front-Channel Logout)."""
    try:
        ended = Ports.eid.frontchannel_logout(query=request.GET.dict(), at=request.now)
    except EidRefusedError:
        return HttpResponse(status=400)
    return _end(ended, request, replayed=200)


@csrf_exempt  # the provider's server calls; its signature on the token is the proof
@require_POST
@limited(Limit.LOGIN)
def backchannel(request: Request) -> HttpResponse:
    """Take the signed notice the eID provider's server sends (OIDC Back-Channel Logout 1.0, 2.5)."""
    try:
        ended = Ports.eid.backchannel_logout(
            logout_token=request.POST.get("logout_token", ""), at=request.now
        )
    except EidRefusedError:
        return HttpResponse(status=400)
    except EidUnavailableError:
        return HttpResponse(status=503)
    return _end(ended, request, replayed=400)


def _end(ended: EidLogout, request: Request, *, replayed: int) -> HttpResponse:
    try:
        identity.end_eid_session(ended.sid, notice_id=ended.notice_id, at=request.now)
    except LoginReplayedError:
        return HttpResponse(status=replayed)
    return HttpResponse(status=200)


def _forgetful(response: HttpResponse) -> HttpResponse:
    forget_cookie(response)
    return response
