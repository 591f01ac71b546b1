"""What an organisation decides on a service's open places: confirm a rate, set a value, go back. Each step a new version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dugnad.access.types import Right, Staff
from dugnad.catalogue import commands
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.queries import TailoringView
from dugnad.catalogue.types import (
    Adopted,
    Change,
    PlaceSet,
    RateConfirmed,
    Restored,
    TailoringChangedError,
    TailoringRefusedError,
)
from dugnad.design.languages import current_language
from dugnad.design.texts import t, texts
from dugnad.pages.console.entering import show
from dugnad.pages.notices import notify
from dugnad.pages.sessions import Request, see_other, staff
from dugnad.pages.staffed import entered
from dugnad.rulebook.rules.words import format_value
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo
from dugnad.tenancy import queries as tenancy

_LONGEST = 300
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_BARE = re.compile(r"[0-9][0-9 \u00a0]*(?:[.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class RateLine:
    """One value of a shared rate whose source the service's owner has not seen.

    `confirmed`: the source the organisation has seen, or "". `in_force`: it counts today; `until`: its last day, if any.
    """

    name: str
    value: str
    unit: str
    law: str
    start: date
    until: date | None
    confirmed: str
    in_force: bool
    address: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """An open place. `decided`: the organisation's own values by day; `stops`: today it stops automation."""

    name: str
    law: str
    unit: str
    bounds: str
    otherwise: str
    choices: tuple[str, ...]
    decided: tuple[tuple[date, str], ...]
    verified: bool
    stops: bool
    address: str


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def overview(request: Request, member: Staff, slug: str) -> HttpResponse:
    """Show what stops automation, what may be decided here, and what has been decided, step by step."""
    adopted = catalogue.adopted(member.organisation_id, slug)
    on = oslo(request.now)
    rates, places = rate_lines(adopted, on), place_lines(adopted, on)
    steps = catalogue.tailorings(member.organisation_id, slug)
    context = {
        "slug": slug,
        "title": adopted.service.info.title[current_language()],
        "rates": rates,
        "places": places,
        "stopping": stopping(rates, places),
        "automatic": adopted.service.info.automatic,
        "history": [(one, _said(one), _back(slug, one.number)) for one in steps],
        "to_nothing": _back(slug, 0),
        "may_decide": member.may(Right.ADOPT_SERVICES, slug),
    }
    return show(request, member, "tailoring.html", context)


@require_http_methods(["GET", "POST"])
@staff(Right.ADOPT_SERVICES)
@entered
def confirm_rate(request: Request, member: Staff, slug: str) -> HttpResponse:
    """Ask which source was seen (GET), then stand for a shared rate (POST)."""
    given = request.POST if request.method == "POST" else request.GET
    adopted = _adopted(member, slug)
    wanted = given.get("sats", ""), given.get("fra", "")
    line = next(
        (
            one
            for one in rate_lines(adopted, oslo(request.now))
            if (one.name, one.start.isoformat()) == wanted
        ),
        None,
    )
    if line is None:
        raise LookupError("no such rate")
    values = {"kilde": given.get("kilde", "").strip()[:_LONGEST]}
    errors = {} if values["kilde"] or request.method == "GET" else {"kilde": t("console.error.source")}
    if request.method == "POST" and not errors:
        change = RateConfirmed(line.name, line.start, values["kilde"])
        answer, errors = _take(request, member, slug, change, "console.rate_confirmed")
        if answer is not None:
            return answer
    return _form(request, member, slug, "confirm_rate.html", {"line": line}, values, errors)


@require_http_methods(["GET", "POST"])
@staff(Right.ADOPT_SERVICES)
@entered
def set_place(request: Request, member: Staff, slug: str) -> HttpResponse:
    """Ask for a value, from when and who decided it (GET), then set an open place (POST)."""
    given = request.POST if request.method == "POST" else request.GET
    adopted = _adopted(member, slug)
    on = oslo(request.now)
    line = next((one for one in place_lines(adopted, on) if one.name == given.get("sted", "")), None)
    if line is None:
        raise LookupError("no such place")
    first = {"verdi": line.otherwise if not line.choices or not line.verified else "", "fra": on.isoformat()}
    values = {
        name: given.get(name, first.get(name, "")).strip()[:_LONGEST]
        for name in ("verdi", "fra", "organ", "saksnummer")
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        answer = None
        change, errors = _read_place(line, values)
        if change is not None:
            answer, errors = _take(request, member, slug, change, "console.place_set")
        if answer is not None:
            return answer
    context = {"line": line, "options": [(one, one) for one in line.choices]}
    return _form(request, member, slug, "set_place.html", context, values, errors)


@require_http_methods(["GET", "POST"])
@staff(Right.ADOPT_SERVICES)
@entered
def restore(request: Request, member: Staff, slug: str) -> HttpResponse:
    """Ask first (GET), then go back to an earlier version (POST): a new version like that one."""
    given = request.POST if request.method == "POST" else request.GET
    _adopted(member, slug)
    typed = given.get("nummer", "")
    number = int(typed) if typed.isdecimal() else -1
    if number:
        catalogue.tailoring(member.organisation_id, slug, number)  # is it there?
    if request.method == "POST":
        answer, _ = _take(request, member, slug, Restored(number), "console.restored")
        return answer or notify(see_other(_overview(slug)), "console.not_restored", "warning")
    context = {
        "title": t("console.restore_title", number=number),
        "text": t("console.restore_text"),
        "action": reverse("console-restore-tailoring", args=[slug]),
        "confirm": t("console.restore_confirm"),
        "cancel": _overview(slug),
        "danger": False,
        "hidden": {"nummer": number, "etter": _newest(member, slug)},
    }
    return render(request, "confirm.html", context)


def rate_lines(adopted: Adopted, on: date) -> list[RateLine]:
    """Return every value whose source nobody has seen, what counts today first, then the newest."""
    seen = adopted.tailoring.seen if adopted.tailoring else {}
    lines = []
    for rate in adopted.service.rates.rates.values():
        now = rate.on(on)
        for at, value in enumerate(rate.values):
            if value.verified:
                continue
            following = rate.values[at + 1].start if at + 1 < len(rate.values) else None
            query = urlencode({"sats": rate.name, "fra": value.start.isoformat()})
            address = f"{reverse('console-confirm-rate', args=[adopted.service.slug])}?{query}"
            lines.append(
                RateLine(
                    name=rate.name,
                    value=format_value(value.value, rate.unit, current_language()),
                    unit=rate.unit,
                    law=rate.law,
                    start=value.start,
                    until=value.until or following,
                    confirmed=seen.get((rate.name, value.start), ""),
                    in_force=value is now,
                    address=address,
                )
            )
    return sorted(lines, key=lambda one: (not one.in_force, -one.start.toordinal()))


def place_lines(adopted: Adopted, on: date) -> list[PlaceLine]:
    """Return the open places, what stops automation first."""
    patch = adopted.tailoring.patch.open if adopted.tailoring else {}
    lines = []
    for name, place in adopted.ruleset.source.open.items():
        decided = tuple((start, text.text) for start, text in patch.get(name, ()))
        query = urlencode({"sted": name})
        lines.append(
            PlaceLine(
                name=name,
                law=place.law,
                unit="" if place.unit in {"number", "fraction"} else place.unit,
                bounds=_bounds([one.text if one else "" for one in (place.at_least, place.at_most)]),
                otherwise=place.otherwise.text,
                choices=place.one_of,
                decided=decided,
                verified=place.verified,
                stops=not place.verified and not any(start <= on for start, _ in decided),
                address=f"{reverse('console-set-place', args=[adopted.service.slug])}?{query}",
            )
        )
    return sorted(lines, key=lambda one: not one.stops)


def stopping(rates: list[RateLine], places: list[PlaceLine]) -> list[str]:
    """Return the names of what stops automation today."""
    names = [one.name for one in rates if one.in_force and not one.confirmed]
    return [*names, *(one.name for one in places if one.stops)]


def _bounds(limits: list[str]) -> str:
    low, high = limits
    if low and high:
        return t("console.between", low=low, high=high)
    if low or high:
        return t("console.at_least", low=low) if low else t("console.at_most", high=high)
    return ""


def _read_place(line: PlaceLine, values: Mapping[str, str]) -> tuple[PlaceSet | None, dict[str, str]]:
    errors: dict[str, str] = {}
    if not values["verdi"]:
        errors["verdi"] = t("console.error.value")
    if not values["organ"]:
        errors["organ"] = t("console.error.body")
    try:
        start = date.fromisoformat(values["fra"])
    except ValueError:
        errors["fra"] = t("console.error.from")
    if errors:
        return None, errors
    value = values["verdi"] if line.choices else _value(values["verdi"], line.unit)
    return PlaceSet(line.name, start, value, values["organ"], values["saksnummer"]), {}


def _value(typed: str, unit: str) -> str:
    """Return what was typed as the rules write it: 1 150 → 1150 kr/måned, 0,44 → 0.44."""
    if _BARE.fullmatch(typed):
        number = re.sub(r"[ \u00a0]", "", typed).replace(",", ".")
        return f"{number} {unit}".strip()
    return _COMMA.sub(".", typed)


def _adopted(member: Staff, slug: str) -> Adopted:
    member.must(Right.ADOPT_SERVICES, slug)
    return catalogue.adopted(member.organisation_id, slug)


def _take(
    request: Request, member: Staff, slug: str, change: Change, said: str
) -> tuple[HttpResponse | None, dict[str, str]]:
    """Take the step; returns the answer, or what is wrong by field."""
    based_on = request.POST.get("etter", "")
    try:
        commands.tailor(
            organisation=(member.organisation_id, tenancy.organisation(member.organisation_id).code),
            service=slug,
            change=change,
            based_on=int(based_on) if based_on.isdecimal() else -1,
            name=member.person_name,
            by=Actor.staff(member.person_id, member.organisation_id),
            at=request.now,
        )
    except TailoringChangedError:
        return None, {"etter": t("console.error.changed")}
    except TailoringRefusedError as error:
        finding = error.findings[0]
        key = f"console.error.finding.{finding.code}"
        field = "verdi" if isinstance(change, PlaceSet) else "kilde"
        return None, {
            field: t(key) if key in texts() else t("console.error.finding.other", what=finding.what)
        }
    return notify(see_other(_overview(slug)), said), {}


def _form(
    request: Request,
    member: Staff,
    slug: str,
    template: str,
    context: Mapping[str, object],
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> HttpResponse:
    known = {
        **context,
        "slug": slug,
        "title": catalogue.adopted(member.organisation_id, slug).service.info.title[current_language()],
        "values": values,
        "error": {**dict.fromkeys((*values, "etter"), ""), **errors},
        "errors": [one for one in errors.items() if one[0] != "etter"],
        "based_on": _newest(member, slug),
    }
    return show(request, member, template, known, status=422 if errors else 200)


def _newest(member: Staff, slug: str) -> int:
    return next((one.number for one in catalogue.tailorings(member.organisation_id, slug)), 0)


def _overview(slug: str) -> str:
    return reverse("console-tailoring", args=[slug])


def _back(slug: str, number: int) -> str:
    return f"{reverse('console-restore-tailoring', args=[slug])}?{urlencode({'nummer': number})}"


_WORDS: Mapping[str, tuple[str, ...]] = {
    "files": (),
    "confirm": ("rate", "source"),
    "set": ("place", "value", "body", "case"),
    "restore": ("to",),
}


def _said(step: TailoringView) -> str:
    """Return what a step did, in words."""
    kind = str(step.change["kind"])
    words = {name: str(step.change.get(name, "")) for name in _WORDS[kind]}
    if "from" in step.change:
        start = date.fromisoformat(str(step.change["from"]))
        words["start"] = format_value(start, "", current_language())
    return t(f"console.step.{kind}", **words)
