"""Reads of identity."""

from datetime import datetime
from uuid import UUID

from dugnad.identity import sessions
from dugnad.identity.models import Session
from dugnad.identity.sessions import SessionTimes
from dugnad.identity.types import PersonView, SessionLine, SessionView
from dugnad.shared.postgres import rows, select

_SESSION = """SELECT id, person_id, person_name, language, acting_for, acting_for_name, organisation_id, level,
                     began_at, seen_at, ended_at, eid_session, interrupted IS NOT NULL
              FROM dugnad_session_of(%s)"""


def session(cookie: str | None) -> SessionView | None:
    """Return the session a cookie opens, live or not (ask `rules.verdict`), or None for junk and strangers."""
    token = sessions.token_from(cookie)
    if token is None:
        return None
    digest = sessions.digest(token).hex()
    found = rows(_SESSION, [digest])  # one statement, one round trip: each request begins with it
    if not found:
        return None
    (row,) = found
    return SessionView(
        id=row[0],
        person_id=row[1],
        person_name=row[2],
        language=row[3],
        acting_for=row[4],
        acting_for_name=row[5],
        organisation_id=row[6],
        level=row[7],
        times=SessionTimes(began=row[8], seen=row[9], ended=row[10]),
        eid_session=row[11],
        has_interrupted=row[12],
    )


def live_sessions(person_id: UUID, *, this: UUID, since: datetime) -> list[SessionLine]:
    """Return the person's open sessions used after `since`, newest first."""
    found = Session.objects.filter(person_id=person_id, ended_at=None, seen_at__gt=since).order_by("-id")[:50]
    return [
        SessionLine(row.id, row.began_at, row.seen_at, row.organisation_id is not None, row.id == this)
        for row in found
    ]


def person(person_id: UUID) -> PersonView:
    """Return one person. Raises LookupError when not in sight."""
    for found in select(PersonView, "identity_person WHERE id = %s", [person_id]):
        return found
    raise LookupError(str(person_id))
