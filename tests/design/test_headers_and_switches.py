import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from dugnad.design.frame import COLOR_SCHEME_COOKIE, color_scheme_of
from dugnad.design.headers import SecurityHeadersMiddleware
from dugnad.design.languages import LANGUAGE_COOKIE
from dugnad.design.preferences import preference_urls, set_color_scheme, set_language


def _with_headers(response: HttpResponse) -> HttpResponse:
    return SecurityHeadersMiddleware(lambda _: response)(RequestFactory().get("/"))


def test_every_answer_allows_only_our_own_files_and_is_stored_nowhere() -> None:
    response = _with_headers(HttpResponse())
    policy = response["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(
        policy
    )
    assert not any("unsafe" in directive for directive in policy)
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in response["Permissions-Policy"]


def test_a_public_view_may_let_itself_be_stored() -> None:
    assert _with_headers(HttpResponse(headers={"Cache-Control": "public, max-age=60"}))[
        "Cache-Control"
    ].startswith("public")


@override_settings(DUGNAD_FORM_TARGETS=["https://eid.example"])
def test_the_login_form_may_end_at_the_eid_provider() -> None:
    assert (
        "form-action 'self' https://eid.example;" in _with_headers(HttpResponse())["Content-Security-Policy"]
    )


def _post(fields: dict[str, str], **headers: str) -> HttpRequest:
    return RequestFactory().post("/sprak", fields, headers=headers)


def test_the_language_switch_remembers_and_leads_back() -> None:
    response = set_language(_post({"language": "nn", "next": "/min-side?side=2"}, Origin="http://testserver"))
    assert (response.status_code, response["Location"]) == (303, "/min-side?side=2")
    cookie = response.cookies[LANGUAGE_COOKIE]
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == ("nn", "Lax", True)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_switch_never_leads_away_from_the_site(target: str) -> None:
    assert set_language(_post({"language": "nn", "next": target}))["Location"] == "/"


def test_an_unknown_choice_forgets_the_old_one() -> None:
    assert set_language(_post({"language": "xx", "next": "/"})).cookies[LANGUAGE_COOKIE]["max-age"] == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_site_cannot_turn_the_switch(headers: dict[str, str]) -> None:
    assert set_language(_post({"language": "nn"}, **headers)).status_code == 403


def test_a_link_cannot_turn_the_switch() -> None:
    assert set_language(RequestFactory().get("/sprak")).status_code == 405


def test_dark_colours_are_remembered_and_auto_is_forgotten() -> None:
    assert (
        set_color_scheme(_post({"color_scheme": "dark", "next": "/"})).cookies[COLOR_SCHEME_COOKIE].value
        == "dark"
    )
    assert (
        set_color_scheme(_post({"color_scheme": "auto", "next": "/"})).cookies[COLOR_SCHEME_COOKIE]["max-age"]
        == 0
    )
    for chosen, scheme in (("dark", "dark"), ("neon", "auto")):
        assert (
            color_scheme_of(RequestFactory().get("/", headers={"Cookie": f"{COLOR_SCHEME_COOKIE}={chosen}"}))
            == scheme
        )


def test_the_switches_have_their_addresses() -> None:
    assert [str(pattern.pattern) for pattern in preference_urls()] == ["sprak", "farger"]
