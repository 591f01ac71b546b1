"""The console: who gets in, what is retried, who gives and takes roles, what an auditor sees."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from dugnad.access.types import RIGHTS, Right, Role, Staff
from dugnad.jobs import commands as jobs
from dugnad.jobs.ports import HANDLERS
from dugnad.tenancy import queries as tenancy
from portal import Portal

KEYS = {
    Role.CASE_WORKER: "saksbehandler i Stord",
    Role.APPROVER: "godkjenner i Stord",
    Role.ADMINISTRATOR: "administrator i Stord",
    Role.AUDITOR: "revisor i Stord",
}
TABLE = {
    # right: who has it, and nobody else
    Right.SEE_CASES: {Role.CASE_WORKER, Role.APPROVER},
    Right.HANDLE_CASES: {Role.CASE_WORKER},
    Right.APPROVE_DECISIONS: {Role.APPROVER},
    Right.SEE_CONSOLE: {Role.ADMINISTRATOR, Role.AUDITOR},
    Right.RETRY_JOBS: {Role.ADMINISTRATOR},
    Right.ADOPT_SERVICES: {Role.ADMINISTRATOR},
    Right.MANAGE_ROLES: {Role.ADMINISTRATOR},
    Right.SEE_AUDIT: {Role.AUDITOR},
}
PAGES = {
    "/saker": Right.SEE_CASES,
    "/konsoll": Right.SEE_CONSOLE,
    "/konsoll/jobber": Right.SEE_CONSOLE,
    "/konsoll/tjenester": Right.SEE_CONSOLE,
    "/konsoll/tjenester/redusert-foreldrebetaling": Right.SEE_CONSOLE,
    "/konsoll/tjenester/redusert-foreldrebetaling/regler": Right.SEE_CONSOLE,
    "/konsoll/saksgang": Right.SEE_CONSOLE,
    "/konsoll/roller": Right.SEE_CONSOLE,
    "/konsoll/komponenter": Right.SEE_CONSOLE,
    "/konsoll/logg": Right.SEE_AUDIT,
}


def browser(portal: Portal, role: Role, language: str = "nb") -> Client:
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    client.cookies["dugnad_language"] = language
    portal.log_in(client, KEYS[role], at_work=True)
    return client


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_each_role_has_exactly_the_rights_of_the_table(role: Role, right: Right) -> None:
    member = Staff(UUID(int=1), "", UUID(int=2), frozenset({(role, "")}))
    assert member.may(right) == (role in TABLE[right])
    limited = Staff(UUID(int=1), "", UUID(int=2), frozenset({(role, "en tjeneste")}))
    assert limited.may(right, "en tjeneste") == (role in TABLE[right])
    assert not limited.may(right, "en annen tjeneste")


def test_every_right_is_in_the_table() -> None:
    assert set(TABLE) == set(Right)
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_each_page_opens_for_the_roles_that_may(portal: Portal, role: Role) -> None:
    client = browser(portal, role)
    answers = {path: client.get(path).status_code for path in PAGES}
    assert answers == {path: 200 if role in TABLE[right] else 403 for path, right in PAGES.items()}


@pytest.mark.parametrize("path", [*PAGES, "/saker/018f0000-0000-7000-8000-000000000000"])
def test_a_resident_and_a_stranger_stay_outside(portal: Portal, client: Client, path: str) -> None:
    assert client.get(path).status_code in {302, 303}
    portal.log_in(client, "mor i Stord")
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_pages_speak_the_other_languages(portal: Portal, language: str) -> None:
    client = browser(portal, Role.AUDITOR, language)
    for path in PAGES:
        if path != "/saker":
            assert f'<html lang="{language}"' in client.get(path).content.decode()


def queue(portal: Portal, monkeypatch: pytest.MonkeyPatch, code: str | None) -> int:
    """Put a job in the queue that has given up; returns its id."""
    monkeypatch.setitem(HANDLERS, "probe", lambda *_: None)
    args = {"organisation": str(tenancy.organisation_by_code(code).id)} if code else {}
    jobs.defer("probe", key=code or "ingen", args=args, at=datetime.now(UTC))
    with psycopg.connect(portal.database.superuser) as connection:
        row = connection.execute(
            "UPDATE procrastinate_jobs SET status = 'failed', attempts = 12"
            " WHERE id = (SELECT max(id) FROM procrastinate_jobs) RETURNING id"
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO jobs_failure (job_id, attempt, at, reason) VALUES (%s, 12, now(), 'TimeoutError')",
            row,
        )
        return int(row[0])


def state(portal: Portal, job: int) -> str:
    with psycopg.connect(portal.database.superuser) as connection:
        row = connection.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job]
        ).fetchone()
        assert row is not None
        return str(row[0])


def test_a_job_that_gave_up_is_shown_with_its_reason_and_retried(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue(portal, monkeypatch, "4614")
    client = browser(portal, Role.ADMINISTRATOR)
    shown = client.get("/konsoll/jobber").content.decode()
    assert "TimeoutError" in shown
    assert f"/konsoll/jobber/{job}/prov-igjen" in shown
    assert client.post(f"/konsoll/jobber/{job}/prov-igjen").status_code == 303
    assert state(portal, job) == "todo"
    assert "Satt i kø igjen." in client.get("/konsoll/jobber").content.decode()
    assert client.post(f"/konsoll/jobber/{job}/prov-igjen").status_code == 303
    assert state(portal, job) == "todo"


@pytest.mark.parametrize("code", ["4601", None])
def test_other_jobs_are_neither_seen_nor_retried(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, code: str | None
) -> None:
    job = queue(portal, monkeypatch, code)
    client = browser(portal, Role.ADMINISTRATOR)
    assert f"/konsoll/jobber/{job}/" not in client.get("/konsoll/jobber").content.decode()
    assert client.post(f"/konsoll/jobber/{job}/prov-igjen").status_code == 404
    assert state(portal, job) == "failed"


def test_an_auditor_sees_jobs_and_retries_none(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queue(portal, monkeypatch, "4614")
    client = browser(portal, Role.AUDITOR)
    assert "prov-igjen" not in client.get("/konsoll/jobber").content.decode()
    assert client.post(f"/konsoll/jobber/{job}/prov-igjen").status_code == 403
    assert state(portal, job) == "failed"


def person_id(portal: Portal, role: Role) -> str:
    return str(portal.log_in(Client(), KEYS[role]).person_id)


def test_an_administrator_gives_and_takes_a_role(portal: Portal) -> None:
    client, worker = browser(portal, Role.ADMINISTRATOR), person_id(portal, Role.CASE_WORKER)
    given = client.post("/konsoll/roller/gi", {"person": worker, "role": "auditor", "service": "*"})
    assert given.status_code == 303
    auditor = Client()
    portal.log_in(auditor, KEYS[Role.CASE_WORKER], at_work=True)
    assert auditor.get("/konsoll/logg").status_code == 200
    role = {"person": worker, "role": "auditor", "service": ""}
    assert "mister rollen" in client.get("/konsoll/roller/ta", role).content.decode()
    assert auditor.get("/konsoll/logg").status_code == 200
    assert client.post("/konsoll/roller/ta", role).status_code == 303
    assert auditor.get("/konsoll/logg").status_code == 403


def test_nobody_changes_ones_own_roles(portal: Portal) -> None:
    client, me = browser(portal, Role.ADMINISTRATOR), person_id(portal, Role.ADMINISTRATOR)
    given = client.post("/konsoll/roller/gi", {"person": me, "role": "approver", "service": "*"})
    assert given.status_code == 422
    taken = client.post("/konsoll/roller/ta", {"person": me, "role": "administrator", "service": ""})
    assert taken.status_code == 422
    assert client.get("/konsoll").status_code == 200
    assert client.get("/saker").status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASE_WORKER, Role.APPROVER])
def test_only_administrators_manage_roles(portal: Portal, role: Role) -> None:
    client, worker = browser(portal, role), person_id(portal, Role.CASE_WORKER)
    fields = {"person": worker, "role": "approver", "service": "*"}
    assert client.post("/konsoll/roller/gi", fields).status_code == 403
    assert (
        client.post("/konsoll/roller/ta", {**fields, "role": "case_worker", "service": ""}).status_code == 403
    )


def test_a_role_is_given_only_to_someone_who_works_here(portal: Portal) -> None:
    stranger = str(portal.log_in(Client(), "mor i Stord").person_id)
    answer = browser(portal, Role.ADMINISTRATOR).post(
        "/konsoll/roller/gi", {"person": stranger, "role": "auditor", "service": "*"}
    )
    assert answer.status_code == 422
    assert "Velg en som har en rolle her." in answer.content.decode()


def test_an_auditor_reads_what_was_done_here_and_only_here(portal: Portal) -> None:
    worker = person_id(portal, Role.CASE_WORKER)
    fields = {"person": worker, "role": "approver", "service": "*"}
    browser(portal, Role.ADMINISTRATOR).post("/konsoll/roller/gi", fields)
    shown = browser(portal, Role.AUDITOR).get("/konsoll/logg?type=access").content.decode()
    assert "access.granted" in shown
    assert portal.people[KEYS[Role.ADMINISTRATOR]].name in shown
    assert "session.began" not in shown


def test_the_service_page_shows_tailoring_rates_and_rules(portal: Portal) -> None:
    shown = browser(portal, Role.AUDITOR).get("/konsoll/tjenester/redusert-foreldrebetaling").content.decode()
    assert "kommunestyret" in shown
    assert "Bekreftet av organisasjonen" in shown
    assert "husholdningens inntekt * 6 % / betalingsmåneder" in shown
    assert "→ heldagspris" in shown


def test_a_service_the_organisation_does_not_use_is_not_there(portal: Portal) -> None:
    assert browser(portal, Role.AUDITOR).get("/konsoll/tjenester/finnes-ikke").status_code == 404
