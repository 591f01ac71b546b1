"""Logging in and out at ID-porten, in process and over HTTP: one set of tests for both."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jws

from dugnad.connectors.idporten.keys import KeyFileError, load_or_create
from dugnad.connectors.transport import Fault, Faulty, Response
from dugnad.identity.ports import EidLevel, EidRefusedError, EidUnavailableError, Refusal

from .conftest import CALLBACK, CLIENT_ID, GOODBYE, MOTHER, WORKER, World


def test_a_mother_logs_in(any_world: World) -> None:
    begun = any_world.begin(carry="/min-side")
    login = any_world.finish(begun, any_world.answer(begun))
    assert login.identity_number == MOTHER.identity_number
    assert login.acr is EidLevel.HIGH
    assert login.amr == ("BankID",)
    assert login.carried == "/min-side"
    assert login.transaction_id == begun.transaction_id
    assert login.authenticated_at == any_world.clock.now
    assert login.sid


def test_a_case_worker_types_a_number_and_logs_in_at_the_lower_level(any_world: World) -> None:
    begun = any_world.begin(EidLevel.SUBSTANTIAL)
    spaced = f"{WORKER.identity_number[:6]} {WORKER.identity_number[6:]}"
    login = any_world.finish(begun, any_world.answer(begun, number=spaced, login="1"))
    assert login.identity_number == WORKER.identity_number
    assert (login.acr, login.amr) == (EidLevel.SUBSTANTIAL, ("Minid-PIN",))


def test_a_higher_level_than_asked_is_welcome(world: World) -> None:
    begun = world.begin(EidLevel.SUBSTANTIAL)
    answer = world.answer(begun, person=MOTHER.identity_number, level="idporten-loa-high")
    assert world.finish(begun, answer).acr is EidLevel.HIGH


def test_the_person_keeps_the_same_pairwise_name(any_world: World) -> None:
    subs = []
    for _ in range(2):
        begun = any_world.begin()
        subs.append(any_world.finish(begun, any_world.answer(begun)).sub)
    assert subs[0] == subs[1]
    assert MOTHER.identity_number not in subs[0]


def test_nothing_personal_and_nothing_of_the_login_stands_in_a_url(any_world: World) -> None:
    begun = any_world.begin(carry="/min-side")
    assert dict(parse_qsl(urlsplit(begun.url).query)).keys() == {"client_id", "request_uri"}
    answer = any_world.answer(begun)
    assert answer.keys() == {"code", "state", "iss"}
    login = any_world.finish(begun, answer)
    out = any_world.client.end_session_url(
        sid=login.sid, return_to=GOODBYE, state="x", at=any_world.clock.now
    )
    seen = [begun.url, out, *answer.values(), *(url for _, url in any_world.requests)]
    assert not any(MOTHER.identity_number in url or login.id_token_for_logout in url for url in seen)
    assert MOTHER.identity_number not in repr(login)
    assert begun.transaction not in repr(begun)


def test_a_second_login_asks_for_endpoints_and_keys_no_more(any_world: World) -> None:
    for _ in range(2):
        begun = any_world.begin()
        any_world.finish(begun, any_world.answer(begun))
    gets = [url for method, url in any_world.requests if method == "GET"]
    assert len(gets) == 2
    any_world.clock.wait(hours=1)
    any_world.begin()
    assert [method for method, _ in any_world.requests[-2:]] == ["GET", "POST"]


def test_one_who_cancels_is_not_logged_in(any_world: World) -> None:
    begun = any_world.begin()
    with pytest.raises(EidRefusedError) as refused:
        any_world.finish(begun, any_world.answer(begun, cancel="1"))
    assert refused.value.code is Refusal.CANCELLED


def test_logging_out_ends_the_session_there_and_comes_back(any_world: World) -> None:
    begun = any_world.begin()
    login = any_world.finish(begun, any_world.answer(begun))
    at = any_world.clock.now
    url = any_world.client.end_session_url(sid=login.sid, return_to=GOODBYE, state="abc", at=at)
    response = any_world.visit(url)
    assert (response.status, response.headers["location"]) == (303, f"{GOODBYE}?state=abc")


def test_logging_out_with_the_id_token_is_a_form(world: World) -> None:
    begun = world.begin()
    login = world.finish(begun, world.answer(begun))
    world.clock.wait(hours=3)  # the token has long expired; as a hint it still serves
    form = world.client.end_session_form(
        id_token=login.id_token_for_logout, return_to=GOODBYE, state="", at=world.clock.now
    )
    assert "?" not in form.url
    assert world.simulator.issuer.end_session(form.fields) == (login.sid, GOODBYE)


def test_logging_out_elsewhere_names_our_session(any_world: World) -> None:
    begun = any_world.begin()
    sid = any_world.finish(begun, any_world.answer(begun)).sid
    token = any_world.simulator.issuer.logout_token(CLIENT_ID, sid)
    logout = any_world.client.backchannel_logout(logout_token=token, at=any_world.clock.now)
    assert logout.sid == sid
    again = any_world.simulator.issuer.logout_token(CLIENT_ID, sid)
    assert any_world.client.backchannel_logout(logout_token=again, at=any_world.clock.now) != logout
    query = {"iss": any_world.simulator.issuer.url, "sid": sid}
    assert any_world.client.frontchannel_logout(query=query, at=any_world.clock.now).sid == sid
    with pytest.raises(EidRefusedError):
        any_world.client.frontchannel_logout(query={**query, "iss": "x"}, at=any_world.clock.now)


def test_new_signing_keys_are_fetched_when_first_seen(any_world: World, key_folder: Path) -> None:
    begun = any_world.begin()
    any_world.finish(begun, any_world.answer(begun))
    any_world.simulator.issuer._key = load_or_create(key_folder / "stranger.json")  # the provider rotates
    any_world.clock.wait(minutes=2)
    begun = any_world.begin()
    assert any_world.finish(begun, any_world.answer(begun)).identity_number == MOTHER.identity_number


def test_while_the_provider_is_away_nobody_is_logged_in_and_nobody_is_refused(world: World) -> None:
    begun = world.begin()
    answer = world.answer(begun)
    world.away = True
    with pytest.raises(EidUnavailableError):
        world.finish(begun, answer)
    with pytest.raises(EidUnavailableError):
        world.new_client().begin(
            acr=EidLevel.HIGH, ui_locales="nb", redirect_uri=CALLBACK, at=world.clock.now
        )
    world.away = False
    assert world.finish(begun, answer).identity_number == MOTHER.identity_number


@pytest.mark.parametrize(
    "fault", [Fault.TIMEOUT, Fault.ERROR, Fault.BUSY, Fault.NONSENSE, Fault.WRONG_SCHEMA, Fault.CUT]
)
@pytest.mark.parametrize("step", ["discovery", "pushed request", "code", "keys"])
def test_whatever_is_wrong_with_the_provider_is_an_outage_and_no_refusal(
    world: World, fault: Fault, step: str
) -> None:
    faulty = Faulty(world.transport, fault, after=["discovery", "pushed request", "code", "keys"].index(step))
    world.transport = faulty
    with pytest.raises(EidUnavailableError):
        world.log_in()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"issuer": "https://other.example"}'])
def test_nonsense_from_the_provider_is_an_outage(world: World, body: bytes) -> None:
    world.change = lambda _url, _response: Response(status=200, headers={}, body=body)
    with pytest.raises(EidUnavailableError):
        world.begin()


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
def test_an_outage_told_through_the_browser_is_an_outage(world: World, error: str) -> None:
    begun = world.begin()
    answer = world.answer(begun, cancel="1") | {"error": error}
    with pytest.raises(EidUnavailableError):
        world.finish(begun, answer)


def test_a_free_text_from_the_provider_is_not_repeated(world: World) -> None:
    begun = world.begin()
    answer = world.answer(begun, cancel="1") | {"error": f"{MOTHER.name} {MOTHER.identity_number}"}
    with pytest.raises(EidRefusedError) as refused:
        world.finish(begun, answer)
    assert MOTHER.identity_number not in str(refused.value)
    assert "Kari" not in str(refused.value)


def test_the_client_signs_in_with_its_key_not_with_a_password(world: World) -> None:
    assertion = world.client._authentication(world.clock.now)["client_assertion"]
    header = jws.extract_compact(assertion.encode()).headers()
    assert header == {"typ": "JWT", "alg": "RS256", "kid": world.client_key.kid}


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key.json"
    key = load_or_create(path)
    assert load_or_create(path).as_dict(private=True) == key.as_dict(private=True)
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["key.json"]
    path.write_text("{}")
    with pytest.raises(KeyFileError, match="Delete it"):
        load_or_create(path)


def test_many_log_in_at_once(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        logins = list(pool.map(lambda _: world.log_in(), range(24)))
    assert len({login.sid for login in logins}) == len({login.transaction_id for login in logins}) == 24
