"""The simulator is as strict as the real thing, says what it is, and works without scripts."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import yaml
from joserfc import jwt

from dugnad.connectors.idporten.client import IdPorten
from dugnad.connectors.idporten.embedded import PATH, Site, embedded
from dugnad.connectors.idporten.keys import load_or_create
from dugnad.connectors.idporten.simulator import store as memory
from dugnad.connectors.idporten.simulator.issuer import RefusedError
from dugnad.connectors.idporten.simulator.norway import NorwayPersons
from dugnad.connectors.idporten.simulator.ports import Group
from dugnad.connectors.norway import Store, generate
from dugnad.connectors.transport import Request
from dugnad.identity.ports import EidLevel, EidRefusedError
from dugnad.shared.national_identity_number import Series, numbers_for, parse

from .conftest import CALLBACK, CLIENT_ID, GOODBYE, MOTHER, PREFIX, WORKER, Clock, World

Form = dict[str, str]


def form_of(world: World, ask: Callable[[IdPorten], object]) -> Form:
    """The form the client would push, without pushing it."""
    sent: list[Form] = []

    def post(_url: str, form: Form) -> tuple[int, dict[str, str]]:
        sent.append(dict(form))
        return 400, {"error": "invalid_request"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.client._provider, "post", post)
        with pytest.raises(EidRefusedError):
            ask(world.client)
    return sent[0]


@pytest.fixture
def pushed(world: World) -> Form:
    return form_of(
        world,
        lambda client: client.begin(
            acr=EidLevel.HIGH, ui_locales="nb", redirect_uri=CALLBACK, at=world.clock.now
        ),
    )


def code_of(world: World, form: Form) -> str:
    with pytest.raises(RefusedError) as caught:
        world.simulator.issuer.push(form)
    return caught.value.error


def signed(world: World, **changes: object) -> str:
    now = int(world.clock.now.timestamp())
    claims = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": world.simulator.issuer.url,
        "jti": "once",
        "iat": now,
        "exp": now + 60,
    }
    kept = {name: value for name, value in (claims | changes).items() if value is not ...}
    return jwt.encode({"alg": "RS256", "kid": world.client_key.kid}, kept, world.client_key)


def test_a_good_request_is_taken_and_answered(world: World, pushed: Form) -> None:
    request_uri, seconds = world.simulator.issuer.push(pushed)
    assert request_uri.startswith("urn:ietf:params:oauth:request_uri:")
    assert seconds == 600


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "unknown"}, "invalid_client"),
        ({"client_assertion": "x"}, "invalid_client"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"client_assertion_type": "password"}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"acr_values": "Level5"}, "invalid_request"),
    ],
    ids=repr,
)
def test_a_bad_request_is_refused(world: World, pushed: Form, changes: Form, error: str) -> None:
    assert code_of(world, pushed | changes) == error


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"sub": "another"},
        {"aud": "https://evil.example"},
        {"aud": ...},
        {"jti": ...},
        {"jti": ""},
        {"exp": ...},
        {"exp": 0},
        {"exp": 99_999_999_999},
        {"iat": 99_999_999_999},
    ],
    ids=repr,
)
def test_a_bad_client_assertion_is_refused(world: World, pushed: Form, changes: dict[str, object]) -> None:
    assert code_of(world, pushed | {"client_assertion": signed(world, **changes)}) == "invalid_client"


def test_an_assertion_serves_once_also_for_another_process(world: World, pushed: Form) -> None:
    world.simulator.issuer.push(pushed)
    world.simulator.issuer._store = memory.Store(world.folder / "state.sqlite3")
    assert code_of(world, pushed) == "invalid_client"


def test_a_strangers_assertion_is_refused(world: World, pushed: Form, key_folder: Path) -> None:
    stranger = load_or_create(key_folder / "stranger.json")
    claims = jwt.decode(pushed["client_assertion"], world.client_key).claims
    forged = jwt.encode({"alg": "RS256", "kid": world.client_key.kid}, claims, stranger)
    assert code_of(world, pushed | {"client_assertion": forged}) == "invalid_client"


def test_what_has_expired_is_forgotten(tmp_path: Path, world: World) -> None:
    store, now = memory.Store(tmp_path / "s.sqlite3"), world.clock.now
    store.keep("code", "a", {"x": 1}, expires=now + timedelta(seconds=60), at=now)
    assert store.peek("code", "a", at=now + timedelta(seconds=59)) == {"x": 1}
    assert store.peek("code", "a", at=now + timedelta(seconds=60)) is None
    store.keep("code", "b", {}, expires=now + timedelta(minutes=9), at=now + timedelta(seconds=60))
    assert store.take("code", "a", at=now) is None
    assert store.take("code", "b", at=now) == {}
    assert store.take("code", "b", at=now) is None


def test_logging_out_never_sends_anyone_to_an_unregistered_page(world: World) -> None:
    url = world.simulator.issuer.url + "/endsession?"
    assert (
        world.visit(url + urlencode({"client_id": CLIENT_ID, "post_logout_redirect_uri": GOODBYE})).status
        == 303
    )
    for given in (
        {"client_id": CLIENT_ID, "post_logout_redirect_uri": "https://evil.example"},
        {"post_logout_redirect_uri": GOODBYE},
        {"id_token_hint": "x.y.z", "post_logout_redirect_uri": GOODBYE},
    ):
        response = world.visit(url + urlencode(given))
        assert (response.status, "location" in response.headers) == (400, False)
    assert "Du er logget ut" in world.visit(url).body.decode()


BANNERS = {
    "nb": "Dette er en simulator – ingen ekte innlogging",
    "nn": "Dette er ein simulator – inga ekte innlogging",
    "en": "This is a simulator – not a real login",
    "se": "Dette er en simulator – ingen ekte innlogging",
}


@pytest.mark.parametrize("language", list(BANNERS))
def test_the_page_says_in_ones_language_that_it_is_a_simulator(world: World, language: str) -> None:
    page = world.visit(world.begin(ui_locales=language).url)
    assert BANNERS[language] in page.body.decode()
    assert f'<html lang="{language if language != "se" else "nb"}">' in page.body.decode()


def test_the_language_can_be_changed_and_stays(world: World) -> None:
    begun = world.begin(ui_locales="nb")
    assert BANNERS["en"] in world.visit(begun.url + "&lang=en").body.decode()
    assert BANNERS["en"] in world.press(begun, lang="en", number="1", login="1").body.decode()


def test_the_page_needs_no_script_and_loads_nothing_from_elsewhere(world: World) -> None:
    page = world.visit(world.begin().url)
    html = page.body.decode()
    assert "<script" not in html
    assert " style=" not in html
    assert "<style" not in html
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    assert page.headers["cache-control"] == "no-store"
    sheet = re.search(r'rel="stylesheet" href="([^"]+)"', html)
    assert sheet
    assert sheet[1].startswith(PREFIX)
    assert world.visit(sheet[1]).headers["content-type"].startswith("text/css")


def test_residents_and_staff_are_listed_apart_with_no_number_in_any_address(world: World) -> None:
    html = world.visit(world.begin(ui_locales="nb").url).body.decode()
    assert (
        html.index('id="resident"')
        < html.index(MOTHER.name)
        < html.index('id="staff"')
        < html.index(WORKER.name)
    )
    assert "Mor til to i barnehage" in html
    assert not any(
        MOTHER.identity_number in address for address in re.findall(r'(?:href|action)="([^"]*)"', html)
    )


def test_test_persons_can_be_found_by_a_word(world: World) -> None:
    begun = world.begin(ui_locales="nb")
    page = world.press(begun, filter="KARI stord", search="1")
    assert page.status == 200
    assert MOTHER.name in page.body.decode()
    assert WORKER.name not in page.body.decode()
    assert "Ingen testpersoner passer" in world.press(begun, filter="Bergen", search="1").body.decode()
    assert world.finish(begun, world.answer(begun)).identity_number == MOTHER.identity_number


REAL = next(numbers_for(date(1990, 5, 17), female=True, series=Series.REAL))
NOBODY = next(numbers_for(date(1955, 3, 4), female=False))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Skriv et fødselsnummer."),
        ("1234567890a", "Nummeret kan bare ha siffer."),
        ("123", "Nummeret må ha 11 siffer."),
        ("99999999999", "De første seks sifrene er ikke en dato."),
        (MOTHER.identity_number[:10] + str((int(MOTHER.identity_number[10]) + 1) % 10), "tastefeil"),
        (f"{REAL:011d}", "Bare syntetiske personer"),
        (f"{NOBODY:011d}", "Ingen i det syntetiske Norge"),
        ("<script>alert(1)</script>", "Nummeret kan bare ha siffer."),
    ],
)
def test_a_wrong_number_gets_a_clear_answer_beside_the_field(world: World, typed: str, said: str) -> None:
    begun = world.begin(ui_locales="nb")
    page = world.press(begun, number=typed, login="1")
    html = page.body.decode()
    assert page.status == 422
    assert html.count(said) == 2, "in the summary and beside the field"
    assert 'aria-invalid="true"' in html
    assert 'href="#number"' in html
    assert "<title>Feil:" in html
    assert "<script" not in html
    assert world.finish(begun, world.answer(begun)).identity_number == MOTHER.identity_number, (
        "nothing is lost"
    )


def test_an_unknown_level_is_asked_for_again(world: World) -> None:
    page = world.press(world.begin(ui_locales="nb"), person=MOTHER.identity_number, level="x")
    assert page.status == 422
    assert "Velg et sikkerhetsnivå." in page.body.decode()


def test_an_unknown_request_shows_a_page_and_sends_nobody_anywhere(world: World) -> None:
    page = world.visit(f"{world.simulator.issuer.url}/authorize?client_id={CLIENT_ID}&request_uri=x&lang=en")
    assert (page.status, "location" in page.headers) == (400, False)
    assert "The login cannot go on" in page.body.decode()


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/x", 404), ("GET", "/par", 404), ("PUT", "/par", 405)]
)
def test_other_addresses_are_refused(world: World, method: str, path: str, status: int) -> None:
    assert world.simulator.handle(Request(method, PREFIX + path, {}, b"")).status == status
    assert world.simulator.handle(Request("POST", PREFIX + "/par", {}, b"x" * 70_000)).status == 400
    assert world.simulator.handle(Request("POST", PREFIX + "/token", {}, b"\xff\x00")).status == 401


def test_every_text_stands_in_every_language() -> None:
    folder = files("dugnad.connectors.idporten.simulator").joinpath("templates")
    texts = yaml.safe_load(folder.joinpath("texts.yaml").read_text(encoding="utf-8"))
    assert [
        key for key, text in texts.items() if set(text) != {"nb", "nn", "en"} or not all(text.values())
    ] == []


def test_django_serves_it(world: World) -> None:
    from django.test import RequestFactory
    from django.urls import include, path, resolve

    from dugnad.connectors.idporten.simulator.views import urlpatterns

    urlconf = (path(PREFIX.lstrip("/") + "/", include(urlpatterns(world.simulator))),)
    begun = world.begin()
    match = resolve(f"{PREFIX}/authorize", urlconf)  # type: ignore[arg-type]
    page = match.func(RequestFactory().get(begun.url.removeprefix("http://127.0.0.1:8000")))
    assert page.status_code == 200
    assert page["content-security-policy"].startswith("default-src 'none'")
    assert MOTHER.name in page.content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    chosen = {**hidden, "person": MOTHER.identity_number, "level": "idporten-loa-high"}
    back = match.func(
        RequestFactory().post(f"{PREFIX}/authorize", urlencode(chosen), "application/x-www-form-urlencoded")
    )
    assert back.status_code == 303
    assert back["location"].startswith(CALLBACK)


@pytest.fixture(scope="module")
def norway(tmp_path_factory: pytest.TempPathFactory) -> NorwayPersons:
    path = tmp_path_factory.mktemp("norway") / "norway.sqlite3"
    generate(path, persons=1000)
    return NorwayPersons(Store(path))


def test_the_synthetic_norway_can_log_in(norway: NorwayPersons) -> None:
    listed = norway.test_persons()
    assert {person.group for person in listed} == set(Group)
    for person in listed:
        assert parse(person.identity_number).series is Series.SKATTEETATEN_SYNTHETIC
        assert set(person.description) == {"nb", "nn", "en"}
        found = norway.find(person.identity_number)
        assert found is not None
        assert (found.name, found.municipality) == (person.name, person.municipality)
    assert any(person.municipality == "Stord" for person in listed)
    assert norway.find(f"{NOBODY:011d}") is None


def test_the_embedded_default_lets_another_process_finish_a_login(
    tmp_path: Path, norway: NorwayPersons
) -> None:
    """Two web processes with one folder: one begins, the browser meets the other, the first one finishes."""
    clock = Clock()
    site = Site(["http://127.0.0.1:8123", "http://localhost:8123"], "/logg-inn/retur", "/logget-ut")
    (client, simulator), (_, other) = (
        embedded(site, folder=tmp_path, norway=norway._store.path, secret=b"x" * 32, clock=clock)
        for _ in range(2)
    )
    callback = "http://localhost:8123/logg-inn/retur"
    begun = client.begin(acr=EidLevel.HIGH, ui_locales="nb", redirect_uri=callback, at=clock.now)
    person = norway.test_persons()[0]
    form = dict(parse_qsl(urlsplit(begun.url).query)) | {"person": person.identity_number}
    request = Request("POST", f"{PATH}/authorize", {}, urlencode(form).encode())
    location = other.handle(request).headers["location"]
    assert location.startswith(callback)
    query = dict(parse_qsl(urlsplit(location).query))
    login = client.finish(transaction=begun.transaction, query=query, at=clock.now)
    assert login.identity_number == person.identity_number
    assert simulator.handle(request).status == 400, "the request is used up in every process"
