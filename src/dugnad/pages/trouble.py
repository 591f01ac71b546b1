"""What a person sees when something goes wrong: always a page that says what happened and what to do."""

import logging
import secrets
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from dugnad.access.types import NotPermittedError
from dugnad.design.errors import render_error

log = logging.getLogger("dugnad.trouble")


class TroubleMiddleware:
    """Turns every exception into a page; the log gets its kind and place, never what the person wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, whatever happens."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            return self.process_exception(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Return the page for an exception of a view (Django calls this)."""
        if isinstance(error, Http404):
            return render_error(request, 404)
        if isinstance(error, NotPermittedError):
            return render_error(request, 403)
        if isinstance(error, RequestDataTooBig | TooManyFilesSent):
            return render_error(request, 413)
        incident = secrets.token_hex(4)
        frame = error.__traceback__
        while frame and frame.tb_next:
            frame = frame.tb_next
        where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
        log.error("incident %s: %s at %s", incident, type(error).__name__, where)
        if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
            return render_error(request, 503, incident=incident)
        return render_error(request, 500, incident=incident)


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
    """Answer what cannot be understood (Django's handler400)."""
    del exception
    return render_error(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw (Django's handler500)."""
    return render_error(request, 500, incident=secrets.token_hex(4))
