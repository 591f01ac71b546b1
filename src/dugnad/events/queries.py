"""Reads of events: the story of one subject, and the feed of all."""

from uuid import UUID

from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from dugnad.events.models import Event
from dugnad.events.types import EventView, Feed
from dugnad.shared.postgres import Soon, select_soon

_FIELDS = ("id", "subject", "sequence", "type", "at", "organisation_id", "service", "data")
_FINISHED = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])


def history(subject: UUID) -> list[EventView]:
    """Return what happened to one subject, oldest first."""
    return history_soon(subject).now()


def history_soon(subject: UUID) -> Soon[list[EventView]]:
    """Ask what happened to one subject with the next question."""
    return select_soon(EventView, "events_event WHERE subject = %s ORDER BY sequence", [subject])


def feed(cursor: str = "0-0", *, limit: int = 1000) -> Feed:
    """Return events after `cursor`, in one order that never changes: a later read can add nothing before it.

    Only finished transactions are read. Raises ValueError for a cursor that is none of ours.
    """
    transaction, _, position = cursor.partition("-")
    after = Q(transaction__gt=int(transaction)) | Q(transaction=int(transaction), position__gt=int(position))
    rows = list(
        Event.objects.filter(after, transaction__lt=_FINISHED)
        .order_by("transaction", "position")
        .annotate(at_transaction=F("transaction"), at_position=F("position"))
        .values_list(*_FIELDS, "at_transaction", "at_position")[:limit]
    )
    last = f"{rows[-1][-2]}-{rows[-1][-1]}" if rows else cursor
    return Feed(tuple(EventView(*row[:-2]) for row in rows), last)
