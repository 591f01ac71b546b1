"""Append events in the transaction of the change they tell of."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import orjson

from dugnad.events.types import Happening
from dugnad.shared import ids
from dugnad.shared.postgres import later
from dugnad.tenancy.commands import Row, at_end_of_scope

_INSERT = """INSERT INTO events_event (id, subject, sequence, type, at, organisation_id, service, person_id, data)
             SELECT e.id, e.subject,
                    e.nth + coalesce((SELECT max(sequence) FROM events_event o WHERE o.subject = e.subject), 0), e.type,
                    e.at, e.organisation_id, e.service, e.person_id, e.data
             FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::timestamptz[], %s::uuid[], %s::text[], %s::uuid[],
                         %s::jsonb[]) AS e (id, subject, nth, type, at, organisation_id, service, person_id, data)"""


def append(
    *happenings: Happening,
    subject: UUID,
    organisation_id: UUID | None,
    service: str,
    person_id: UUID | None,
    at: datetime,
) -> None:
    """Append events about `subject` to the transaction (at the end of its scope), numbered after its earlier ones.

    The caller holds the subject's row (a lock, or has just inserted it), so numbers have no gaps and no rivals; two who
    did not would meet the unique constraint, never a double number.
    """
    at_end_of_scope(
        _write,
        [
            (
                ids.new(at),
                subject,
                one.type,
                at,
                organisation_id,
                service,
                person_id,
                orjson.dumps(one.data).decode(),
            )
            for one in happenings
        ],
    )


def _write(rows: list[Row]) -> None:
    """Insert events in one statement, counting those of the same subject."""
    counts: Counter[UUID] = Counter()
    numbered = []
    for key, subject, *rest in rows:
        counts[subject] += 1
        numbered.append((key, subject, counts[subject], *rest))
    later(_INSERT, [list(column) for column in zip(*numbered, strict=True)])
