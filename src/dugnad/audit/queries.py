"""Reads of the log."""

from itertools import pairwise
from uuid import UUID

from dugnad.audit.models import Block, Entry
from dugnad.audit.types import BlockView, EntryView

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


def looks_at(
    person_id: UUID, *, only_looks: bool = False, before: int | None = None, limit: int = 20
) -> list[EntryView]:
    """Return who looked at or changed the person's data, newest first; `before` is the last position already shown."""
    rows = Entry.objects.filter(person_id=person_id).order_by("-position")
    if only_looks:
        rows = rows.filter(is_look=True)
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [EntryView(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def of_organisation(
    organisation_id: UUID, *, action: str = "", before: int | None = None, limit: int = 50
) -> list[EntryView]:
    """Return the organisation's rows (of actions that begin with `action`) for its auditors, newest first."""
    rows = Entry.objects.filter(organisation_id=organisation_id).order_by("-position")
    if action:
        rows = rows.filter(action__startswith=action)
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [EntryView(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def last_block() -> BlockView | None:
    """Return the newest link of the chain, or None before the first."""
    row = Block.objects.order_by("-number").first()
    return BlockView(row.number, row.entries, row.digest, row.sealed_at) if row else None


def links_hold(*, last: int = 100) -> bool:
    """Say whether each of the newest blocks names the one before it: cheap enough for a health check.

    The rows themselves are held against the chain by `commands.verify`.
    """
    rows = Block.objects.order_by("-number").values_list("number", "previous", "digest")
    blocks = list(rows[: last + 1])
    return all(later[1] == earlier[2] and later[0] == earlier[0] + 1 for later, earlier in pairwise(blocks))
