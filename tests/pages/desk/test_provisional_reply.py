"""Forvaltningsloven § 11 a, third paragraph: no answer within a month, so the resident is told why, and when to expect one."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from work import Desk

from dugnad.cases import commands as cases
from dugnad.cases import queries
from dugnad.cases.types import CaseView
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.flows.provisional_reply import DAYS_BEFORE, reply
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import add_months

OWNER = "nabo i Stord"


def case_of(desk: Desk, case_id: UUID) -> CaseView:
    with desk.scope_of(OWNER):
        return queries.case(case_id)


def look_again(desk: Desk, case: CaseView, *, days_before: int) -> int:
    """The job, so many days before the answer is due; returns how many provisional replies there are then."""
    at = datetime.combine((case.expected or case.due) - timedelta(days=days_before), time(9), UTC)
    args = {"case": str(case.id), "organisation": str(case.organisation_id), "service": case.service}
    with desk.as_worker():
        reply(args, at)
        dispatch.deliver(at=at)
    with desk.scope_of(OWNER):
        return sum(one.kind == "provisional" for one in letters.letters_of_case(case.id))


def test_the_job_is_committed_with_what_hands_the_case_to_a_person(desk: Desk) -> None:
    case = case_of(desk, desk.apply())
    found = desk.portal.sql(
        "SELECT (scheduled_at AT TIME ZONE 'Europe/Oslo')::date FROM procrastinate_jobs"
        " WHERE args->>'name' = 'provisional-reply'"
    )
    assert found == [(case.due - timedelta(days=DAYS_BEFORE),)]


def test_where_the_month_runs_out_the_resident_is_told_why_and_when(desk: Desk) -> None:
    case = case_of(desk, desk.apply())
    assert look_again(desk, case, days_before=DAYS_BEFORE) == 1
    later = case_of(desk, case.id)
    assert (later.due, later.expected) == (case.due, add_months(case.due, 1))
    with desk.scope_of(OWNER):
        letter = next(one for one in letters.letters_of_case(case.id) if one.kind == "provisional")
        said = str(letters.content(letter.id))
    assert "forvaltningslova § 11 a" in said
    assert "Søkjaren opplyser om varig nedgang i inntekta" in said, "the reason"
    assert f"{later.expected.day}." in said if later.expected else False, "when an answer can be expected"
    me = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    desk.portal.log_in(me, OWNER)
    page = me.get(f"/sak/{case.id}").content.decode()
    assert "Vi skreiv til deg om at svaret tek lengre tid" in page
    assert "Svaret tek lengre tid enn vi sa." in page
    assert "Svaret tek lengre tid" in me.get("/min-side/postkasse").content.decode()
    desk.portal.sql("UPDATE cases_case SET due = current_date + 2 WHERE id = %s", case.id)
    assert "Du får svar innan" not in me.get("/min-side").content.decode(), "no promise that was taken back"
    at_work = desk.browser("saksbehandler i Stord").get(f"/saker/{case.id}").content.decode()
    assert "Søkeren har fått foreløpig svar" in at_work


def test_it_goes_once_and_again_only_when_the_new_date_nears(desk: Desk) -> None:
    case = case_of(desk, desk.apply())
    look_again(desk, case, days_before=DAYS_BEFORE)
    assert look_again(desk, case, days_before=1) == 1, "the job a second time, after a crash"
    assert look_again(desk, case_of(desk, case.id), days_before=DAYS_BEFORE) == 2
    jobs = desk.portal.sql(
        "SELECT count(*) FROM procrastinate_jobs WHERE args->>'name' = 'provisional-reply'"
    )
    assert jobs == [(1,)], "one look at a time, however often it has been told"


@pytest.mark.parametrize("days_before", [DAYS_BEFORE, 0, -10])
def test_a_case_that_is_answered_gets_none(desk: Desk, days_before: int) -> None:
    case = case_of(desk, desk.apply())
    with desk.scope_of(OWNER):
        cases.withdraw(case_id=case.id, by=Actor.resident(case.person_id), at=datetime.now(UTC))
    assert look_again(desk, case, days_before=days_before) == 0


def test_nobody_is_told_before_time(desk: Desk) -> None:
    case = case_of(desk, desk.apply())
    assert look_again(desk, case, days_before=DAYS_BEFORE + 1) == 0
    assert case_of(desk, case.id).expected is None


def test_one_decided_at_once_is_not_watched(desk: Desk) -> None:
    desk.apply("mor i Stord", varig_inntektsnedgang=False)
    assert desk.portal.sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
