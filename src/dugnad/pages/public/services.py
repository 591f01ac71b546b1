"""The front page, the list of services with its search, and the page of one service. Open to all, the same for all."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Fact, LoadedService, ServiceInfo, Texts
from dugnad.design.languages import current_language
from dugnad.design.texts import t, texts
from dugnad.facts.types import SOURCES_WITHOUT_REGISTER
from dugnad.pages.frame import enter
from dugnad.pages.public.searching import find
from dugnad.pages.request import Request
from dugnad.tenancy import queries as tenancy

# The seven life events of Los (psi.norge.no/los, NLOD 2.0), by the last part of their address there.
LIFE_EVENTS: Final = (
    "fa-barn",
    "alvorlig-sykt-barn",
    "miste-og-finne-jobb",
    "ny-i-norge",
    "dodsfall-og-arv",
    "starte-og-drive-bedrift",
    "starte-og-drive-frivillig-organisasjon",
)
_PUBLIC_SECONDS = 300
_FEW = 12
_PERIOD = re.compile(r"(\d+) (day|week|month|year)s?")
_FORSKRIFT = re.compile(r"FOR-(\d{4}-\d{2}-\d{2}-\d+)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is fetched from one register, and the sections of law that allow it."""

    register: str
    facts: tuple[str, ...]
    laws: str


@require_safe
def front(request: Request) -> HttpResponse:
    """Show what one can do here."""
    enter(request)
    services = catalogue.services()
    events = [(slug, sum(slug in one.life_events for one in services)) for slug in LIFE_EVENTS]
    values = {"services": services[:_FEW], "events": [event for event in events if event[1]], "said": said}
    return _open_to_all(request, render(request, "public/front.html", values))


@require_safe
def list_services(request: Request) -> HttpResponse:
    """Show every service, those that fit a search, or those of a life event."""
    enter(request)
    asked = request.GET.get("q", "").strip()[:100]
    event = request.GET.get("hendelse", "")
    services = find(catalogue.services(), asked)
    if event in LIFE_EVENTS:
        services = [one for one in services if event in one.life_events]
    values = {
        "services": services,
        "asked": asked,
        "event": event if event in LIFE_EVENTS else "",
        "said": said,
        "offered": offered_by,
    }
    return _open_to_all(request, render(request, "public/services.html", values))


@require_safe
def service_page(request: Request, slug: str) -> HttpResponse:
    """Show what a service gives, to whom, from which registers it knows, how it decides and how to appeal."""
    try:
        service = catalogue.newest(slug)
    except LookupError:
        raise Http404 from None
    enter(request)
    offers, everyone = _offers(slug, int(time.monotonic() / 60))
    values = {
        "service": service,
        "info": service.info,
        "said": said,
        "offered": offered_by(service.info),
        "fetched": fetched(service),
        "asks": [said(question.label) for page in service.pages for question in page.asks],
        "stops": [(said(stop.why), stop.law) for stop in service.source.stops if stop.why],
        "answer_within": period(service.info.answer_within),
        "appeal_within": period(service.info.appeal_within),
        "appeal_to": _appeal_body(service.info.appeal_to),
        "kept": [
            (_word("public.kept.", what), period(how_long)) for what, how_long in service.info.kept.items()
        ],
        "law_link": lovdata(service.info.law),
        "offers": len(offers),
        "everyone": everyone,
        "names": [tenancy.organisation(one).name_in(current_language()) for one in offers[:_FEW]],
        "may_start": request.session_view is not None and request.session_view.organisation_id is None,
    }
    return _open_to_all(request, render(request, "public/service.html", values))


def said(wording: Texts) -> str:
    """Return a text of a service in the language being spoken; bokmål where it has none."""
    return wording.get(current_language()) or wording.get("nb", "")


def offered_by(info: ServiceInfo) -> str:
    """Return who offers the service, in words."""
    return _word("public.offered.", info.offered_by)


def period(written: str) -> str:
    """Return `3 weeks` of a service file in the language being spoken; as written where it is no such period."""
    found = _PERIOD.fullmatch(written)
    return t(f"public.period.{found[2]}", count=int(found[1])) if found else written


def lovdata(law: str) -> str:
    """Return the address of a regulation at Lovdata; empty for what is not written as one."""
    found = _FORSKRIFT.match(law)
    return f"https://lovdata.no/dokument/SF/forskrift/{found[1]}" if found else ""


def fetched(service: LoadedService) -> list[Fetched]:
    """Return what the service fetches, register by register; what is fetched but never shown is named too."""
    by_register: dict[str, dict[str, str]] = {}
    for fact in service.book.facts.values():
        if fact.source and fact.source not in SOURCES_WITHOUT_REGISTER and fact.attribute != "person":
            by_register.setdefault(fact.source, {}).setdefault(_name(fact), fact.law)
    return [
        Fetched(_word("public.register.", register), tuple(facts), _listed(facts))
        for register, facts in by_register.items()
    ]


def _name(fact: Fact) -> str:
    name = said(fact.label) if fact.label else fact.attribute or fact.name
    return name[:1].upper() + name[1:]


def _listed(facts: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(law for law in facts.values() if law))


def _appeal_body(to: str) -> str:
    """Return the kind of body that decides appeals, or the state body's name."""
    if f"public.body.{to}" in texts():
        return t(f"public.body.{to}")
    return tenancy.organisation_by_code(to).name_in(current_language())


def _word(beginning: str, name: str) -> str:
    key = beginning + name
    return t(key) if key in texts() else name


@lru_cache(maxsize=256)
def _offers(service: str, minute: int) -> tuple[tuple[UUID, ...], bool]:
    """Return who has taken the service into use, and whether that is every municipality; seen anew each minute."""
    del minute
    offers = tuple(one.organisation_id for one in catalogue.adoptions(service))
    return offers, {one.id for one in tenancy.organisations(kind="kommune")} <= set(offers)


def _open_to_all(request: Request, response: HttpResponse) -> HttpResponse:
    """Let caches keep the page of one who is not logged in and to whom nothing is said."""
    if request.session_view is None and not request.notices_shown:
        response.headers["Cache-Control"] = f"public, max-age={_PUBLIC_SECONDS}"
    return response
