"""A parent acts for a child, a guardian for a ward: as the population register says at that moment, and nobody else."""

import pytest
from django.test import Client

from dugnad.facts.ports import REGISTERS, RegisterUnavailableError
from dugnad.identity import queries as identities
from dugnad.pages.sessions import COOKIE
from portal import Portal

KEY = COOKIE["key"]
PAGE = "/min-side/representasjon"


def acting_for(client: Client) -> str:
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    return session.acting_for_name


def test_a_mother_finds_her_children(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord", language="nb")
    page = client.get(PAGE).content.decode()
    assert page.index("Nora Sunde") < page.index("Odin Sunde")  # the elder first
    assert "Du har foreldreansvar" in page


def test_acting_is_shown_on_every_page_until_it_stops(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord", language="nb")
    child = portal.represented(client)["Nora Sunde"]
    before = client.cookies[KEY].value
    answer = client.post(PAGE, {"person": child})
    assert (answer.status_code, answer["Location"]) == (303, "/min-side")
    assert client.cookies[KEY].value != before
    assert identities.session(before) is None
    for page in ("/", "/tjenester", "/min-side/innlogginger", "/personvern"):
        assert "Du handler på vegne av <strong>Nora Sunde</strong>" in client.get(page).content.decode()
    during = client.cookies[KEY].value
    client.post("/min-side/stopp-representasjon")
    assert client.cookies[KEY].value != during
    assert acting_for(client) == ""
    page = client.get("/").content.decode()
    assert "på vegne av <strong>" not in page
    assert "Nå handler du for deg selv igjen." in page
    assert "Nå handler du for deg selv igjen." not in client.get("/").content.decode()  # said once


def test_a_guardian_acts_for_a_ward(client: Client, portal: Portal) -> None:
    portal.log_in(client, "verge", language="nb")
    assert "Du er verge" in client.get(PAGE).content.decode()
    client.post(PAGE, {"person": portal.represented(client)["Kåre Vatne"]})
    assert acting_for(client) == "Kåre Vatne"


def test_nobody_acts_for_a_child_that_is_not_theirs(client: Client, portal: Portal) -> None:
    portal.log_in(mother := Client(), "mor i Stord")
    child = portal.represented(mother)["Nora Sunde"]
    portal.log_in(client, "nabo i Stord", language="nb")
    for wanted in (child, "", "junk", portal.people["mor i Stord"].identity_number):
        answer = client.post(PAGE, {"person": wanted})
        assert answer.status_code == 403
        assert "Nora" not in answer.content.decode()
    assert acting_for(client) == ""


def test_a_parent_without_responsibility_does_not_find_the_child(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register is asked again at the very moment: responsibility lost yesterday is lost."""
    portal.log_in(client, "mor i Stord")
    child = portal.represented(client)["Nora Sunde"]
    real = REGISTERS["folkeregisteret"].lookup

    def without(*args: object, **more: object) -> object:
        answers = real(*args, **more)  # type: ignore[arg-type]
        for answer in answers.values():
            for one in answer.values.get("barn", ()):  # type: ignore[attr-defined]
                one["foreldreansvar"] = False
        return answers

    monkeypatch.setattr(REGISTERS["folkeregisteret"], "lookup", without)
    assert client.post(PAGE, {"person": child}).status_code == 403


def test_acting_does_not_reach_further(client: Client, portal: Portal) -> None:
    """While acting for a child one is offered one's own children still, never the child's relatives."""
    portal.log_in(client, "mor i Stord")
    people = portal.represented(client)
    client.post(PAGE, {"person": people["Nora Sunde"]})
    assert portal.represented(client).keys() == {"Odin Sunde"}


def test_without_the_register_nobody_acts(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.log_in(client, "mor i Stord", language="nb")
    child = portal.represented(client)["Nora Sunde"]

    def away(*_: object, **__: object) -> None:
        raise RegisterUnavailableError("folkeregisteret", "timed out")

    monkeypatch.setattr(REGISTERS["folkeregisteret"], "lookup", away)
    answer = client.post(PAGE, {"person": child})
    assert answer.status_code == 503
    assert "svarer ikke akkurat nå" in answer.content.decode()
    assert acting_for(client) == ""


def test_one_without_children_is_told_so(client: Client, portal: Portal) -> None:
    portal.log_in(client, "person med verge", language="nb")
    assert "Det er ingen du kan handle på vegne av" in client.get(PAGE).content.decode()


def test_at_work_one_acts_for_nobody(client: Client, portal: Portal) -> None:
    portal.log_in(client, "saksbehandler i Stord", at_work=True)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"person": "x"}).status_code == 403


def test_going_to_work_ends_acting(client: Client, portal: Portal) -> None:
    portal.log_in(client, "saksbehandler i Stord")
    portal.sql("UPDATE identity_session SET acting_for = gen_random_uuid(), acting_for_name = 'X'")
    client.post("/arbeidssted", {"arbeidssted": str(portal.organisation("4614"))})
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    assert session.organisation_id is not None
    assert session.acting_for is None


def test_the_log_says_who_acted_for_whom(client: Client, portal: Portal) -> None:
    opened = portal.log_in(client, "mor i Stord")
    child = portal.represented(client)["Nora Sunde"]
    client.post(PAGE, {"person": child})
    rows = portal.sql("SELECT actor, person_id::text FROM audit_entry WHERE action = 'acting.began'")
    assert rows == [(f"resident:{opened.person_id}", child)]
