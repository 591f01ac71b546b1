"""What someone may try against a login, and that each is refused before anyone is logged in."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey
from joserfc.util import urlsafe_b64encode

from dugnad.connectors.idporten.keys import load_or_create
from dugnad.connectors.transport import Response
from dugnad.identity.ports import EidLevel, EidRefusedError, EidUnavailableError, Refusal

from .conftest import CALLBACK, CLIENT_ID, MOTHER, World

Claims = dict[str, Any]


def refused(world: World, begun: Any, answer: dict[str, str]) -> Refusal:
    with pytest.raises(EidRefusedError) as caught:
        world.finish(begun, answer)
    assert MOTHER.identity_number not in str(caught.value)
    return caught.value.code


def with_token(world: World, make: Callable[[Claims, dict[str, Any]], str]) -> Refusal:
    """Log in, with the id token on its way to the client replaced by what `make` returns."""

    def change(url: str, response: Response) -> Response:
        if not url.endswith("/token"):
            return response
        answer = json.loads(response.body)
        genuine = jwt.decode(answer["id_token"], world.simulator.issuer._key)
        answer["id_token"] = make(dict(genuine.claims), dict(genuine.header))
        return Response(status=response.status, headers=response.headers, body=json.dumps(answer).encode())

    begun = world.begin()
    answer = world.answer(begun)
    world.change = change
    return refused(world, begun, answer)


def test_a_code_serves_once(any_world: World) -> None:
    begun = any_world.begin()
    answer = any_world.answer(begun)
    any_world.finish(begun, answer)
    assert refused(any_world, begun, answer) is Refusal.CODE_REFUSED


def test_a_code_serves_for_a_minute(any_world: World) -> None:
    begun = any_world.begin()
    answer = any_world.answer(begun)
    any_world.clock.wait(seconds=60)
    assert refused(any_world, begun, answer) is Refusal.CODE_REFUSED


def test_a_login_must_be_finished_within_ten_minutes(any_world: World) -> None:
    begun = any_world.begin()
    any_world.clock.wait(minutes=9, seconds=59)
    answer = any_world.answer(begun)
    any_world.clock.wait(seconds=1)
    assert refused(any_world, begun, answer) is Refusal.EXPIRED


def test_a_code_of_another_session_cannot_be_slipped_in(any_world: World) -> None:
    """The thief's own code in the victim's browser, with the victim's state: PKCE tells them apart."""
    thiefs, victims = any_world.begin(), any_world.begin()
    stolen = any_world.answer(thiefs)
    answer = any_world.answer(victims) | {"code": stolen["code"]}
    assert refused(any_world, victims, answer) is Refusal.CODE_REFUSED


def test_an_answer_to_another_login_is_refused_before_its_code_is_used(any_world: World) -> None:
    thiefs, victims = any_world.begin(), any_world.begin()
    answer = any_world.answer(thiefs)
    any_world.requests.clear()
    assert refused(any_world, victims, answer) is Refusal.STATE_MISMATCH
    assert any_world.requests == []


@pytest.mark.parametrize("state", ["", "x", "æ"])
def test_a_wrong_state_is_refused(world: World, state: str) -> None:
    begun = world.begin()
    assert refused(world, begun, world.answer(begun) | {"state": state}) is Refusal.STATE_MISMATCH


def test_an_answer_without_state_or_code_is_refused(world: World) -> None:
    begun = world.begin()
    answer = world.answer(begun)
    assert refused(world, begun, {}) is Refusal.STATE_MISMATCH
    without_code = {name: value for name, value in answer.items() if name != "code"}
    assert refused(world, begun, without_code) is Refusal.REQUEST_REFUSED


@pytest.mark.parametrize("issuer", ["https://evil.example", "", None])
def test_an_answer_of_another_issuer_is_refused_before_its_code_is_used(
    world: World, issuer: str | None
) -> None:
    """The mix-up attack (RFC 9207); a missing `iss` is refused too, as the provider promised to send it."""
    begun = world.begin()
    answer = world.answer(begun)
    world.requests.clear()
    changed = {name: value for name, value in answer.items() if name != "iss"}
    if issuer is not None:
        changed["iss"] = issuer
    assert refused(world, begun, changed) is Refusal.ISSUER_MISMATCH
    assert world.requests == []


def test_a_lower_level_than_asked_is_refused(any_world: World) -> None:
    begun = any_world.begin(EidLevel.HIGH)
    answer = any_world.answer(begun, person=MOTHER.identity_number, level="idporten-loa-substantial")
    assert refused(any_world, begun, answer) is Refusal.LEVEL_TOO_LOW


@pytest.mark.parametrize("acr", ["idporten-loa-low", "Level4", "", None, ["idporten-loa-high"], 4])
def test_an_unknown_level_is_no_level(world: World, acr: object) -> None:
    assert with_token(world, signed_by(world, acr=acr)) is Refusal.LEVEL_TOO_LOW


def signed_by(world: World, **changes: Any) -> Callable[[Claims, dict[str, Any]], str]:
    """A token as the provider itself would sign it, with some claims changed; `...` removes one."""

    def make(claims: Claims, header: dict[str, Any]) -> str:
        changed = {name: value for name, value in (claims | changes).items() if value is not ...}
        return jwt.encode(header, changed, world.simulator.issuer._key, algorithms=["RS256"])

    return make


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": ...},
        {"nonce": 1},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": [CLIENT_ID, "another-client"]},
        {"aud": ...},
        {"azp": "another-client"},
        {"iss": "https://evil.example"},
        {"iss": ...},
        {"pid": ...},
        {"pid": "12345678901"},
        {"pid": 17859012345},
        {"sub": ""},
        {"sid": ...},
        {"exp": ...},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"iat": ...},
    ],
    ids=repr,
)
def test_a_token_with_a_wrong_claim_is_refused(world: World, changes: Claims) -> None:
    assert with_token(world, signed_by(world, **changes)) is Refusal.TOKEN_INVALID


@pytest.mark.parametrize(
    ("claim", "offset"),
    [
        ("exp", timedelta(seconds=-30)),
        ("iat", timedelta(seconds=31)),
        ("iat", timedelta(minutes=-16)),
        ("nbf", timedelta(seconds=31)),
    ],
)
def test_a_token_out_of_its_time_is_refused(world: World, claim: str, offset: timedelta) -> None:
    moment = int((world.clock.now + offset).timestamp())
    assert with_token(world, signed_by(world, **{claim: moment})) is Refusal.TOKEN_INVALID


def test_clocks_may_differ_by_half_a_minute(world: World) -> None:
    begun = world.begin()
    answer = world.answer(begun)
    world.clock.wait(seconds=-29)
    at = world.clock.now
    world.clock.wait(seconds=29)
    login = world.client.finish(transaction=begun.transaction, query=answer, at=at)
    assert login.identity_number == MOTHER.identity_number


def test_an_unsigned_token_is_refused(world: World) -> None:
    def make(claims: Claims, header: dict[str, Any]) -> str:
        parts = [json.dumps(header | {"alg": "none"}).encode(), json.dumps(claims).encode()]
        return ".".join([*(urlsafe_b64encode(part).decode() for part in parts), ""])

    assert with_token(world, make) is Refusal.TOKEN_INVALID


def test_the_public_key_is_no_password(world: World) -> None:
    """HS256 with the provider's public key as its secret: the classic confusion of algorithms."""

    def make(claims: Claims, header: dict[str, Any]) -> str:
        public = world.simulator.issuer._key.as_pem(private=False)
        return jwt.encode(header | {"alg": "HS256"}, claims, OctKey.import_key(urlsafe_b64encode(public)))

    assert with_token(world, make) is Refusal.TOKEN_INVALID


@pytest.mark.parametrize("algorithm", ["PS256", "RS512"])
def test_only_the_agreed_algorithm_is_taken(world: World, algorithm: str) -> None:
    def make(claims: Claims, header: dict[str, Any]) -> str:
        key = world.simulator.issuer._key
        return jwt.encode(header | {"alg": algorithm}, claims, key, algorithms=[algorithm])

    assert with_token(world, make) is Refusal.TOKEN_INVALID


@pytest.mark.parametrize("kid", ["of the stranger", "of the provider", None])
def test_a_strangers_signature_is_refused(world: World, key_folder: Path, kid: str | None) -> None:
    def make(claims: Claims, header: dict[str, Any]) -> str:
        stranger = load_or_create(key_folder / "stranger.json")
        if kid == "of the stranger":
            header["kid"] = stranger.kid
        elif kid is None:
            del header["kid"]
        # A key in the token's own header must never be believed.
        header["jwk"] = stranger.as_dict(private=False)
        return jwt.encode(header, claims, stranger, algorithms=["RS256"])

    assert with_token(world, make) is Refusal.TOKEN_INVALID


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 20_000])
def test_junk_is_no_token(world: World, token: str) -> None:
    assert with_token(world, lambda _claims, _header: token) is Refusal.TOKEN_INVALID


def test_unknown_keys_do_not_make_us_hammer_the_provider(world: World, key_folder: Path) -> None:
    stranger = load_or_create(key_folder / "stranger.json")
    forged = jwt.encode({"alg": "RS256", "kid": stranger.kid}, {}, stranger, algorithms=["RS256"])
    for _ in range(5):
        with pytest.raises(EidRefusedError):
            world.client.backchannel_logout(logout_token=forged, at=world.clock.now)
    assert sum(url.endswith("/jwks") for _, url in world.requests) == 1


def test_an_id_token_is_no_logout_token_and_the_other_way(world: World) -> None:
    begun = world.begin()
    login = world.finish(begun, world.answer(begun))
    with pytest.raises(EidRefusedError):
        world.client.backchannel_logout(logout_token=login.id_token_for_logout, at=world.clock.now)
    logout_token = world.simulator.issuer.logout_token(CLIENT_ID, login.sid)
    assert with_token(world, lambda _claims, _header: logout_token) is Refusal.TOKEN_INVALID


@pytest.mark.parametrize(
    "changes",
    [{"events": {}}, {"events": ...}, {"sid": ...}, {"jti": ...}, {"nonce": "n"}, {"aud": "x"}],
    ids=repr,
)
def test_a_logout_token_with_a_wrong_claim_is_refused(world: World, changes: Claims) -> None:
    genuine = jwt.decode(world.simulator.issuer.logout_token(CLIENT_ID, "sid"), world.simulator.issuer._key)
    forged = signed_by(world, **changes)(dict(genuine.claims), dict(genuine.header))
    with pytest.raises(EidRefusedError):
        world.client.backchannel_logout(logout_token=forged, at=world.clock.now)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.floats(0, 1, exclude_max=True), letter=st.sampled_from("Aa0-_.Z~æ"))
def test_the_cookie_cannot_be_changed(world: World, position: float, letter: str) -> None:
    begun = getattr(world, "_begun", None) or world.begin()
    world._begun = begun  # type: ignore[attr-defined]
    body = begun.transaction[:-1]  # the last letter has spare bits that mean nothing
    index = int(position * len(body))
    if body[index] == letter:
        return
    tampered = body[:index] + letter + body[index + 1 :] + begun.transaction[-1]
    with pytest.raises(EidRefusedError) as caught:
        world.client.finish(transaction=tampered, query={}, at=world.clock.now)
    assert caught.value.code is Refusal.TRANSACTION_INVALID


@pytest.mark.parametrize("junk", ["", "x", "a.b.c.d.e", "A" * 5000])
def test_junk_in_the_cookie_is_refused(world: World, junk: str) -> None:
    with pytest.raises(EidRefusedError) as caught:
        world.client.finish(transaction=junk, query={}, at=world.clock.now)
    assert caught.value.code is Refusal.TRANSACTION_INVALID


def test_a_cookie_of_a_server_with_another_secret_is_refused(world: World) -> None:
    begun = world.begin()
    other = world.new_client(secret=b"another secret, at least 32 bytes long")
    with pytest.raises(EidRefusedError) as caught:
        other.finish(transaction=begun.transaction, query=world.answer(begun), at=world.clock.now)
    assert caught.value.code is Refusal.TRANSACTION_INVALID


def test_the_cookie_hides_what_it_carries_and_fits_in_a_cookie(world: World) -> None:
    begun = world.begin(carry="/min-side/" + "x" * 490)
    state = world.answer(begun)["state"]
    assert state not in begun.transaction
    assert len(begun.transaction) < 3000


def test_a_weak_secret_or_too_much_to_carry_is_a_mistake_of_ours(world: World) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        world.new_client(secret=b"short")
    with pytest.raises(ValueError, match="500"):
        world.begin(carry="x" * 501)
    with pytest.raises(ValueError, match="ui_locales"):
        world.begin(ui_locales="de")


def test_an_unregistered_callback_is_refused_at_once(any_world: World) -> None:
    for uri in (
        "https://evil.example/",
        CALLBACK + "/",
        CALLBACK + "?x=1",
        CALLBACK.replace("127.0.0.1", "localhost"),
    ):
        with pytest.raises(EidRefusedError) as caught:
            any_world.begin(redirect_uri=uri)
        assert caught.value.code is Refusal.REQUEST_REFUSED


def test_a_discovery_document_cannot_lead_to_another_kind_of_address(world: World) -> None:
    def change(_url: str, response: Response) -> Response:
        body = response.body.replace(
            b"http://127.0.0.1:8000/simulator/idporten/token", b"ftp://evil.example/token"
        )
        return Response(status=response.status, headers=response.headers, body=body)

    world.change = change
    with pytest.raises(EidUnavailableError, match="token_endpoint"):
        world.begin()


def test_the_same_request_cannot_be_answered_twice(world: World) -> None:
    begun = world.begin()
    page = world.visit(begun.url)
    world.answer(begun)
    assert page.status == 200
    assert world.visit(begun.url).status == 400
    query = dict(parse_qsl(urlsplit(begun.url).query))
    assert "request_uri" in query
