"""A house with something in every room, and a browser for every role, for the table of access."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
import psycopg
import pytest
from django.db import connections
from django.test import Client

from dugnad.access import commands as access
from dugnad.access.types import Role
from dugnad.applications import commands as applications
from dugnad.applications import queries as application_reads
from dugnad.cases import queries as case_reads
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.flows import application_to_decision as flow
from dugnad.flows import desk
from dugnad.identity import commands as identity
from dugnad.identity import queries as identities
from dugnad.jobs import commands as jobs
from dugnad.pages.sessions import COOKIE
from dugnad.shared.actor import Actor
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope
from portal import Portal

SERVICE = "redusert-foreldrebetaling"
OWNER, OTHER, DECIDED = "nabo i Stord", "mor i Bergen", "mor i Stord"
FALL, AUTOMATIC = True, False
HOST: dict[str, Any] = {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_ACCEPT_LANGUAGE": "nb"}


@dataclass(frozen=True)
class House:
    """The objects of the owner by the name they have in addresses, what forms are sent, and a cookie for every role.

    `decided` is another resident's case with a decision, for the one address that needs one; `owners` says whose it is.
    """

    objects: Mapping[str, object]
    decided: UUID
    forms: Mapping[str, Mapping[str, str]]
    cookies: Mapping[str, str]
    cookies_of_decided: Mapping[str, str]

    def browser(self, role: str, address: str, *, tokens: bool = False) -> Client:
        """A browser of someone in that role; `tokens`: forms need their token."""
        client = Client(enforce_csrf_checks=tokens, **HOST)
        cookies = (
            self.cookies_of_decided
            if address == "resident-appeal" and role in {"owner", "child"}
            else self.cookies
        )
        if role in cookies:
            client.cookies[str(COOKIE["key"])] = cookies[role]
        return client

    def about(self, address: str) -> dict[str, object]:
        """The objects of an address; an address of its own where the same word means another thing."""
        special: dict[str, dict[str, object]] = {
            "resident-appeal": {"case_id": self.decided},
            "desk-letter": {"dispatch_id": self.objects["letter_id"]},
        }
        return {**self.objects, **special.get(address, {})}


def furnish(portal: Portal) -> House:
    """Put something in every room: called once, in a fresh portal."""
    now, stord = datetime.now(UTC), tenancy.organisation_by_code("4614")
    case_id, me = _apply(portal, OWNER, fall=FALL)
    by = Actor.resident(me)
    with scope(Scope(person=me)):
        application = case_reads.case(case_id).application_id
        assert application is not None
        file = applications.examine(name="lønn.pdf", data=_pdf(), language="nb", at=now)
        owner = application_reads.application(application)
        attachment = applications.attach(
            file=file, question="varig inntektsnedgang", owner=owner, case_id=case_id, by=by, at=now
        )
    with _as("dugnad_worker"):
        dispatch.deliver(at=datetime.now(UTC))
    worker = _worker(portal)
    with scope(Scope(organisation=stord.id, services=(SERVICE,))):
        request = desk.ask(case_id=case_id, text="Send lønnsslipp.", staff=worker, at=now)
    with scope(Scope(person=me)):
        letter = next(one.id for one in letters.letters_of_case(case_id) if one.delivered_at)
    draft = flow.begin(service=SERVICE, person_id=me, language="nb", by=by, at=now)
    decided, _ = _apply(portal, DECIDED, fall=AUTOMATIC)
    job, stuck = _gave_up(portal, case_id, decided, stord.id)
    cookies, child = _cookies(portal, OWNER)
    others, _ = _cookies(portal, DECIDED)
    approver = _person(portal, "godkjenner i Stord")
    objects = {
        "slug": SERVICE, "application_id": draft, "number": 1, "letter_id": letter, "attachment_id": attachment,
        "case_id": case_id, "request_id": request, "job_id": job, "dispatch_id": stuck, "path": "authorize",
    }  # fmt: skip
    role = {"person": str(approver), "role": "approver", "service": ""}
    forms: dict[str, Mapping[str, str]] = {
        "public-login": {"som": "hjemme"},
        "public-represent": {"person": str(child)},
        "resident-page": {"revision": "0", "do": "later", "answer.barna stemmer": "ja"},
        "resident-send": {"revision": "0"},
        "resident-letter-archive": {"archived": "yes"},
        "resident-appeal": {"text": "Jeg er uenig."},
        "resident-answer": {"text": "Jeg har ingen lønn nå."},
        "desk-search": {"sok": "Hilde"},
        "desk-take": {"ta": str(case_id)},
        "desk-assign": {"assign": ""},
        "desk-note": {"note": "Ringt."},
        "desk-ask": {"text": "Send mer."},
        "desk-send-back": {"reason": "Se igjen."},
        "desk-forward": {"statement": "Vedtaket står."},
        "console-give-role": {"person": str(approver), "role": "auditor", "service": "*"},
        "console-take-role": role,
        "console-confirm-rate": {"sats": "makspris", "fra": "2025-08-01", "kilde": "Prop. 1 S", "etter": "1"},
        "console-set-place": {
            "sted": "kommunens pris", "verdi": "1100", "fra": "2026-08-01", "organ": "kommunestyret", "etter": "1",
        },
        "console-restore-tailoring": {"nummer": "1", "etter": "1"},
        "set-language": {"language": "en", "next": "/"},
        "set-color-scheme": {"color_scheme": "dark", "next": "/"},
    }  # fmt: skip
    house = House(objects, decided, forms, cookies, others)
    for role in cookies:  # whom one may act for gets ids of ours at the first look: let that be past
        house.browser(role, "public-represent").get("/min-side/representasjon")
    return house


def _apply(portal: Portal, key: str, *, fall: bool) -> tuple[UUID, UUID]:
    now, me = datetime.now(UTC), portal.log_in(Client(), key).person_id
    by = Actor.resident(me)
    application = flow.begin(service=SERVICE, person_id=me, language="nb", by=by, at=now)
    answers = {"barna stemmer": True, "samboer uten felles barn": False, "varig inntektsnedgang": fall}
    saved = flow.save(application_id=application, person_id=me, revision=0, answers=answers, by=by, at=now)
    sent = flow.send(application_id=application, person_id=me, revision=saved.revision, by=by, at=now)
    return sent.case_id, me


def _cookies(portal: Portal, owner: str) -> tuple[dict[str, str], UUID]:
    """A cookie for every role, and the owner's child."""
    now, bergen = datetime.now(UTC), tenancy.organisation_by_code("4601").id
    stord = tenancy.organisation_by_code("4614").id
    _grant(portal, "verge", stord, Role.CASE_WORKER, "en annen tjeneste")
    _grant(portal, "uten barn", bergen, Role.ADMINISTRATOR, "")
    at_work = {
        "worker": "saksbehandler i Stord", "approver": "godkjenner i Stord", "administrator": "administrator i Stord",
        "auditor": "revisor i Stord", "elsewhere": "saksbehandler i Bergen",
    }  # fmt: skip
    found = {role: portal.log_in(Client(), key, at_work=True).cookie for role, key in at_work.items()}
    found |= {"owner": portal.log_in(Client(), owner).cookie, "other": portal.log_in(Client(), OTHER).cookie}
    for role, key, where in (
        ("other service", "verge", stord),
        ("chief elsewhere", "uten barn", bergen),
        ("no role", "grense i Stord", stord),
    ):
        person = portal.people[key]
        opened = identity.log_in(
            portal.eid_login(key),
            name=person.name,
            language="nb",
            municipality="4614",
            organisation_id=where,
            at=now,
        )
        found[role] = opened.cookie
    mine = Client(**HOST)
    portal.log_in(mine, owner)
    name, child = next(iter(portal.represented(mine).items()))
    session = identities.session(mine.cookies[str(COOKIE["key"])].value)
    assert session is not None
    found["child"] = identity.change_session(
        session, acting_for=UUID(child), acting_for_name=name, municipality="4614", at=now
    )
    return found, UUID(child)


def _grant(portal: Portal, key: str, organisation: UUID, role: Role, service: str) -> None:
    person = _person(portal, key)
    with scope(Scope(organisation=organisation)):
        access.grant(
            person_id=person,
            person_name=portal.people[key].name,
            organisation_id=organisation,
            role=role,
            service=service,
            by=Actor.system("test"),
            at=datetime.now(UTC),
        )


def _person(portal: Portal, key: str) -> UUID:
    return portal.log_in(Client(), key).person_id


def _worker(portal: Portal) -> Any:
    from dugnad.access import queries

    stord = tenancy.organisation_by_code("4614").id
    person = _person(portal, "saksbehandler i Stord")
    with scope(Scope(organisation=stord)):
        return queries.staff(person, "Elin Haugen", stord, at=datetime.now(UTC))


def _gave_up(portal: Portal, case_id: UUID, decided: UUID, stord: UUID) -> tuple[int, UUID]:
    """A job and a letter of Stord's that gave up."""
    args = {"case": str(case_id), "organisation": str(stord), "service": SERVICE}
    jobs.defer("decide", key=str(case_id), args=args, at=datetime.now(UTC))
    with psycopg.connect(portal.database.superuser, autocommit=True) as superuser:
        superuser.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")  # one that is alive, for /helse
        superuser.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'name' = 'decide'")
        superuser.execute("UPDATE dispatch_dispatch SET state = 'failed' WHERE case_id = %s", [decided])
        job = superuser.execute("SELECT id FROM procrastinate_jobs WHERE status = 'failed'").fetchone()
        stuck = superuser.execute("SELECT id FROM dispatch_dispatch WHERE state = 'failed'").fetchone()
    assert job
    assert stuck
    return job[0], stuck[0]


def _pdf() -> bytes:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


@contextmanager
def _as(role: str) -> Iterator[None]:
    connection = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "USER", role)
        try:
            yield
        finally:
            connection.close()
