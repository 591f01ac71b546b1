import pytest
from django.test import RequestFactory
from markup import Markup, text_of

from dugnad.design.errors import STATUSES, render_error
from dugnad.design.languages import LANGUAGE_COOKIE, LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_each_error_says_what_to_do_in_the_readers_language(status: int, language: Language) -> None:
    request = RequestFactory().get("/", headers={"Cookie": f"{LANGUAGE_COOKIE}={language}"})
    response = render_error(request, status)
    page = Markup(response.content.decode())
    assert response.status_code == status
    assert page.one("html").attrib["lang"] == response["Content-Language"] == language
    assert text_of(page.one("h1"))
    assert page.all("main//a[@href]")
    assert str(status) in text_of(page.one("main"))


def test_the_page_tells_the_number_the_log_has() -> None:
    response = render_error(RequestFactory().get("/"), 500, incident="9f3a21cc")
    assert "Hendelsesnummer: 9f3a21cc" in text_of(Markup(response.content.decode()).one("main"))


@pytest.mark.parametrize("status", [429, 503])
def test_what_passes_by_itself_says_when_to_try_again(status: int) -> None:
    assert int(render_error(RequestFactory().get("/"), status)["Retry-After"]) > 0


def test_an_expired_form_tells_that_nothing_saved_is_lost() -> None:
    response = render_error(RequestFactory().post("/"), 403, code="form")
    assert response.status_code == 403
    assert "ikke tapt" in response.content.decode()


def test_a_page_that_is_not_there_offers_the_search() -> None:
    assert "/tjenester" in render_error(RequestFactory().get("/x"), 404).content.decode()


def test_there_is_no_page_for_what_is_no_error() -> None:
    with pytest.raises(ValueError, match="no error page for 200"):
        render_error(RequestFactory().get("/"), 200)
