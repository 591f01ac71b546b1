"""Who is asking: the session of the request, its scope, and the doors in front of views."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from dugnad.access import queries as access
from dugnad.access.types import NotPermittedError, Right, Staff
from dugnad.catalogue import queries as catalogue
from dugnad.design.errors import render_error
from dugnad.identity import commands as identity
from dugnad.identity import queries as identities
from dugnad.identity.sessions import Verdict, safe_next, session_cookie
from dugnad.identity.types import Interrupted, SessionView
from dugnad.pages import limits, notices, trouble
from dugnad.pages.request import Request
from dugnad.tenancy.commands import scope, set_scope
from dugnad.tenancy.types import Scope

__all__ = [
    "COOKIE",
    "Request",
    "SessionMiddleware",
    "forget_cookie",
    "resident",
    "resident_scope",
    "see_other",
    "set_cookie",
    "staff",
    "staff_scope",
    "to_login",
]

P = ParamSpec("P")
COOKIE = session_cookie(https=settings.SECURE)
_KEPT_FIELDS = 200
_KEPT_CHARACTERS = 200_000


class SessionMiddleware:
    """Finds the session, and notices one that has run out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set what `Request` promises, and answer."""
        asked = cast("Request", request)
        asked.now = datetime.now(UTC)
        asked.session_view, asked.ran_out = None, None
        asked.expired, asked.notices_shown = False, False
        try:
            _find(asked)
        except Exception as error:  # noqa: BLE001 - Django would turn it into a bare 500 or 400 here
            return trouble.answer(request, error)
        response = self.get_response(request)
        if asked.notices_shown:
            notices.forget(response)
        return response


def resident(
    view: Callable[Concatenate[Request, SessionView, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open the door to a logged-in resident only; others go to the login and come back. The view opens its own scope.

    One who is at work is told to log in as oneself: at work one is not at home.
    """

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asked = cast("Request", request)
        if asked.session_view is None:
            return to_login(asked)
        if limits.exceeded_by_form(asked):
            return render_error(asked, 429)
        if asked.session_view.organisation_id is not None:
            return trouble.wrong_hat(asked)
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
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("Request", request)
            if asked.session_view is None:
                return to_login(asked)
            if limits.exceeded_by_form(asked):
                return render_error(asked, 429)
            if asked.session_view.organisation_id is None:
                return trouble.wrong_hat(asked)
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
    """Send to the login; come back to this page, for a form to the page it was on, with what was typed.

    Only what a door turned away is kept, after its CSRF token was found right: no login form, no forged one. Not what was
    sent after logging out either: on a shared machine the next one must not find it.
    """
    if request.method == "POST" and request.ran_out is not None and not request.FILES:
        _keep(request, request.ran_out)
    after = request.get_full_path() if request.method == "GET" else page_of_form(request)
    return HttpResponseRedirect(
        f"/logg-inn?videre={quote(after, safe='/')}" + ("&utlopt=1" if request.expired else "")
    )


def see_other(address: str) -> HttpResponse:
    """Redirect after a POST: the browser gets the next page with GET (RFC 9110, 15.4.4)."""
    return HttpResponseRedirect(address, status=303)


def set_cookie(response: HttpResponse, cookie: str) -> None:
    """Give the browser its session."""
    key, *_ = COOKIE.values()
    response.set_cookie(str(key), cookie, **{name: value for name, value in COOKIE.items() if name != "key"})  # type: ignore[arg-type]  # the TypedDict has set_cookie's own names


def forget_cookie(response: HttpResponse) -> None:
    """Take the session's cookie from the browser."""
    response.delete_cookie(COOKIE["key"], path=COOKIE["path"], samesite="Lax")


def page_of_form(request: HttpRequest) -> str:
    """Return the path of the page a form stood on: the referring page of this site, else where it was sent."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    same = referrer.netloc == request.get_host()
    return safe_next(referrer.path if same else request.path, request.path)


def _find(request: Request) -> None:
    found = identities.session(request.COOKIES.get(COOKIE["key"]))
    if found is None:
        return
    verdict = found.rules.verdict(found.times, request.now)
    if verdict is Verdict.LIVE:
        request.session_view = found
        if found.rules.must_touch(found.times, request.now):
            identity.touch(found, at=request.now)
        return
    request.expired = True
    if verdict is not Verdict.ENDED:
        request.ran_out = found


def _keep(request: Request, session: SessionView) -> None:
    fields = {
        key: [str(value) for value in request.POST.getlist(key)]
        for key in list(request.POST)[:_KEPT_FIELDS]
        if key != "csrfmiddlewaretoken"
    }
    if sum(len(value) for values in fields.values() for value in values) > _KEPT_CHARACTERS:
        return
    identity.keep_interrupted(session, Interrupted(page_of_form(request), fields), at=request.now)
