"""The way into a resident's pages: logged in, in the right language, and seeing only what is one's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse

from dugnad.identity.types import SessionView
from dugnad.pages.frame import enter
from dugnad.pages.sessions import Request, resident, resident_scope, to_login
from dugnad.tenancy.commands import in_scope, scope

P = ParamSpec("P")


def at_home(
    view: Callable[Concatenate[Request, SessionView, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open the door to a logged-in resident, with the frame filled. The view opens its own `sight`.

    A request that htmx makes in the background is told to take the whole page to the login, not to put the login into a
    corner of the page.
    """

    @resident
    @wraps(view)
    def inside(request: Request, session: SessionView, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        enter(request, session)
        return view(request, session, *args, **kwargs)

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asked = cast("Request", request)
        if asked.session_view is None and in_background(request):
            login = to_login(asked)
            return HttpResponse(headers={"HX-Redirect": login.headers["Location"]})
        return inside(request, *args, **kwargs)

    return door


@contextmanager
def sight(session: SessionView) -> Iterator[None]:
    """One transaction as the person whose matters are shown; what is not in sight is a page that does not exist.

    Inside another of the same view, it is that one: a view that renders its page in sight has one transaction in all.
    """
    with unseen_is_not_there(), nullcontext() if in_scope() else scope(resident_scope(session)):
        yield


@contextmanager
def unseen_is_not_there() -> Iterator[None]:
    """Answer for what is not in sight as for a page that does not exist."""
    try:
        yield
    except LookupError as error:
        if isinstance(error, KeyError | IndexError):  # a fault of ours, not a row out of sight
            raise
        raise Http404 from None


def in_background(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"
