"""Logging in with the eID: who gets in, where to, and what is refused."""

from dataclasses import replace

import pytest
from django.test import Client

from dugnad.access.types import Role
from dugnad.facts.ports import REGISTERS, RegisterUnavailableError
from dugnad.identity import queries as identities
from dugnad.identity.ports import EidRefusedError, EidUnavailableError, Ports, Refusal
from dugnad.pages.sessions import COOKIE
from portal import FORM, Portal

KEY = COOKIE["key"]


def logged_in(client: Client) -> bool:
    return client.get("/min-side/innlogginger").status_code == 200


def test_a_resident_logs_in_and_comes_to_min_side(client: Client, portal: Portal) -> None:
    answer = portal.log_in_by_eid(client, "mor i Stord")
    assert (answer.status_code, answer["Location"]) == (303, "/min-side")
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    # Name from the population register, language from the contact register.
    assert (session.person_name, session.language, session.organisation_id) == ("Ingrid Sunde", "nn", None)
    assert client.cookies["dugnad-login"].value == ""


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: Client, portal: Portal) -> None:
    portal.log_in_by_eid(client, "mor i Stord")
    cookie = client.cookies[KEY]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["max-age"]) == ("Lax", "/", "")


def test_one_comes_back_to_the_page_one_wanted(client: Client, portal: Portal) -> None:
    sent = client.get("/min-side/innlogginger")
    assert sent["Location"] == "/logg-inn?videre=/min-side/innlogginger"
    answer = portal.log_in_by_eid(client, "mor i Stord", after="/min-side/innlogginger")
    assert answer["Location"] == "/min-side/innlogginger"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://ond.example/",
        "//ond.example",
        "/\\ond.example",
        "javascript:alert(1)",
        "/logg-ut",
        "/x" * 400,
    ],
)
def test_one_is_never_sent_elsewhere(client: Client, portal: Portal, wanted: str) -> None:
    assert portal.log_in_by_eid(client, "mor i Stord", after=wanted)["Location"] == "/min-side"


def test_staff_with_one_workplace_go_straight_to_their_cases(client: Client, portal: Portal) -> None:
    answer = portal.log_in_by_eid(client, "saksbehandler i Stord", at_work=True)
    assert answer["Location"] == "/saker"
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    assert session.organisation_id is not None


def test_an_administrator_begins_in_the_console(client: Client, portal: Portal) -> None:
    assert portal.log_in_by_eid(client, "administrator i Stord", at_work=True)["Location"] == "/konsoll"


def test_one_without_a_role_does_not_get_in_at_work(client: Client, portal: Portal) -> None:
    answer = portal.log_in_by_eid(client, "mor i Stord", at_work=True)
    assert answer.status_code == 403
    assert "Du har ingen rolle som ansatt her" in answer.content.decode()
    assert KEY not in client.cookies


def test_one_with_several_workplaces_chooses(client: Client, portal: Portal) -> None:
    portal.give_role("saksbehandler i Stord", "4601", Role.CASE_WORKER)
    answer = portal.log_in_by_eid(client, "saksbehandler i Stord", at_work=True, after="/saker")
    assert answer["Location"] == "/arbeidssted?videre=%2Fsaker"
    page = client.get(answer["Location"]).content.decode()
    assert "Bergen kommune" in page
    before = client.cookies[KEY].value
    bergen = portal.organisation("4601")
    chosen = client.post("/arbeidssted", {"arbeidssted": str(bergen), "videre": "/saker"})
    assert (chosen.status_code, chosen["Location"]) == (303, "/saker")
    assert client.cookies[KEY].value != before  # what the cookie opens has changed
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    assert session.organisation_id == bergen
    assert identities.session(before) is None


def test_nobody_chooses_a_workplace_they_do_not_have(client: Client, portal: Portal) -> None:
    portal.give_role("saksbehandler i Stord", "4601", Role.CASE_WORKER)
    portal.log_in(client, "saksbehandler i Stord", language="nb")
    oslo = portal.organisation("0301")
    answer = client.post("/arbeidssted", {"arbeidssted": str(oslo)})
    assert answer.status_code == 422
    assert "Velg hvor du er på jobb" in answer.content.decode()
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    assert session.organisation_id is None


def test_a_login_is_good_once(client: Client, portal: Portal) -> None:
    back = portal.answer_of_eid(client, "mor i Stord")
    sealed = client.cookies["dugnad-login"].value
    assert client.get(back).status_code == 303
    thief = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    thief.cookies["dugnad-login"] = sealed
    answer = thief.get(back)
    assert answer.status_code == 400
    assert KEY not in thief.cookies


def test_a_login_replayed_with_a_fresh_answer_is_refused_all_the_same(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the provider would give its code twice, one transaction opens one session."""
    login = portal.eid_login("mor i Stord", transaction_id="once")
    monkeypatch.setattr(Ports.eid, "finish", lambda **_: replace(login, carried="home "))
    assert client.get("/logg-inn/tilbake?code=x").status_code == 303
    again = Client().get("/logg-inn/tilbake?code=x")
    assert again.status_code == 400
    assert "allerede brukt" in again.content.decode()


def test_a_login_begun_in_another_browser_is_refused(client: Client, portal: Portal) -> None:
    """Login forgery: the victim's browser is led to the attacker's answer."""
    back = portal.answer_of_eid(client, "mor i Stord")
    victim = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    answer = victim.get(back)
    assert answer.status_code == 400
    assert "Vi finner ikke igjen innloggingen din" in answer.content.decode()


@pytest.mark.parametrize("number", ["12345678901", "", "01410050299", "0"])
def test_a_wrong_identity_number_lets_nobody_in(client: Client, portal: Portal, number: str) -> None:
    answer = portal.press_at_eid(client, "mor i Stord", number=number, login="1")
    assert answer.status_code == 422
    assert KEY not in client.cookies


def test_too_low_a_level_is_explained(client: Client, portal: Portal) -> None:
    number = portal.people["mor i Stord"].identity_number
    answer = portal.log_in_by_eid(client, "mor i Stord", person=number, level="idporten-loa-substantial")
    assert answer.status_code == 400
    assert "høyere sikkerhet" in answer.content.decode()


def test_one_who_cancels_is_told_that_nothing_happened(client: Client, portal: Portal) -> None:
    answer = portal.log_in_by_eid(client, "mor i Stord", cancel="1")
    assert answer.status_code == 200
    assert "Du avbrøt innloggingen" in answer.content.decode()


@pytest.mark.parametrize("code", list(Refusal))
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_refusal_has_its_words(
    client: Client, code: Refusal, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise EidRefusedError(code, "technical")

    monkeypatch.setattr(Ports.eid, "finish", refuse)
    answer = client.get("/logg-inn/tilbake", headers={"accept-language": language})
    assert answer["Content-Language"] == language
    assert "technical" not in answer.content.decode()


def test_a_provider_that_is_away_is_said_to_be(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise EidUnavailableError

    monkeypatch.setattr(Ports.eid, "begin", away)
    answer = client.post("/logg-inn", {"som": "hjemme", "videre": "/min-side"})
    assert answer.status_code == 503
    assert "svarer ikke akkurat nå" in answer.content.decode()


def test_registers_that_are_away_do_not_keep_anybody_out(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RegisterUnavailableError("x", "timed out")

    for register in ("folkeregisteret", "kontaktregisteret"):
        monkeypatch.setattr(REGISTERS[register], "lookup", away)
    assert portal.log_in_by_eid(client, "mor i Stord").status_code == 303
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    assert session.person_name == ""
    page = client.get("/min-side/innlogginger").content.decode()
    assert "Innlogget som" in page  # the frame does not look as if nobody were there


def test_what_was_known_of_the_person_stays_when_registers_are_away(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.log_in(Client(), "mor i Stord")
    opened = portal.log_in(client, "mor i Stord")
    assert opened.person_id is not None
    monkeypatch.setitem(REGISTERS, "folkeregisteret", _Away())
    assert portal.log_in_by_eid(client, "mor i Stord").status_code == 303
    session = identities.session(client.cookies[KEY].value)
    assert session is not None
    assert session.person_name == "Ingrid Sunde"


class _Away:
    name = "folkeregisteret"

    def lookup(self, *_: object, **__: object) -> None:
        raise RegisterUnavailableError(self.name, "timed out")


def test_the_login_page_says_that_nothing_is_lost(client: Client) -> None:
    page = client.get("/logg-inn?videre=/soknad/x&utlopt=1").content.decode()
    assert "er det tatt vare på" in page
    assert 'name="videre" value="/soknad/x"' in page


def test_for_a_page_of_the_desk_work_comes_first(client: Client) -> None:
    page = client.get("/logg-inn?videre=/saker/x").content.decode()
    assert page.index('value="jobb"') < page.index('value="hjemme"')


def test_each_login_gives_a_new_cookie(client: Client, portal: Portal) -> None:
    """Session fixation: a cookie planted before the login opens nothing after it."""
    client.cookies[KEY] = "A" * 43
    portal.log_in_by_eid(client, "mor i Stord")
    assert client.cookies[KEY].value != "A" * 43
    assert identities.session("A" * 43) is None


def test_a_forged_login_form_is_refused(portal: Portal) -> None:
    strict = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    answer = strict.post("/logg-inn", "som=hjemme", content_type=FORM)
    assert answer.status_code == 403


def test_localhost_comes_back_to_localhost(portal: Portal) -> None:
    here = Client(SERVER_NAME="localhost", SERVER_PORT="8000")
    back = portal.answer_of_eid(here, "mor i Stord")
    assert here.get(back).status_code == 303
