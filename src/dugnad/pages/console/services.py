"""Services of the organisation: which version, what is tailored, which rates, and the rules as a readable page."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from dugnad.access.types import Right, Staff
from dugnad.cases.types import TRANSITIONS, Status
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted
from dugnad.design.languages import current_language
from dugnad.design.texts import t
from dugnad.pages.console.entering import show
from dugnad.pages.console.rules import step_pages
from dugnad.pages.console.tailoring import place_lines, rate_lines, stopping
from dugnad.pages.sessions import Request, staff
from dugnad.pages.staffed import entered
from dugnad.rulebook.rules.words import format_value
from dugnad.shared.calendar import oslo


@dataclass(frozen=True, slots=True)
class RateLine:
    """A rate on a day: its value in words, since when, from which source, and whether anyone has seen the source."""

    name: str
    value: str
    law: str
    start: date | None
    source: str
    verified: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open place: what the service says, what the organisation has decided."""

    name: str
    law: str
    otherwise: str
    bounds: str
    decided: tuple[tuple[date, str], ...]
    verified: bool


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def adoption_list(request: Request, member: Staff) -> HttpResponse:
    """Show which services the organisation uses, in which edition, since when, by whom."""
    language = current_language()
    found = [
        (one, catalogue.by_edition(one.edition).service.info.title[language], _newest(one.service))
        for one in catalogue.adoptions(organisation_id=member.organisation_id)
    ]
    return show(request, member, "services.html", {"adoptions": found})


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def service_page(request: Request, member: Staff, slug: str) -> HttpResponse:
    """Show one service: tailoring, rates, control points, rules, versions."""
    adopted = catalogue.adopted(member.organisation_id, slug)
    on = oslo(request.now)
    language = current_language()
    context = {
        "info": adopted.service.info,
        "title": adopted.service.info.title[language],
        "edition": adopted.edition,
        "version": adopted.service.version,
        "tailoring": adopted.tailoring,
        "decided_by": dict(adopted.tailoring.decided_by) if adopted.tailoring else {},
        "rates": _rates(adopted, on),
        "open": _open(adopted),
        "stops": [(stop, stop.why.get(language, "")) for stop in adopted.ruleset.source.stops],
        "steps": step_pages(adopted, language),
        "versions": catalogue.versions(slug),
        "on": on,
        "stopping": stopping(rate_lines(adopted, on), place_lines(adopted, on)),
    }
    return show(request, member, "service.html", context)


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def states(request: Request, member: Staff) -> HttpResponse:
    """Show how a case may go: from where, by what act, to where."""
    rows = [
        (t(f"desk.status.{start}"), t(f"console.act.{act}"), t(f"desk.status.{end}"))
        for (start, act), end in TRANSITIONS.items()
    ]
    return show(request, member, "states.html", {"rows": rows, "count": len(Status)})


def _newest(slug: str) -> int:
    return max((one.number for one in catalogue.versions(slug)), default=0)


def _rates(adopted: Adopted, on: date) -> list[RateLine]:
    language, shared = current_language(), adopted.service.rates.on(on)
    lines = []
    for name, value in adopted.ruleset.rates.on(on).items():
        rate, original = adopted.service.rates.rates[name], shared.get(name)
        lines.append(
            RateLine(
                name=name,
                value=format_value(value.value, rate.unit, language) if value else "",
                law=rate.law,
                start=value.start if value else None,
                source=value.source if value else "",
                verified=bool(original and original.verified),
                confirmed=bool(value and value.verified and original and not original.verified),
            )
        )
    return lines


def _open(adopted: Adopted) -> list[OpenLine]:
    patch = adopted.tailoring.patch.open if adopted.tailoring else {}
    return [
        OpenLine(
            name=name,
            law=place.law,
            otherwise=place.otherwise.text,
            bounds=" – ".join(one.text for one in (place.at_least, place.at_most) if one)
            or ", ".join(place.one_of),
            decided=tuple((start, text.text) for start, text in patch.get(name, ())),
            verified=place.verified,
        )
        for name, place in adopted.ruleset.source.open.items()
    ]
