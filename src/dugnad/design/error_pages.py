"""Error pages: what happened, what to do, and a number that leads us to the log line.

None of them touches the database, the session or the context processors.
"""

import logging
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from dugnad.design.frame import Routes, color_scheme_of
from dugnad.design.languages import LANGUAGE_COOKIE, current_language, resolve_language, speaking

logger = logging.getLogger(__name__)

STATUSES: Final = (400, 403, 404, 405, 413, 429, 500, 503)
RETRY_AFTER_SECONDS: Final = {429: 60, 503: 120}
# Where the request carries its number, so that log and page agree.
_INCIDENT: Final = "dugnad.incident"
# Letters and digits that nobody mixes up when reading aloud.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def incident_number(request: HttpRequest) -> str:
    """Give what happens to this request a number, such as `K7QW-3MPA`; the same each time it is asked for."""
    number = request.META.get(_INCIDENT)
    if not isinstance(number, str):
        drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        number = f"{drawn[:4]}-{drawn[4:]}"
        request.META[_INCIDENT] = number
    return number


def error_page(request: HttpRequest, status: int, key: str = "") -> HttpResponse:
    """Make the page for a status in `STATUSES`; `key` picks other words than the status, such as `expired`.

    Log `incident_number(request)` beside the cause. Raises ValueError for a status without a page.
    """
    if status not in STATUSES:
        raise ValueError(f"There is no error page for {status}; there is one for each of {STATUSES}.")
    incident = incident_number(request)
    language = resolve_language(
        request.COOKIES.get(LANGUAGE_COOKIE), accept_language=request.headers.get("Accept-Language")
    )
    with speaking(language):
        body = (
            _jinja()
            .env.get_template("error.html")
            .render(
                key=key or str(status),
                status=status,
                incident=incident if status not in {404, 429} else "",
                routes=Routes(**getattr(settings, "DUGNAD_ROUTES", {})),
                color_scheme=color_scheme_of(request),
            )
        )
        response = HttpResponse(body, status=status)
        response["Content-Language"] = current_language()
    response["X-Incident"] = incident
    if status in RETRY_AFTER_SECONDS:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    return response


def _jinja() -> Jinja2:
    return next(engine for engine in engines.all() if isinstance(engine, Jinja2))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives both
    """`handler400`."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives both
    """`handler403`."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives both
    """`handler404`."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: says the incident number in the log, beside the traceback Django writes there."""
    logger.error("Incident %s: the answer was 500", incident_number(request))
    return error_page(request, 500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: most often a page that stood open past its session."""
    logger.warning("Incident %s: a form was refused: %s", incident_number(request), reason)
    return error_page(request, 403, "expired")
