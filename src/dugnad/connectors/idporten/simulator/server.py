"""The simulator as a web server sees it: one function from a request to a response."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dugnad.connectors.idporten.simulator.issuer import LEVELS, METHODS, Asked, Issuer, RefusedError
from dugnad.connectors.idporten.simulator.pages import Pages
from dugnad.connectors.idporten.simulator.ports import Persons, TestPerson
from dugnad.connectors.transport import Request, Response
from dugnad.shared.national_identity_number import (
    InvalidNationalIdentityNumberError,
    Series,
    parse,
)

_OK, _CREATED, _SEE_OTHER = 200, 201, 303
_BAD_REQUEST, _NOT_FOUND, _WRONG_METHOD, _UNPROCESSABLE = 400, 404, 405, 422
_SYNTHETIC = frozenset({Series.SKATTEETATEN_SYNTHETIC})
_MOST_BYTES = 64 * 1024


class Simulator:
    """Answers every endpoint of the simulated ID-porten, for machines and for browsers."""

    def __init__(self, issuer: Issuer, persons: Persons) -> None:
        self.issuer = issuer
        self._persons = persons
        self._prefix = urlsplit(issuer.url).path.rstrip("/")
        self._pages = Pages(self._prefix)

    def handle(self, request: Request) -> Response:
        """Answer one request; its URL may be absolute or only path and query."""
        method, body = request.method, request.body
        parts = urlsplit(request.url)
        path = parts.path.removeprefix(self._prefix)
        query = dict(parse_qsl(parts.query))
        if method not in ("GET", "POST"):
            return _json(_WRONG_METHOD, {"error": "invalid_request"})
        if len(body) > _MOST_BYTES:
            return _json(_BAD_REQUEST, {"error": "invalid_request"})
        form = dict(parse_qsl(body.decode("utf-8", "replace"))) if method == "POST" else {}
        if path in ("/authorize", "/endsession"):
            return self._for_people(method, path, query, form)
        return self._for_machines(method, path, form)

    def _for_machines(self, method: str, path: str, form: Mapping[str, str]) -> Response:
        if (method, path) == ("GET", "/simulator.css"):
            return self._pages.stylesheet()
        try:
            status, answer = self._answer(method, path, form)
        except RefusedError as error:
            return _json(error.status, {"error": error.error, "error_description": error.reason})
        return _json(status, answer)

    def _answer(self, method: str, path: str, form: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
        match method, path:
            case "GET", "/.well-known/openid-configuration":
                return _OK, self._discovery()
            case "GET", "/jwks":
                return _OK, self.issuer.jwks()
            case "POST", "/par":
                request_uri, seconds = self.issuer.push(form)
                return _CREATED, {"request_uri": request_uri, "expires_in": seconds}
            case "POST", "/token":
                return _OK, self.issuer.redeem(form)
            case _:
                return _NOT_FOUND, {"error": "not_found"}

    def _for_people(
        self, method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
    ) -> Response:
        language = form.get("lang") or query.get("lang", "")
        try:
            if path == "/endsession":
                return self._end_session({**query, **form}, language)
            given = form if method == "POST" else query
            asked = self.issuer.asked(given.get("client_id", ""), given.get("request_uri", ""))
            if method == "POST":
                return self._chosen(asked, form, language)
            return self._pages.choose(asked, query, self._persons.test_persons(), language=language)
        except RefusedError as error:
            return self._pages.refused(error, language=language)

    def _chosen(self, asked: Asked, form: Mapping[str, str], language: str) -> Response:
        """Act on the button that was pressed."""
        if "cancel" in form:
            self._use_up(form)
            return self._back(asked, {"error": "access_denied", "error_description": "The user cancelled"})
        if "person" in form or "login" in form:
            level = form.get("level", asked.level)
            person = self._person(form.get("person") or form.get("number", ""))
            if isinstance(person, TestPerson) and level in LEVELS:
                self._use_up(form)
                return self._back(asked, {"code": self.issuer.grant(asked, person, level)})
            mistake = person if isinstance(person, str) else "level"
            return self._choose_again(asked, form, language, mistake=mistake, status=_UNPROCESSABLE)
        return self._choose_again(asked, form, language, mistake="", status=_OK)

    def _choose_again(
        self, asked: Asked, form: Mapping[str, str], language: str, *, mistake: str, status: int
    ) -> Response:
        persons = self._persons.test_persons()
        return self._pages.choose(asked, form, persons, language=language, mistake=mistake, status=status)

    def _person(self, text: str) -> TestPerson | str:
        """Return the person with this number, or the name of the mistake in it."""
        try:
            number = parse(text, accept=_SYNTHETIC)
        except InvalidNationalIdentityNumberError as error:
            return error.reason.value
        return self._persons.find(number.digits) or "unknown"

    def _use_up(self, form: Mapping[str, str]) -> None:
        self.issuer.take(form.get("client_id", ""), form.get("request_uri", ""))

    def _back(self, asked: Asked, answer: Mapping[str, str]) -> Response:
        parameters = {**answer, "state": asked.state, "iss": self.issuer.url}
        return _redirect(asked.redirect_uri, parameters)

    def _end_session(self, form: Mapping[str, str], language: str) -> Response:
        _, return_to = self.issuer.end_session(form)
        if return_to is None:
            return self._pages.logged_out(language=language)
        return _redirect(return_to, {"state": form["state"]} if form.get("state") else {})

    def _discovery(self) -> dict[str, Any]:
        url = self.issuer.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "pushed_authorization_request_endpoint": f"{url}/par",
            "require_pushed_authorization_requests": True,
            "end_session_endpoint": f"{url}/endsession",
            "jwks_uri": f"{url}/jwks",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile"],
            "acr_values_supported": list(METHODS),
            "ui_locales_supported": ["nb", "nn", "en", "se"],
            "authorization_response_iss_parameter_supported": True,
            "frontchannel_logout_supported": True,
            "frontchannel_logout_session_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }


def _json(status: int, value: Mapping[str, Any]) -> Response:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return Response(status=status, headers=headers, body=json.dumps(value).encode())


def _redirect(url: str, parameters: Mapping[str, str]) -> Response:
    query = urlencode(parameters)
    separator = "&" if "?" in url else "?"
    location = f"{url}{separator}{query}" if query else url
    headers = {"location": location, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(status=_SEE_OTHER, headers=headers, body=b"")
