"""Reads of access."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dugnad.access.models import Assignment
from dugnad.access.types import AssignmentView, Role, Staff


def staff(person_id: UUID, person_name: str, organisation_id: UUID, *, at: datetime) -> Staff:
    """Return the person at work in the organisation, with the roles held at that moment (perhaps none)."""
    rows = _live(at).filter(person_id=person_id, organisation_id=organisation_id)
    roles = frozenset((Role(role), service) for role, service in rows.values_list("role", "service"))
    return Staff(person_id, person_name, organisation_id, roles)


def workplaces(person_id: UUID, *, at: datetime) -> list[UUID]:
    """Return the organisations in which the person holds a role; run in the person's own scope."""
    rows = _live(at).filter(person_id=person_id).order_by("organisation_id")
    return list(rows.values_list("organisation_id", flat=True).distinct())


def assignments(organisation_id: UUID, *, at: datetime) -> list[AssignmentView]:
    """Return all roles held in the organisation, by name."""
    rows = _live(at).filter(organisation_id=organisation_id).order_by("person_name", "role")[:500]
    return [
        AssignmentView(row.person_id, row.person_name, row.organisation_id, Role(row.role), row.service)
        for row in rows
    ]


def _live(at: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Django query set of Assignment
    return Assignment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)
