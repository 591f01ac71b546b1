"""Reads of identity."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from dugnad.identity import sessions
from dugnad.identity.models import Person, Session
from dugnad.identity.sessions import SessionTimes
from dugnad.identity.types import PersonView, SessionLine, SessionView

_SESSION = """SELECT id, person_id, person_name, language, acting_for, acting_for_name, organisation_id, level,
                     began_at, seen_at, ended_at, eid_session, interrupted IS NOT NULL
              FROM identity_session WHERE digest = %s"""


def session(cookie: str | None) -> SessionView | None:
    """Return the session a cookie opens, live or not (ask `rules.verdict`), or None for junk and strangers."""
    token = sessions.token_from(cookie)
    if token is None:
        return None
    digest = sessions.digest(token).hex()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dugnad.session', %s, true)", [digest])
        cursor.execute(_SESSION, [digest])
        row: Any = cursor.fetchone()
    if row is None:
        return None
    return SessionView(*row[:8], SessionTimes(row[8], row[9], row[10]), row[11], row[12])


def live_sessions(person_id: UUID, *, this: UUID, since: datetime) -> list[SessionLine]:
    """Return the person's open sessions used after `since`, newest first."""
    rows = Session.objects.filter(person_id=person_id, ended_at=None, seen_at__gt=since).order_by("-id")[:50]
    return [
        SessionLine(row.id, row.began_at, row.seen_at, row.organisation_id is not None, row.id == this)
        for row in rows
    ]


def person(person_id: UUID) -> PersonView:
    """Return one person. Raises Person.DoesNotExist (LookupError to callers) when not in sight."""
    row = Person.objects.filter(id=person_id).first()
    if row is None:
        raise LookupError(str(person_id))
    return PersonView(row.id, row.identity_number, row.name, row.language, row.municipality)
