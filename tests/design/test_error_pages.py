import re

import pytest
from django.test import RequestFactory
from markup import Markup, text_of

from dugnad.design.error_pages import (
    STATUSES,
    error_page,
    form_expired,
    incident_number,
    not_found,
    server_error,
)
from dugnad.design.languages import LANGUAGE_COOKIE, LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_each_error_says_what_to_do_in_the_readers_language(status: int, language: Language) -> None:
    request = RequestFactory().get("/", headers={"Cookie": f"{LANGUAGE_COOKIE}={language}"})
    response = error_page(request, status)
    page = Markup(response.content.decode())
    assert response.status_code == status
    assert page.one("html").attrib["lang"] == response["Content-Language"] == language
    assert text_of(page.one("h1"))
    assert page.all("main//a[@href]")
    assert str(status) in text_of(page.one("main"))


def test_the_number_on_the_page_is_the_number_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/")
    response = server_error(request)
    incident = incident_number(request)
    assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", incident)
    assert incident in response.content.decode()
    assert incident in caplog.text
    assert response["X-Incident"] == incident


@pytest.mark.parametrize("status", [429, 503])
def test_what_passes_by_itself_says_when_to_try_again(status: int) -> None:
    assert int(error_page(RequestFactory().get("/"), status)["Retry-After"]) > 0


def test_an_expired_form_tells_that_nothing_saved_is_lost() -> None:
    response = form_expired(RequestFactory().post("/"), "CSRF token missing.")
    assert response.status_code == 403
    assert "ikke tapt" in response.content.decode()


def test_a_page_that_is_not_there_offers_the_search() -> None:
    response = not_found(RequestFactory().get("/x"), Exception())
    assert "/tjenester" in response.content.decode()


def test_there_is_no_page_for_what_is_no_error() -> None:
    with pytest.raises(ValueError, match="no error page for 200"):
        error_page(RequestFactory().get("/"), 200)
