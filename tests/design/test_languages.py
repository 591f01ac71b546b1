import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from dugnad.design.languages import (
    LANGUAGE_COOKIE,
    Language,
    LanguageMiddleware,
    choose_language,
    current_language,
    resolve_language,
    speaking,
)


@pytest.mark.parametrize(
    ("cookie", "person", "organisation", "accepted", "expected"),
    [
        (None, None, None, None, "nb"),
        ("en", "nn", "nn", "nb", "en"),
        (None, "nn", "nb", "en", "nn"),
        (None, None, "nynorsk", "en", "nn"),
        (None, None, "nøytral", "nn-NO,nn;q=0.9,en;q=0.8", "nn"),
        (None, "se", None, "en-US,en;q=0.9", "en"),
        (None, None, None, "no", "nb"),
        (None, None, None, "de,fr;q=0.9", "nb"),
        (None, None, None, "de, en;q=0.3, nn;q=0.7", "nn"),
        (None, None, None, "nn;q=0, en;q=nonsense", "nb"),
        ("klingon", None, None, "nn", "nn"),
    ],
)
def test_the_choice_goes_before_the_register_before_the_organisation_before_the_browser(
    cookie: str | None, person: str | None, organisation: str | None, accepted: str | None, expected: str
) -> None:
    assert resolve_language(cookie, person, organisation, accepted) == expected


def _answer(**headers: str) -> tuple[HttpResponse, list[Language]]:
    spoken: list[Language] = []

    def view(request: HttpRequest) -> HttpResponse:
        spoken.append(current_language())
        spoken.append(choose_language(request, person_language="nn"))
        return HttpResponse()

    return LanguageMiddleware(view)(RequestFactory().get("/", headers=headers)), spoken


def test_a_page_turns_to_the_persons_language_once_the_person_is_known() -> None:
    with speaking("en"):
        response, spoken = _answer()
        assert current_language() == "en"
    assert spoken == ["nb", "nn"]
    assert response["Content-Language"] == "nn"
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in response["Vary"].split(",")}


def test_the_switch_outweighs_the_register() -> None:
    _, spoken = _answer(Cookie=f"{LANGUAGE_COOKIE}=en")
    assert spoken == ["en", "en"]
