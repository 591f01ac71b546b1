"""What every page of the console shares: the frame, the tabs between its pages, what is out of sight is not there."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from dugnad.access.types import Right, Staff
from dugnad.design.frame import Link
from dugnad.design.texts import t
from dugnad.pages.frame import enter
from dugnad.pages.sessions import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, Staff, P], HttpResponse]
_PAGES = (
    ("console-home", "home", Right.SEE_CONSOLE),
    ("console-jobs", "jobs", Right.SEE_CONSOLE),
    ("console-services", "services", Right.SEE_CONSOLE),
    ("console-roles", "roles", Right.SEE_CONSOLE),
    ("console-log", "log", Right.SEE_AUDIT),
    ("console-states", "states", Right.SEE_CONSOLE),
)


def in_console(view: View[P]) -> View[P]:
    """Enter the page, and answer 404 for what is not in sight."""

    @wraps(view)
    def found(request: Request, member: Staff, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        enter(request, member=member)
        try:
            return view(request, member, *args, **kwargs)
        except LookupError:
            raise Http404 from None

    return found


def show(
    request: Request, member: Staff, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Render a page of the console with its tabs."""
    links = [
        Link(t(f"console.tab.{name}"), reverse(address), request.path == reverse(address))
        for address, name, right in _PAGES
        if member.may(right)
    ]
    return render(request, f"console/{template}", {**context, "tabs": links}, status=status)


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a form (303)."""
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer
