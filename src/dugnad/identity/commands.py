"""Changes of identity: know a person, log in and out, act for another."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.identity import sessions
from dugnad.identity.models import Person, Session, SpentLogin
from dugnad.identity.ports import EidLogin
from dugnad.identity.types import Interrupted, SessionView
from dugnad.shared import ids, postgres
from dugnad.shared.actor import Actor
from dugnad.tenancy.commands import NestedScopeError, in_scope

_INTERRUPTED_KEPT = timedelta(hours=24)
_ATTEMPTS_KEPT = timedelta(days=1)
_CLEAR_ONE_IN = 500


_KNOWN = "SELECT identity_number, id FROM identity_person WHERE identity_number = ANY(%s)"
_KNOW = """INSERT INTO identity_person (id, identity_number, name, language, municipality, created_at)
           SELECT id, number, name, '', '', %s
           FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS new (id, number, name)
           ON CONFLICT (identity_number) DO NOTHING"""
_COUNT = """INSERT INTO identity_attempt AS a (key, window_at, count) VALUES (%s, %s, 1)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN a.window_at <= %s THEN 1 ELSE a.count + 1 END,
                window_at = CASE WHEN a.window_at <= %s THEN excluded.window_at ELSE a.window_at END
            RETURNING count"""


class LoginReplayedError(Exception):
    """A login (or notice of logout) has been used already; a second use is refused whoever comes with it."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A fresh session: the cookie's value and what the person was doing when an earlier one ran out."""

    cookie: str
    session_id: UUID
    person_id: UUID
    interrupted: Interrupted | None


def know_persons(names: Mapping[str, str], *, at: datetime) -> dict[str, UUID]:
    """Return our id for each identity number, giving new ids to those not seen before.

    names: identity number → name as the register has it. Runs in the caller's transaction; a person is found by one who
    knows the number, and the numbers known are told to row-level security for this transaction only.
    """
    numbers = sorted(names)
    postgres.later("SELECT set_config('dugnad.numbers', %s, true)", [",".join(numbers)], quiet=True)
    known: dict[str, UUID] = dict(postgres.rows(_KNOWN, [numbers]))
    missing = [number for number in numbers if number not in known]
    if missing:
        new = [at, [ids.new(at) for _ in missing], missing, [names[number] for number in missing]]
        _, found = postgres.together((_KNOW, new), (_KNOWN, [numbers]))
        known = dict(found.rows)
    return known


def log_in(
    login: EidLogin,
    *,
    name: str,
    language: str,
    municipality: str,
    organisation_id: UUID | None = None,
    at: datetime,
) -> LoggedIn:
    """Open a session for a person the eID provider vouches for. Raises LoginReplayedError for a login used before.

    name, language, municipality: as the registers have them now; empty where a register was away, and then what was
    known before stays. Runs in one transaction of its own.
    """
    with transaction.atomic():
        _spend(login.transaction_id, at)
        person_id = know_persons({login.identity_number: name}, at=at)[login.identity_number]
        _be(person_id)
        known = Person.objects.get(id=person_id)
        name, language = name or known.name, language or known.language
        Person.objects.filter(id=person_id).update(
            name=name, language=language, municipality=municipality or known.municipality
        )
        cookie, session = _open_session(login, person_id, name, language, organisation_id, at)
        return LoggedIn(cookie, session.id, person_id, _hand_over_interrupted(session, at))


def _open_session(
    login: EidLogin, person_id: UUID, name: str, language: str, organisation_id: UUID | None, at: datetime
) -> tuple[str, Session]:
    cookie, digest = sessions.new_token()
    session = Session(
        id=ids.new(at),
        digest=digest.hex(),
        person_id=person_id,
        person_name=name,
        language=language,
        organisation_id=organisation_id,
        eid_session=login.sid,
        level=login.acr,
        began_at=at,
        seen_at=at,
    )
    session.save(force_insert=True)
    audit.record(
        Record(
            action="session.began",
            purpose="Innlogging",
            person_id=person_id,
            organisation_id=organisation_id,
            actor_name=name,
        ),
        by=Actor.resident(person_id),
        at=at,
    )
    return cookie, session


def go_to_work(session: SessionView, *, organisation_id: UUID, at: datetime) -> str:
    """Turn a resident's own session into one at work for an organisation; returns the new cookie value.

    The caller has checked that the person holds a role there. What the person did at home stays at home: acting for
    another ends.
    """
    cookie, digest = sessions.new_token()
    with transaction.atomic():
        _be(session.person_id)
        Session.objects.filter(id=session.id, ended_at=None).update(
            digest=digest.hex(),
            organisation_id=organisation_id,
            acting_for=None,
            acting_for_name="",
            seen_at=at,
        )
        audit.record(
            Record(
                action="session.at_work",
                purpose="Innlogging",
                person_id=session.person_id,
                organisation_id=organisation_id,
                actor_name=session.person_name,
            ),
            by=Actor.staff(session.person_id, organisation_id),
            at=at,
        )
    return cookie


def change_session(
    session: SessionView,
    *,
    at: datetime,
    acting_for: UUID | None = None,
    acting_for_name: str = "",
    municipality: str = "",
) -> str:
    """Start or stop acting for another; returns the new cookie value, since what the cookie opens has changed.

    The caller has checked with the population register that the person may act; `municipality` is where the one acted for
    lives, as the register says.
    """
    cookie, digest = sessions.new_token()
    with transaction.atomic():
        if acting_for and municipality:
            _be(acting_for)
            Person.objects.filter(id=acting_for).update(municipality=municipality)
        _be(session.person_id)
        Session.objects.filter(id=session.id, ended_at=None).update(
            digest=digest.hex(), acting_for=acting_for, acting_for_name=acting_for_name, seen_at=at
        )
        audit.record(
            Record(
                action="acting.began" if acting_for else "acting.ended",
                purpose="Handler på vegne av en annen",
                person_id=acting_for or session.acting_for,
                actor_name=session.person_name,
            ),
            by=Actor.resident(session.person_id),
            at=at,
        )
    return cookie


def set_language(session: SessionView, *, language: str) -> None:
    """Remember the language for this session."""
    with transaction.atomic():
        _be(session.person_id)
        Session.objects.filter(id=session.id).update(language=language)


def touch(session: SessionView, *, at: datetime) -> None:
    """Write that the session was used (the caller asks its rules whether it is time)."""
    with transaction.atomic():
        _be(session.person_id)
        Session.objects.filter(id=session.id, ended_at=None).update(seen_at=at)


def keep_interrupted(session: SessionView, form: Interrupted, *, at: datetime) -> None:
    """Keep a form that came after the session had run out, for the same person's next login."""
    with transaction.atomic():
        _be(session.person_id)
        Session.objects.filter(id=session.id).update(
            interrupted={
                "path": form.path,
                "fields": {key: [_storable(one) for one in values] for key, values in form.fields.items()},
                "acting_for": str(session.acting_for) if session.acting_for else None,
                "at": at.isoformat(),
            }
        )


def _storable(text: str) -> str:
    """Return text as PostgreSQL can hold it: without the NUL a form may carry."""
    return text.replace("\0", "")


def take_interrupted(session: SessionView, *, path: str) -> Interrupted | None:
    """Return the form of page `path` that was handed over to this session at its login, once."""
    with transaction.atomic():
        _be(session.person_id)
        row = Session.objects.filter(id=session.id, interrupted__path=path).first()
        if row is None:
            return None
        Session.objects.filter(id=session.id).update(interrupted=None)
    return _interrupted(row.interrupted)


def log_out(session: SessionView, *, at: datetime, everywhere: bool = False) -> int:
    """End this session, or every session of the person; returns how many ended."""
    with transaction.atomic():
        _be(session.person_id)
        rows = Session.objects.filter(person_id=session.person_id, ended_at=None)
        ended = (rows if everywhere else rows.filter(id=session.id)).update(ended_at=at)
        audit.record(
            Record(action="session.ended", purpose="Utlogging", person_id=session.person_id),
            by=Actor.resident(session.person_id),
            at=at,
        )
    return ended


def end_eid_session(eid_session: str, *, notice_id: str, at: datetime) -> int:
    """End our sessions that stand on a provider session which has ended; returns how many.

    Raises LoginReplayedError for a notice that came before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _spend(sha256(f"logout {notice_id}".encode()).hexdigest(), at)
        cursor.execute("SELECT set_config('dugnad.eid_session', %s, true)", [eid_session])
        return Session.objects.filter(eid_session=eid_session, ended_at=None).update(ended_at=at)


def count_attempt(key: str, *, window: timedelta, at: datetime) -> int:
    """Count one more attempt under `key` and return how many there are in the window that began with the first.

    Outside any transaction: the count stands whatever becomes of the attempt. Now and then old counts are cleared away.
    """
    ((count,),) = postgres.rows(_COUNT, [key, at, at - window, at - window])
    if secrets.randbelow(_CLEAR_ONE_IN) == 0:
        postgres.change("DELETE FROM identity_attempt WHERE window_at < %s", [at - _ATTEMPTS_KEPT])
    return int(count)


def _be(person_id: UUID) -> None:
    """Let row-level security see the person, in a transaction of this module's own."""
    if in_scope():
        raise NestedScopeError
    postgres.later("SELECT set_config('dugnad.person', %s, true)", [str(person_id)], quiet=True)


def _spend(transaction_id: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            SpentLogin.objects.create(transaction_id=transaction_id, at=at)
    except IntegrityError:
        raise LoginReplayedError from None


def _hand_over_interrupted(session: Session, at: datetime) -> Interrupted | None:
    """Move the newest kept form of the person (at home, or of this workplace) from its dead session to this one."""
    kept = Session.objects.filter(person_id=session.person_id, interrupted__isnull=False).exclude(
        id=session.id
    )
    row = (
        kept.filter(organisation_id=session.organisation_id, seen_at__gt=at - _INTERRUPTED_KEPT)
        .order_by("-seen_at")
        .first()
    )
    if row is None:
        return None
    found = row.interrupted
    kept.filter(organisation_id=session.organisation_id).update(interrupted=None)
    Session.objects.filter(id=session.id).update(interrupted=found)
    return _interrupted(found)


def _interrupted(kept: Any) -> Interrupted:
    acting_for = kept.get("acting_for")
    return Interrupted(kept["path"], kept["fields"], UUID(acting_for) if acting_for else None)
