"""How often one may try: login, forms, uploads. Too often is answered with 429 and the page that says to wait a minute.

A fixed window counted in PostgreSQL, in an unlogged table (`identity.commands.count_attempt`). Counts kept in each process
would be let out again by every further process and machine; PostgreSQL is the one thing they all share, the count costs
one small write on requests that write anyway, and where it is away no login can succeed either. The key is a
digest of address or session with a salt that changes every day, so the table tells nothing of anybody.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dugnad.design.errors import render_error
from dugnad.identity import commands as identity
from dugnad.pages.proxies import limit_address
from dugnad.pages.request import Request
from dugnad.shared.calendar import oslo

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` times within `window`; by session where there is one and `by_session`, else by address."""

    most: int
    window: timedelta
    by_session: bool = True


class Limit(Enum):
    """What is limited. A whole office may share one address, so logins by address are generous."""

    LOGIN = Rate(120, timedelta(minutes=1), by_session=False)
    FORM = Rate(120, timedelta(minutes=1))
    UPLOAD = Rate(30, timedelta(minutes=1))


def exceeded(request: Request, limit: Limit) -> bool:
    """Count this request and say whether it is one too many. `settings.LIMIT_FACTOR` (default 1) widens all limits."""
    rate: Rate = limit.value
    count = identity.count_attempt(_key(request, limit), window=rate.window, at=request.now)
    return count > _most(rate)


def exceeded_by_form(request: Request) -> bool:
    """Count a request of a logged-in person if it changes something; reading is not limited."""
    if request.method != "POST":
        return False
    upload = request.content_type == "multipart/form-data"
    return exceeded(request, Limit.UPLOAD if upload else Limit.FORM)


def limited(
    limit: Limit,
) -> Callable[
    [Callable[Concatenate[Request, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Limit a view that needs no session. (`resident` and `staff` limit theirs themselves.)"""

    def wrap(
        view: Callable[Concatenate[Request, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("Request", request)
            if exceeded(asked, limit):
                return render_error(asked, 429)
            return view(asked, *args, **kwargs)

        return door

    return wrap


def _most(rate: Rate) -> float:
    return rate.most * float(getattr(settings, "LIMIT_FACTOR", 1))


def _key(request: Request, limit: Limit) -> str:
    session = request.session_view if limit.value.by_session else None
    who = str(session.id) if session else limit_address(request)
    salt = hmac.digest(settings.SECRET_KEY.encode(), oslo(request.now).isoformat().encode(), "sha256")
    return sha256(salt + f"{limit.name}\0{who}".encode()).hexdigest()
