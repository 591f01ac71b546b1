"""Every way a page can fail ends in a page that says what happened and what to do, in three languages."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory

from dugnad.access.types import NotPermittedError, Right
from dugnad.catalogue import queries as catalogue
from dugnad.identity import commands as identity
from dugnad.pages import limits, trouble
from dugnad.pages.limits import Limit, Rate
from dugnad.pages.sessions import COOKIE
from portal import FORM, Portal

LANGUAGES = ("nb", "nn", "en")
TITLES = {
    403: ("Du har ikke tilgang", "Du har ikkje tilgang", "You do not have access"),
    404: ("Vi finner ikke siden", "Vi finn ikkje sida", "We cannot find the page"),
    413: ("Filen er for stor", "Fila er for stor", "The file is too large"),
    429: ("Det gikk litt for fort", "Det gjekk litt for fort", "That was a little too fast"),
    500: ("Noe gikk galt hos oss", "Noko gjekk gale hos oss", "Something went wrong on our side"),
    503: ("borte en liten stund", "borte ei lita stund", "away for a short while"),
}


@contextmanager
def database_away(folder: Path) -> Iterator[None]:
    """No server listens in an empty folder."""
    connection = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "HOST", str(folder))
        yield
        connection.close()


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the front page fail."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(catalogue, "services", fail)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotPermittedError(Right.SEE_CASES), 403),
        (RuntimeError("Kari Nordmann 01410050299"), 500),
        (LookupError("Kari Nordmann"), 500),
    ],
)
def test_an_exception_becomes_a_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, error: Exception, status: int
) -> None:
    failing(monkeypatch, error)
    answer = client.get("/", headers={"accept-language": language})
    assert answer.status_code == status
    assert TITLES[status][LANGUAGES.index(language)] in answer.content.decode()
    assert answer["Content-Language"] == language
    assert "Nordmann" not in answer.content.decode()


def test_the_log_has_the_incident_number_and_nothing_of_the_person(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, RuntimeError("Kari Nordmann 01410050299"))
    with caplog.at_level(logging.INFO):
        page = client.get("/").content.decode()
    (line,) = [record.getMessage() for record in caplog.records if record.name == "dugnad.trouble"]
    incident = line.split()[1].rstrip(":")
    assert incident in page
    assert "RuntimeError" in line
    assert "Nordmann" not in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address(client: Client, language: str) -> None:
    answer = client.get("/finnes-ikke", headers={"accept-language": language})
    assert answer.status_code == 404
    assert TITLES[404][LANGUAGES.index(language)] in answer.content.decode()


def test_an_unknown_service(client: Client) -> None:
    assert client.get("/tjenester/finnes-ikke").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_without_its_token(portal: Portal, language: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/logg-inn", "som=hjemme", content_type=FORM, headers={"accept-language": language})
    assert answer.status_code == 403
    said = (
        "Siden har stått åpen for lenge",
        "Sida har stått open for lenge",
        "The page has been open for too long",
    )
    assert said[LANGUAGES.index(language)] in answer.content.decode()


def test_the_wrong_method(client: Client) -> None:
    answer = client.post("/personvern")
    assert answer.status_code == 405
    assert "Siden kan ikke åpnes på denne måten" in answer.content.decode()
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_hundred_megabytes_are_refused_before_they_are_kept(portal: Portal, language: str) -> None:
    read = 0

    class Endless(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal read
            read += size or 0
            return b"x" * (size or 0)

    factory = RequestFactory()
    request = factory.post("/logg-inn", headers={"accept-language": language})
    request.META["CONTENT_LENGTH"] = str(300 * 1024 * 1024)
    request.META["wsgi.input"] = Endless()
    request._stream = Endless()  # where Django reads from
    answer = trouble.TroubleMiddleware(_never)(request)
    assert answer.status_code == 413
    assert TITLES[413][LANGUAGES.index(language)] in answer.content.decode()
    assert read == 300 * 1024 * 1024  # drained, so that the browser gets round to showing the page


def _never(_: object) -> HttpResponse:
    raise AssertionError("the view must not be reached")


def test_too_many_fields_or_too_much_text_is_413_too(portal: Portal) -> None:
    form = "&".join(f"f{n}=x" for n in range(2000))
    assert Client().post("/logg-inn", form, content_type=FORM).status_code in {400, 413}
    text = "t=" + "x" * (3 * 1024 * 1024)
    answer = Client().post("/logg-inn", text, content_type=FORM)
    assert answer.status_code == 413
    assert "Filen er for stor" in answer.content.decode()


def test_what_cannot_be_understood(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, SuspiciousOperation("x"))
    assert client.get("/").status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/min-side/innlogginger", "/", "/logg-inn", "/saker"])
def test_with_the_database_away_one_is_told_so(
    client: Client, portal: Portal, tmp_path: Path, language: str, path: str
) -> None:
    portal.log_in(client, "mor i Stord")
    with database_away(tmp_path):
        answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 503
    assert TITLES[503][LANGUAGES.index(language)] in answer.content.decode()
    assert answer["Retry-After"] == "120"
    assert "Hendelsesnummer" in answer.content.decode() or language != "nb"


def test_pages_that_need_no_database_stand_while_it_is_away(client: Client, tmp_path: Path) -> None:
    with database_away(tmp_path):
        for path in ("/personvern", "/tilgjengelighet", "/kontakt", "/logg-inn", "/robots.txt"):
            assert client.get(path).status_code == 200
        assert client.get("/helse").status_code == 503


def test_a_login_is_lost_on_nobody_while_the_database_is_away(
    client: Client, portal: Portal, tmp_path: Path
) -> None:
    """The cookie is not taken away: when the database is back one is still logged in."""
    portal.log_in(client, "mor i Stord")
    with database_away(tmp_path):
        assert COOKIE["key"] not in client.get("/min-side/innlogginger").cookies
    assert client.get("/min-side/innlogginger").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many_logins_too_fast(client: Client, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(limits, "_most", lambda _: 2)
    for status in (303, 303, 429):
        answer = client.post("/logg-inn", {"som": "hjemme"}, headers={"accept-language": language})
        assert answer.status_code == status
    assert TITLES[429][LANGUAGES.index(language)] in answer.content.decode()
    assert answer["Retry-After"] == "60"


def test_forms_are_counted_by_session_and_reading_is_free(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_most", lambda _: 1)
    portal.log_in(client, "mor i Stord")
    portal.log_in(neighbour := Client(), "nabo i Stord")
    assert client.post("/min-side/stopp-representasjon").status_code == 303
    assert client.post("/min-side/stopp-representasjon").status_code == 429
    assert neighbour.post("/min-side/stopp-representasjon").status_code == 303
    for _ in range(3):
        assert client.get("/min-side/innlogginger").status_code == 200


def test_the_table_of_attempts_tells_nothing_of_anybody(client: Client, portal: Portal) -> None:
    opened = portal.log_in(client, "mor i Stord")
    client.post("/min-side/stopp-representasjon")
    client.post("/logg-inn", {"som": "hjemme"})
    rows = portal.sql("SELECT key FROM identity_attempt")
    assert len(rows) == 2
    assert all(len(key) == 64 and str(opened.session_id) not in key for (key,) in rows)


def test_the_window_passes(portal: Portal) -> None:
    from datetime import UTC, datetime, timedelta

    now, rate = datetime.now(UTC), Limit.LOGIN.value
    assert isinstance(rate, Rate)
    counts = [
        identity.count_attempt("k", window=rate.window, at=now + timedelta(seconds=s)) for s in (0, 30, 61)
    ]
    assert counts == [1, 2, 1]


@pytest.mark.parametrize("key", ["mor i Stord", "saksbehandler i Stord"])
def test_the_wrong_hat_is_told_how_to_change_it(client: Client, portal: Portal, key: str) -> None:
    at_work = key.startswith("saks")
    portal.log_in(client, key, at_work=at_work)
    path = "/min-side/innlogginger" if at_work else "/saker"
    answer = client.get(path)
    assert answer.status_code == 403
    assert f'href="/logg-inn?videre={path}"' in answer.content.decode()


def test_staff_without_the_right_role_are_refused(client: Client, portal: Portal) -> None:
    portal.log_in(client, "administrator i Stord", at_work=True)
    assert client.get("/saker").status_code == 403


def test_staff_whose_role_was_taken_are_refused_at_once(client: Client, portal: Portal) -> None:
    portal.log_in(client, "saksbehandler i Stord", at_work=True)
    portal.sql("UPDATE access_assignment SET valid_to = now() - interval '1 second'")
    assert client.get("/saker").status_code == 403
    assert client.get("/kontakt").status_code == 200
