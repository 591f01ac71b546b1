"""Who holds which role in the organisation; an administrator gives and takes roles, never one's own."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dugnad.access import commands, queries
from dugnad.access.types import AssignmentView, Right, Role, Staff
from dugnad.catalogue import queries as catalogue
from dugnad.design.languages import current_language
from dugnad.design.texts import t
from dugnad.pages.console.entering import show
from dugnad.pages.notices import notify
from dugnad.pages.sessions import Request, see_other, staff
from dugnad.pages.staffed import entered
from dugnad.shared.actor import Actor


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def role_list(request: Request, member: Staff) -> HttpResponse:
    """Show all roles in the organisation."""
    return _roles(request, member, {}, {})


@require_POST
@staff(Right.MANAGE_ROLES)
@entered
def give(request: Request, member: Staff) -> HttpResponse:
    """Give a role to somebody who works here already."""
    chosen = {name: request.POST.get(name, "") for name in ("person", "role", "service")}
    people = {str(one.person_id): one for one in queries.assignments(member.organisation_id, at=request.now)}
    errors: dict[str, str] = {}
    if chosen["person"] not in people:
        errors["person"] = t("console.error.person")
    elif chosen["person"] == str(member.person_id):
        errors["person"] = t("console.error.self")
    if chosen["role"] not in {one.value for one in Role}:
        errors["role"] = t("console.error.role")
    if (
        chosen["service"] not in {"", "*", *catalogue.services_of(member.organisation_id)}
        or not chosen["service"]
    ):
        errors["service"] = t("console.error.service")
    if errors:
        return _roles(request, member, chosen, errors)
    person = people[chosen["person"]]
    commands.grant(
        person_id=person.person_id,
        person_name=person.person_name,
        organisation_id=member.organisation_id,
        role=Role(chosen["role"]),
        service="" if chosen["service"] == "*" else chosen["service"],
        by=Actor.staff(member.person_id, member.organisation_id),
        at=request.now,
    )
    return notify(see_other(reverse("console-roles")), "console.role_given")


@require_http_methods(["GET", "POST"])
@staff(Right.MANAGE_ROLES)
@entered
def take(request: Request, member: Staff) -> HttpResponse:
    """Ask first (GET), then take a role away (POST). Nobody takes one's own: the organisation could lock itself out."""
    given = request.POST if request.method == "POST" else request.GET
    held = _held(request, member, given.get("person", ""), given.get("role", ""), given.get("service", ""))
    if held.person_id == member.person_id:
        return _roles(request, member, {}, {"take": t("console.error.self")})
    if request.method == "GET":
        context = {
            "title": t("console.take_title"),
            "text": t("console.take_text", name=held.person_name, role=t(f"console.role.{held.role.value}")),
            "action": reverse("console-take-role"),
            "confirm": t("console.take_confirm"),
            "cancel": reverse("console-roles"),
            "danger": True,
            "hidden": {"person": held.person_id, "role": held.role.value, "service": held.service},
        }
        return render(request, "confirm.html", context)
    commands.revoke(
        person_id=held.person_id,
        organisation_id=member.organisation_id,
        role=held.role,
        service=held.service,
        by=Actor.staff(member.person_id, member.organisation_id),
        at=request.now,
    )
    return notify(see_other(reverse("console-roles")), "console.role_taken")


def _held(request: Request, member: Staff, person: str, role: str, service: str) -> AssignmentView:
    for one in queries.assignments(member.organisation_id, at=request.now):
        if (str(one.person_id), one.role.value, one.service) == (person, role, service):
            return one
    raise LookupError("no such role")


def _roles(request: Request, member: Staff, chosen: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    held = queries.assignments(member.organisation_id, at=request.now)
    language = current_language()
    offered = [
        (slug, catalogue.adopted(member.organisation_id, slug).service.info.title[language])
        for slug in catalogue.services_of(member.organisation_id)
    ]
    people = {str(one.person_id): one.person_name for one in held if one.person_id != member.person_id}
    context = {
        "rows": [(one, _take_address(one)) for one in held],
        "titles": dict(offered),
        "me": member.person_id,
        "may_manage": member.may(Right.MANAGE_ROLES),
        "people": sorted(people.items(), key=lambda one: one[1]),
        "roles": [(one.value, t(f"console.role.{one.value}")) for one in Role],
        "services": [("*", t("console.all_services")), *offered],
        "chosen": {**dict.fromkeys(("person", "role", "service"), ""), **chosen},
        "error": {**dict.fromkeys(("person", "role", "service", "take"), ""), **errors},
        "errors": list(errors.items()),
    }
    return show(request, member, "roles.html", context, status=422 if errors else 200)


def _take_address(one: AssignmentView) -> str:
    query = urlencode({"person": one.person_id, "role": one.role.value, "service": one.service})
    return f"{reverse('console-take-role')}?{query}"
