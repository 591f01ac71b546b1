"""What a person sees when something goes wrong: always a page that says what happened and what to do."""

import logging
import secrets
import sys
import traceback
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg_pool import PoolTimeout

from dugnad.access.types import NotPermittedError
from dugnad.design.errors import render_error
from dugnad.pages.frame import enter
from dugnad.pages.request import Request

log = logging.getLogger("dugnad.trouble")

_TOO_MUCH = (RequestDataTooBig, TooManyFilesSent)
_AWAY = (OperationalError, InterfaceError, PoolTimeout)
_CHUNK = 64 * 1024
_MOST_DRAINED = 512 * 1024 * 1024


class TroubleMiddleware:
    """Turns every exception into a page; the log gets its kind and place, never what the person wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, whatever happens; refuse one that says of itself that it is too large."""
        if _declared_length(request) > _most_bytes():
            _drain(request)
            return render_error(request, 413)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:  # noqa: PLR2004 - Django's bare answer to a wrong method
            page = render_error(request, 405)
            page.headers["Allow"] = response.headers.get("Allow", "")
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Return the page for an exception of a view (Django calls this)."""
        return answer(request, error)


def answer(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Return the page for an exception, and log the kind and place of one that is our own fault."""
    if isinstance(error, Http404):
        return render_error(request, 404)
    if isinstance(error, NotPermittedError):
        return render_error(request, 403)
    if isinstance(error, _TOO_MUCH):
        return render_error(request, 413)
    if isinstance(error, SuspiciousOperation):
        return render_error(request, 400)
    incident = secrets.token_hex(4)
    log.error("incident %s: %s at %s", incident, type(error).__name__, _place(error))
    return render_error(request, 503 if isinstance(error, _AWAY) else 500, incident=incident)


def _place(error: BaseException) -> str:
    """Return the last line of our own that the exception passed, and where it was raised: places only, no values."""
    places = [f"{frame.f_code.co_filename}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [place for place in places if "/dugnad/" in place]
    return " < ".join(dict.fromkeys([*places[-1:], *own[-1:]])) or "?"


def wrong_hat(request: Request) -> HttpResponse:
    """Answer one who is at work and asks for a resident's page, or the other way round: log in as the other."""
    enter(request)
    session = request.session_view
    at_home = session is not None and session.organisation_id is None
    return render(request, "public/wrong_hat.html", {"at_home": at_home, "after": request.path}, status=403)


def forged_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid CSRF token (Django calls this)."""
    log.warning("form refused: %s", reason)
    return render_error(request, 403, code="form")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist (Django's handler404)."""
    del exception
    return render_error(request, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not permitted (Django's handler403)."""
    del exception
    return render_error(request, 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood, or is too much (Django's handler400)."""
    return render_error(request, 413 if isinstance(exception, _TOO_MUCH) else 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw (Django's handler500, called while the exception is at hand)."""
    error = sys.exc_info()[1]
    return answer(request, error) if error is not None else render_error(request, 500)


def _declared_length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return int(length) if length.isdecimal() else 0


def _most_bytes() -> int:
    return int(settings.ATTACHMENT_LIMIT_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _drain(request: HttpRequest) -> None:
    """Read and drop what comes, up to half a gigabyte: a browser shows our page only once it has sent its file."""
    left = min(_declared_length(request), _MOST_DRAINED)
    while left > 0:
        chunk = request.read(min(_CHUNK, left))
        if not chunk:
            return
        left -= len(chunk)
