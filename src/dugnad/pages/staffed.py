"""What every page for staff shares: it is entered first, and what is out of sight is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from dugnad.access.types import Staff
from dugnad.pages.frame import enter
from dugnad.pages.sessions import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, Staff, P], HttpResponse]


def entered(view: View[P]) -> View[P]:
    """Enter the page, and answer 404 for what is not in sight: another organisation's case is like one that does not exist."""

    @wraps(view)
    def found(request: Request, member: Staff, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        enter(request, member=member)
        try:
            return view(request, member, *args, **kwargs)
        except LookupError:
            raise Http404 from None

    return found
