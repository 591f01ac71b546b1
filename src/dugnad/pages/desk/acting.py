"""What every page of the desk shares: what is out of sight is not there, and an act is done whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect

from dugnad.access.types import Staff
from dugnad.pages.frame import enter
from dugnad.pages.sessions import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, Staff, P], HttpResponse]


def at_desk(view: View[P]) -> View[P]:
    """Enter the page, and answer 404 for what is not in sight: another organisation's case is like one that does not exist."""

    @wraps(view)
    def found(request: Request, member: Staff, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        enter(request, member=member)
        try:
            return view(request, member, *args, **kwargs)
        except LookupError:
            raise Http404 from None

    return found


@contextmanager
def acting() -> Iterator[None]:
    """Do one act whole: where it is refused half-way, what it had written is taken back before the page answers."""
    with transaction.atomic():
        yield


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a form (303), so that a reload repeats nothing."""
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer


def uuid_of(text: str) -> UUID:
    """Read an id from a form. Raises LookupError for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise LookupError("no id") from None
