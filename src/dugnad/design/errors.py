"""Error pages: what happened, what to do, and a number that leads us to the log line.

None of them touches the database, the session or the context processors.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from dugnad.design.frame import Routes, color_scheme_of
from dugnad.design.languages import LANGUAGE_COOKIE, resolve_language, speaking

STATUSES: Final = (400, 403, 404, 405, 413, 429, 500, 503)
RETRY_AFTER_SECONDS: Final = {429: 60, 503: 120}


def render_error(request: HttpRequest, status: int, *, incident: str = "", code: str = "") -> HttpResponse:
    """Make the page for a status in `STATUSES`, in the language of the switch or the browser.

    `incident` is the number the log has for it; `code` picks other words than those of the status: `form`
    for a form that came too late. Raises ValueError for a status without a page.
    """
    if status not in STATUSES:
        raise ValueError(f"There is no error page for {status}; there is one for each of {STATUSES}.")
    language = resolve_language(
        request.COOKIES.get(LANGUAGE_COOKIE), accept_language=request.headers.get("Accept-Language")
    )
    template = _jinja().env.get_template("error.html")
    with speaking(language):
        body = template.render(
            key=code or str(status),
            status=status,
            incident=incident,
            routes=Routes(**getattr(settings, "DUGNAD_ROUTES", {})),
            color_scheme=color_scheme_of(request),
        )
    response = HttpResponse(body, status=status)
    response["Content-Language"] = language
    if status in RETRY_AFTER_SECONDS:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    return response


def _jinja() -> Jinja2:
    return next(engine for engine in engines.all() if isinstance(engine, Jinja2))
