"""The rules ID-porten keeps: who may ask, what a code is worth, what a token says. No HTTP, no HTML."""

import base64
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from dugnad.connectors.idporten.keys import key_set, load_or_create, public_jwks
from dugnad.connectors.idporten.simulator.ports import Client, TestPerson
from dugnad.connectors.idporten.simulator.store import Store

LEVELS = ("idporten-loa-substantial", "idporten-loa-high")
METHODS = {"idporten-loa-substantial": "Minid-PIN", "idporten-loa-high": "BankID"}
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_REQUEST, _CODE, _TOKEN, _SESSION = (
    timedelta(minutes=10),
    timedelta(seconds=60),
    timedelta(seconds=120),
    timedelta(hours=2),
)
_LONGEST_ASSERTION = timedelta(seconds=120)
_LEEWAY = timedelta(seconds=10)
_PKCE_CHARACTERS = 43


class RefusedError(Exception):
    """A request ID-porten refuses: the standard's error code, the HTTP status, a reason for developers."""

    def __init__(self, error: str, reason: str, *, status: int = 400) -> None:
        super().__init__(f"{error}: {reason}")
        self.error = error
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A pushed authorization request, checked."""

    client: Client
    redirect_uri: str
    state: str
    nonce: str
    level: str
    locales: tuple[str, ...]
    challenge: str


class Issuer:
    """One simulated ID-porten. Its keys and memory live in `folder`; several processes may share it."""

    def __init__(
        self, url: str, *, folder: Path, clients: Iterable[Client], clock: Callable[[], datetime]
    ) -> None:
        self.url = url
        self._clients = {client.client_id: client for client in clients}
        self._client_keys = {name: key_set(c.jwks) for name, c in self._clients.items()}
        self._key = load_or_create(folder / "signing-key.json")
        self._salt = sha256(json.dumps(self._key.as_dict(private=True)).encode()).digest()
        self._store = Store(folder / "state.sqlite3")
        self._clock = clock

    def jwks(self) -> dict[str, Any]:
        """Return the public signing keys."""
        return dict(public_jwks(self._key))

    def push(self, form: Mapping[str, str]) -> tuple[str, int]:
        """Take a pushed authorization request; return its request_uri and its life in seconds."""
        client = self._authenticate(form)
        asked = _checked(client, form)
        request_uri = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(32)}"
        now = self._clock()
        self._store.keep("request", request_uri, asked, expires=now + _REQUEST, at=now)
        return request_uri, int(_REQUEST.total_seconds())

    def asked(self, client_id: str, request_uri: str) -> Asked:
        """Return the request a browser has come with; it stays usable."""
        return self._asked(client_id, self._store.peek("request", request_uri, at=self._clock()))

    def take(self, client_id: str, request_uri: str) -> Asked:
        """Return the request and use it up."""
        return self._asked(client_id, self._store.take("request", request_uri, at=self._clock()))

    def grant(self, asked: Asked, person: TestPerson, level: str) -> str:
        """Log the person in; return the code that the browser takes back to the client."""
        now = self._clock()
        code, sid = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        login = {
            "client_id": asked.client.client_id,
            "redirect_uri": asked.redirect_uri,
            "challenge": asked.challenge,
            "nonce": asked.nonce,
            "locale": asked.locales[0] if asked.locales else "nb",
            "pid": person.identity_number,
            "acr": level,
            "sid": sid,
            "auth_time": int(now.timestamp()),
        }
        self._store.keep("code", _digest(code), login, expires=now + _CODE, at=now)
        self._store.keep(
            "session", sid, {"client_id": asked.client.client_id}, expires=now + _SESSION, at=now
        )
        return code

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Exchange a code for tokens; the code is used up even when the rest is wrong (RFC 6749, 4.1.2)."""
        client = self._authenticate(form)
        if form.get("grant_type") != "authorization_code":
            raise RefusedError("unsupported_grant_type", "only authorization_code")
        login = self._store.take("code", _digest(form.get("code", "")), at=self._clock())
        if login is None or login["client_id"] != client.client_id:
            raise RefusedError("invalid_grant", "the code is unknown, used, expired or another client's")
        if form.get("redirect_uri") != login["redirect_uri"]:
            raise RefusedError("invalid_grant", "redirect_uri differs from the one the code was given for")
        if not hmac.compare_digest(_challenge(form.get("code_verifier", "")), login["challenge"]):
            raise RefusedError("invalid_grant", "code_verifier does not fit (PKCE)")
        return {
            "access_token": secrets.token_urlsafe(32),
            "token_type": "Bearer",
            "expires_in": int(_TOKEN.total_seconds()),
            "scope": "openid profile",
            "id_token": self._id_token(client, login),
        }

    def end_session(self, form: Mapping[str, str]) -> tuple[str, str | None]:
        """End the session of id_token_hint or logout_hint; return its sid, and where to send the person."""
        sid, client_id = self._hinted(form)
        session = self._store.take("session", sid, at=self._clock()) if sid else None
        client = self._clients.get(client_id or (session or {}).get("client_id", ""))
        return_to = form.get("post_logout_redirect_uri")
        if return_to is None:
            return sid, None
        if client is None or return_to not in client.post_logout_redirect_uris:
            raise RefusedError(
                "invalid_request", "post_logout_redirect_uri is not registered for this client"
            )
        return sid, return_to

    def logout_token(self, client_id: str, sid: str) -> str:
        """Return what would be sent to the client's back channel when the session ends elsewhere."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": self.url,
            "aud": client_id,
            "iat": now,
            "exp": now + int(_TOKEN.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "sid": sid,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        return self._signed(claims, typ="logout+jwt")

    def _id_token(self, client: Client, login: Mapping[str, Any]) -> str:
        now = int(self._clock().timestamp())
        pairwise = hmac.digest(self._salt, f"{client.client_id} {login['pid']}".encode(), "sha256")
        claims = {
            "iss": self.url,
            "sub": base64.urlsafe_b64encode(pairwise).decode(),
            "aud": client.client_id,
            "acr": login["acr"],
            "amr": [METHODS[login["acr"]]],
            "auth_time": login["auth_time"],
            "pid": login["pid"],
            "locale": login["locale"],
            "nonce": login["nonce"],
            "sid": login["sid"],
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + int(_TOKEN.total_seconds()),
        }
        return self._signed(claims, typ="JWT")

    def _signed(self, claims: dict[str, Any], *, typ: str) -> str:
        header = {"alg": "RS256", "kid": self._key.kid, "typ": typ}
        return jwt.encode(header, claims, self._key, algorithms=["RS256"])

    def _hinted(self, form: Mapping[str, str]) -> tuple[str, str | None]:
        hint = form.get("id_token_hint")
        if not hint:
            return form.get("logout_hint", ""), form.get("client_id")
        try:
            claims = jwt.decode(
                hint, self._key, algorithms=["RS256"]
            ).claims  # an expired one is still a hint
        except (JoseError, ValueError):
            raise RefusedError("invalid_request", "id_token_hint is not a token of ours") from None
        return str(claims.get("sid", "")), str(claims.get("aud", ""))

    def _asked(self, client_id: str, kept: Mapping[str, Any] | None) -> Asked:
        if kept is None or kept["client_id"] != client_id:
            raise RefusedError(
                "invalid_request_uri", "the request is unknown, used, expired or another client's"
            )
        return Asked(
            client=self._clients[client_id],
            redirect_uri=kept["redirect_uri"],
            state=kept["state"],
            nonce=kept["nonce"],
            level=kept["acr_values"],
            locales=tuple(kept["ui_locales"].split()),
            challenge=kept["code_challenge"],
        )

    def _authenticate(self, form: Mapping[str, str]) -> Client:
        """Know the client by its signed assertion (private_key_jwt, RFC 7523 section 3)."""
        client = self._clients.get(form.get("client_id", ""))
        if client is None or form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise RefusedError("invalid_client", "unknown client, or no client_assertion", status=401)
        try:
            keys = self._client_keys[client.client_id]
            claims = jwt.decode(form.get("client_assertion", ""), keys, algorithms=["RS256"]).claims
        except (JoseError, ValueError) as error:
            raise RefusedError(
                "invalid_client", f"client_assertion: {type(error).__name__}", status=401
            ) from None
        self._check_assertion(client, claims)
        return client

    def _check_assertion(self, client: Client, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        issued, expires, jti = claims.get("iat"), claims.get("exp"), claims.get("jti")
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            raise RefusedError("invalid_client", "iss and sub must be the client", status=401)
        if claims.get("aud") != self.url:
            raise RefusedError("invalid_client", "aud must be the issuer", status=401)
        if not isinstance(issued, int) or not isinstance(expires, int) or not isinstance(jti, str) or not jti:
            raise RefusedError("invalid_client", "iat, exp and jti are needed", status=401)
        ends = now + _LONGEST_ASSERTION + _LEEWAY
        if not now.timestamp() < expires <= ends.timestamp() or issued > (now + _LEEWAY).timestamp():
            raise RefusedError(
                "invalid_client", "expired, from the future, or valid over 120 seconds", status=401
            )
        if not self._store.claim("assertion", f"{client.client_id} {jti}", expires=ends):
            raise RefusedError("invalid_client", "this jti has been used", status=401)


def _checked(client: Client, form: Mapping[str, str]) -> dict[str, str]:
    """Return what is worth keeping of an authorization request, or refuse it."""
    if form.get("redirect_uri") not in client.redirect_uris:
        raise RefusedError("invalid_request", "redirect_uri is not registered for this client")
    if form.get("response_type") != "code" or "openid" not in form.get("scope", "").split():
        raise RefusedError("invalid_request", "response_type must be code, scope must have openid")
    if form.get("code_challenge_method") != "S256" or len(form.get("code_challenge", "")) != _PKCE_CHARACTERS:
        raise RefusedError("invalid_request", "PKCE with S256 is required")
    level = form.get("acr_values", "") or LEVELS[0]
    if level not in LEVELS:
        raise RefusedError("invalid_request", "unknown acr_values")
    names = ("redirect_uri", "state", "nonce", "ui_locales", "code_challenge")
    return {
        "client_id": client.client_id,
        "acr_values": level,
        **{name: form.get(name, "") for name in names},
    }


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
