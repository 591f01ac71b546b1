"""The desk's list: what needs a person, the nearest deadline first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dugnad.access.types import Right, Staff
from dugnad.cases import commands as cases
from dugnad.cases import queries
from dugnad.cases.types import ON_DESK, DeskFilter, Page
from dugnad.catalogue import queries as catalogue
from dugnad.design.frame import Link
from dugnad.design.languages import current_language
from dugnad.design.texts import t
from dugnad.pages.desk.acting import acting, uuid_of
from dugnad.pages.notices import notify
from dugnad.pages.sessions import Request, see_other, staff
from dugnad.pages.staffed import entered
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo

SOON_DAYS = 5
_PARAMETERS = {"status": "status", "service": "tjeneste", "kind": "type", "assigned": "hvem", "stop": "stopp"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in words and colour; never colour alone."""

    on: date
    words: str
    kind: str  # neutral, warning, danger


def deadline(due: date, today: date) -> Deadline:
    """Say how long is left, or how long ago it was due."""
    left = (due - today).days
    if left < 0:
        return Deadline(due, t("desk.overdue", count=-left), "danger")
    if left == 0:
        return Deadline(due, t("desk.due_today"), "warning")
    return Deadline(due, t("desk.days_left", count=left), "warning" if left <= SOON_DAYS else "neutral")


@require_GET
@staff(Right.SEE_CASES)
@entered
def list_page(request: Request, member: Staff) -> HttpResponse:
    """Show a page of the list; the filter is in the address, so that it can be kept as a bookmark."""
    wanted, after = _filter(request.GET), request.GET.get("etter", "")
    services = _services(member)
    try:
        page = queries.desk(member.organisation_id, tuple(services), wanted, me=member.person_id, after=after)
    except ValueError:  # a cursor that is none of ours: begin at the beginning
        page, after = queries.desk(member.organisation_id, tuple(services), wanted, me=member.person_id), ""
    return _answer(request, member, services, wanted, page, paged=bool(after))


@require_POST
@staff(Right.SEE_CASES)
@entered
def search(request: Request, member: Staff) -> HttpResponse:
    """Find cases by number or the beginning of a name. A POST: a name is personal data and belongs in no address."""
    wanted = DeskFilter(text=request.POST.get("sok", "").strip()[:100])
    if not wanted.text:
        return see_other(reverse("desk-list"))
    services = _services(member)
    after = request.POST.get("etter", "")
    try:
        page = queries.desk(member.organisation_id, tuple(services), wanted, me=member.person_id, after=after)
    except ValueError:
        page = queries.desk(member.organisation_id, tuple(services), wanted, me=member.person_id)
    return _answer(request, member, services, wanted, page, paged=bool(after))


@require_POST
@staff(Right.HANDLE_CASES)
@entered
def take(request: Request, member: Staff) -> HttpResponse:
    """Take a case and open it; one a colleague has taken meanwhile is taken over only from its own page."""
    case_id = uuid_of(request.POST.get("ta", ""))
    case = queries.case(case_id)
    member.must(Right.HANDLE_CASES, case.service)
    if case.assigned_to not in {None, member.person_id} and not request.POST.get("over"):
        return notify(see_other(reverse("desk-case", args=[case_id])), "desk.done.taken_already", "info")
    by = Actor.staff(member.person_id, member.organisation_id)
    with acting():
        cases.assign(
            case_id=case_id, person_id=member.person_id, name=member.person_name, by=by, at=request.now
        )
    return see_other(reverse("desk-case", args=[case_id]))


def _answer(
    request: Request, member: Staff, services: dict[str, str], wanted: DeskFilter, page: Page, *, paged: bool
) -> HttpResponse:
    today = oslo(request.now)
    counts = queries.desk_counts(member.organisation_id, me=member.person_id)
    context = {
        "lines": [(line, deadline(line.due, today)) for line in page.lines],
        "services": services,
        "wanted": wanted,
        "filtered": bool(wanted.status or wanted.service or wanted.kind or wanted.stop),
        "statuses": [(one, t(f"desk.status.{one}")) for one in sorted(ON_DESK)],
        "stops": _stops(member, services),
        "tabs": [
            Link(t(f"desk.tab.{name}"), address(wanted, assigned=value), wanted.assigned == value, count)
            for name, value, count in (
                ("all", "", counts.all),
                ("mine", "me", counts.mine),
                ("unassigned", "none", counts.unassigned),
            )
        ],
        "next": page.next if wanted.text else address(wanted, etter=page.next) if page.next else "",
        "first": address(wanted) if paged else "",
        "me": member.person_id,
        "may_handle": member.may(Right.HANDLE_CASES),
    }
    return render(request, "desk/list.html", context)


def address(wanted: DeskFilter, *, etter: str = "", assigned: str | None = None) -> str:
    """Return the list's address with its filter; never the search text."""
    values = asdict(wanted) | ({"assigned": assigned} if assigned is not None else {})
    pairs = [(parameter, values[name]) for name, parameter in _PARAMETERS.items() if values[name]]
    query = urlencode([*pairs, ("etter", etter)] if etter else pairs)
    return reverse("desk-list") + (f"?{query}" if query else "")


def _filter(given: Mapping[str, str]) -> DeskFilter:
    def of(name: str, allowed: tuple[str, ...]) -> str:
        value = given.get(_PARAMETERS[name], "")
        return value if value in allowed else ""

    return DeskFilter(
        status=of("status", tuple(ON_DESK)),
        service=given.get("tjeneste", "")[:80],
        kind=of("kind", ("application", "appeal")),
        assigned=of("assigned", ("me", "none")),
        stop=given.get("stopp", "")[:120],
    )


def _services(member: Staff) -> dict[str, str]:
    """Return the services this person sees cases of, with their titles."""
    offered = catalogue.services_of(member.organisation_id)
    language = current_language()
    return {
        slug: catalogue.adopted(member.organisation_id, slug).service.info.title[language]
        for slug in member.services(Right.SEE_CASES, offered)
    }


def _stops(member: Staff, services: dict[str, str]) -> list[tuple[str, str]]:
    names = {"klage", "opplysning bestridt", "opplysning mangler"}
    for slug in services:
        adopted = catalogue.adopted(member.organisation_id, slug)
        names |= {stop.name for stop in adopted.ruleset.source.stops}
    return [(name, name[:1].upper() + name[1:]) for name in sorted(names)]
