"""Who is asking: the session of the request, its scope, and the doors in front of views."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from dugnad.access import queries as access
from dugnad.access.types import NotPermittedError, Right, Staff
from dugnad.catalogue import queries as catalogue
from dugnad.identity import commands as identity
from dugnad.identity import queries as identities
from dugnad.identity.sessions import Verdict, session_cookie
from dugnad.identity.types import Interrupted, SessionView
from dugnad.tenancy.commands import scope, set_scope
from dugnad.tenancy.types import Scope

P = ParamSpec("P")
COOKIE = session_cookie(https=settings.SECURE)
_KEPT_FIELDS = 200


class Request(HttpRequest):
    """A request after the middleware: `session_view` is the live session or None, `now` the time of arrival."""

    session_view: SessionView | None
    expired: bool
    now: datetime


class SessionMiddleware:
    """Finds the session, ends it when it has run out, and keeps a form that came too late."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `session_view`, `expired` and `now` on the request."""
        asked = cast("Request", request)
        asked.now = datetime.now(UTC)
        asked.session_view, asked.expired = None, False
        found = identities.session(request.COOKIES.get(COOKIE["key"]))
        if found is not None:
            verdict = found.rules.verdict(found.times, asked.now)
            if verdict is Verdict.LIVE:
                asked.session_view = found
                if found.rules.must_touch(found.times, asked.now):
                    identity.touch(found, at=asked.now)
            else:
                asked.expired = True
                if verdict is not Verdict.ENDED and request.method == "POST" and not request.FILES:
                    _keep(asked, found)
        return self.get_response(request)


def resident(
    view: Callable[Concatenate[Request, SessionView, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open the door to a logged-in resident only; others go to the login and come back. The view opens its own scope."""

    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asked = cast("Request", request)
        if asked.session_view is None:
            return to_login(asked)
        if asked.session_view.organisation_id is not None:
            raise NotPermittedError(
                Right.SEE_CASES
            )  # at work one is not at home: log in as oneself for Min side
        return view(asked, asked.session_view, *args, **kwargs)

    return door


def staff(
    right: Right,
) -> Callable[
    [Callable[Concatenate[Request, Staff, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Open the door to staff with `right`, inside a scope of their organisation and the services it gives them."""

    def wrap(
        view: Callable[Concatenate[Request, Staff, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("Request", request)
            if asked.session_view is None:
                return to_login(asked)
            with staff_scope(asked, right) as member:
                return view(asked, member, *args, **kwargs)

        return door

    return wrap


@contextmanager
def staff_scope(request: Request, right: Right) -> Iterator[Staff]:
    """One transaction as staff. Raises NotPermittedError for residents and for roles without `right`."""
    session = request.session_view
    if session is None or session.organisation_id is None:
        raise NotPermittedError(right)
    with scope(Scope(organisation=session.organisation_id)):
        member = access.staff(session.person_id, session.person_name, session.organisation_id, at=request.now)
        member.must(right)
        offered = catalogue.services_of(session.organisation_id)
        set_scope(Scope(organisation=session.organisation_id, services=member.services(right, offered)))
        yield member


def resident_scope(session: SessionView) -> Scope:
    """Return the scope of the person whose matters are shown."""
    return Scope(person=session.subject_id)


def to_login(request: Request) -> HttpResponse:
    """Send to the login; come back to this page (for a form: to the page it was on)."""
    after = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"/logg-inn?videre={quote(after)}" + ("&utlopt=1" if request.expired else ""))


def _keep(request: Request, session: SessionView) -> None:
    fields = {
        key: [str(value) for value in request.POST.getlist(key)]
        for key in list(request.POST)[:_KEPT_FIELDS]
        if key != "csrfmiddlewaretoken"
    }
    identity.keep_interrupted(session, Interrupted(request.path, fields), at=request.now)
