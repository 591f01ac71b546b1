"""Pages about the site, what machines ask of it, and the demonstration's outgoing e-mail."""

import logging

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from dugnad.audit import queries as audit
from dugnad.connectors.epost.catcher import caught
from dugnad.design.environment import static
from dugnad.identity.sessions import RESIDENT, STAFF
from dugnad.jobs import queries as jobs
from dugnad.pages.frame import enter
from dugnad.pages.request import Request

log = logging.getLogger("dugnad.health")
_DAY = 86_400
_NOT_FOR_ROBOTS = (
    "/min-side",
    "/soknad",
    "/saker",
    "/konsoll",
    "/logg-inn",
    "/logg-ut",
    "/utboks",
    "/simulator",
)


@require_safe
def privacy(request: Request) -> HttpResponse:
    """Say what is known about a person here, why, and for how long."""
    enter(request)
    values = {
        "minutes": int(RESIDENT.idle.total_seconds() // 60),
        "hours": int(RESIDENT.absolute.total_seconds() // 3600),
        "staff_hours": int(STAFF.absolute.total_seconds() // 3600),
        "demo": is_demonstration(),
    }
    return render(request, "public/privacy.html", values)


@require_safe
def accessibility(request: Request) -> HttpResponse:
    """State honestly how accessible the pages are (forskrift om universell utforming av IKT-løsninger § 4 a)."""
    enter(request)
    return render(request, "public/accessibility.html")


@require_safe
def contact(request: Request) -> HttpResponse:
    """Say whom to turn to."""
    enter(request)
    return render(request, "public/contact.html", {"demo": is_demonstration()})


@require_safe
def outbox(request: Request) -> HttpResponse:
    """Show the e-mails the demonstration would have sent. There is no such page where mail goes to people."""
    if not is_demonstration():
        raise Http404
    enter(request)
    return render(request, "public/outbox.html", {"mails": caught(settings.HOME / "outbox")})


@require_safe
def health(_request: Request) -> HttpResponse:
    """Tell a monitor whether database, worker and log are well: 200, or 503 with what is not."""
    found = {"database": False, "worker": False, "log": False}
    try:
        found["worker"] = jobs.health().workers > 0
        found["database"] = True
        found["log"] = audit.links_hold()
    except (Error, PoolTimeout) as error:
        log.warning("health: %s", type(error).__name__)
    well = all(found.values())
    answer = {"ok": well, **{name: "ok" if good else "away" for name, good in found.items()}}
    return JsonResponse(answer, status=200 if well else 503)


@require_safe
def robots(_request: Request) -> HttpResponse:
    """Keep search engines to the open pages."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS)]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={_DAY}"},
    )


@require_safe
def favicon(_request: Request) -> HttpResponse:
    """Send browsers that ask for the old address to the icon."""
    return HttpResponsePermanentRedirect(static("dugnad.svg"))


def is_demonstration() -> bool:
    """Say whether this is the demonstration on one's own machine: no https, and a mail server that delivers to nobody."""
    here = ("127.0.0.1", "localhost")
    return (
        not settings.SECURE and settings.SMTP_HOST in here and any(name in settings.ORIGIN for name in here)
    )
