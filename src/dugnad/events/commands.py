"""Append events in the transaction of the change they tell of."""

from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection

from dugnad.events.types import Happening
from dugnad.shared import ids

_INSERT = """INSERT INTO events_event (id, subject, sequence, type, at, organisation_id, service, person_id, data)
             VALUES (%s, %s, (SELECT coalesce(max(sequence), 0) + 1 FROM events_event WHERE subject = %s),
                     %s, %s, %s, %s, %s, %s)"""


def append(  # noqa: PLR0913 - an event names all that it is about
    *happenings: Happening,
    subject: UUID,
    organisation_id: UUID | None,
    service: str,
    person_id: UUID | None,
    at: datetime,
) -> None:
    """Append events about `subject`, numbered after its earlier ones.

    The caller holds the subject's row (a lock, or has just inserted it), so numbers have no gaps and no rivals; two who
    did not would meet the unique constraint, never a double number.
    """
    with connection.cursor() as cursor:
        for happening in happenings:
            cursor.execute(
                _INSERT,
                [
                    ids.new(at),
                    subject,
                    subject,
                    happening.type,
                    at,
                    organisation_id,
                    service,
                    person_id,
                    orjson.dumps(happening.data).decode(),
                ],
            )
