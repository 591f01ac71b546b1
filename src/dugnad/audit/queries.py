"""Reads of the log."""

from uuid import UUID

from dugnad.audit.models import Entry
from dugnad.audit.types import EntryView

_FIELDS = (
    "position",
    "at",
    "action",
    "is_look",
    "actor",
    "actor_name",
    "organisation_id",
    "service",
    "case_id",
    "purpose",
    "detail",
)


def looks_at(person_id: UUID, *, before: int | None = None, limit: int = 20) -> list[EntryView]:
    """Return who looked at or changed the person's data, newest first; `before` is the last position already shown."""
    rows = Entry.objects.filter(person_id=person_id).order_by("-position")
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [EntryView(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def of_organisation(organisation_id: UUID, *, before: int | None = None, limit: int = 50) -> list[EntryView]:
    """Return the organisation's rows for its auditors, newest first."""
    rows = Entry.objects.filter(organisation_id=organisation_id).order_by("-position")
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [EntryView(*row) for row in rows.values_list(*_FIELDS)[:limit]]
