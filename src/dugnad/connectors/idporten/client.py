"""Dugnad as a relying party of ID-porten.

Authorization code flow with PKCE (RFC 7636), pushed authorization requests (RFC 9126), private_key_jwt
(RFC 7523), the issuer in the answer (RFC 9207). Implements `identity.ports.EidProvider`.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Never
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey

from dugnad.connectors.idporten.provider import Metadata, Provider
from dugnad.connectors.idporten.tokens import Expected, Tokens
from dugnad.connectors.idporten.transaction import LIFETIME, Seal, Transaction
from dugnad.connectors.transport import Transport
from dugnad.identity.ports import (
    Begun,
    EidLevel,
    EidLogin,
    EidLogout,
    EidRefusedError,
    EidUnavailableError,
    LogoutForm,
    Refusal,
)
from dugnad.shared.national_identity_number import EVERY_SERIES, Series

LOCALES = ("nb", "nn", "en", "se")
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_MOST_CARRIED = 500
_OK, _CREATED = 200, 201
_AWAY = ("temporarily_unavailable", "server_error")


@dataclass(frozen=True, slots=True)
class Registration:
    """What was agreed with ID-porten, and our secrets.

    issuer: as the discovery document writes it (`https://idporten.no`, `https://test.idporten.no`). key: its
    public half is registered there (`keys.public_jwks`). secret: 32 bytes or more, alike in every process.
    series: whose identity numbers may log in; REAL_ONLY against the real ID-porten.
    """

    issuer: str
    client_id: str
    key: RSAKey = field(repr=False)
    secret: bytes = field(repr=False)
    series: frozenset[Series] = EVERY_SERIES


class IdPorten:
    """The client. One per process; safe to share between threads."""

    def __init__(self, registration: Registration, transport: Transport, *, timeout: float = 10.0) -> None:
        """Take the agreement and a way to reach the provider; timeout: seconds for each of its answers."""
        self._client_id = registration.client_id
        self._key = registration.key
        self._seal = Seal(registration.secret)
        self._provider = Provider(registration.issuer, transport, timeout=timeout)
        self._tokens = Tokens(self._provider, registration.client_id, registration.series)

    def begin(
        self, *, acr: EidLevel, ui_locales: str, redirect_uri: str, at: datetime, carry: str = ""
    ) -> Begun:
        """See EidProvider.begin. Raises ValueError for an unknown language or too much to carry."""
        if ui_locales not in LOCALES:
            raise ValueError(f"ui_locales is one of {', '.join(LOCALES)}")
        if len(carry) > _MOST_CARRIED:
            raise ValueError(f"at most {_MOST_CARRIED} characters can be carried through a login")
        metadata = self._provider.metadata(at)
        transaction = Transaction(
            id=secrets.token_urlsafe(16),
            expires=int((at + LIFETIME).timestamp()),
            redirect_uri=redirect_uri,
            acr=acr.value,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            carry=carry,
        )
        request_uri = self._push(metadata, transaction, ui_locales, at)
        query = urlencode({"client_id": self._client_id, "request_uri": request_uri})
        return Begun(
            url=_with_query(metadata.authorization_endpoint, query),
            transaction=self._seal.close(transaction),
            transaction_id=transaction.id,
            expires_at=transaction.expires_at,
        )

    def finish(self, *, transaction: str, query: Mapping[str, str], at: datetime) -> EidLogin:
        """See EidProvider.finish. Nothing is sent to the provider before state and issuer are found right."""
        begun = self._seal.open(transaction, at)
        if not hmac.compare_digest(query.get("state", "").encode(), begun.state.encode()):
            raise EidRefusedError(Refusal.STATE_MISMATCH, "this answer belongs to another login")
        metadata = self._provider.metadata(at)
        self._check_issuer(metadata, query)
        if "error" in query:
            _raise_error(query["error"])
        code = query.get("code", "")
        if not code:
            raise EidRefusedError(Refusal.REQUEST_REFUSED, "neither code nor error in the answer")
        id_token = self._redeem(metadata, begun, code, at)
        expected = Expected(begun.nonce, EidLevel(begun.acr), begun.id, begun.carry)
        return self._tokens.login(id_token, expected, at)

    def end_session_url(self, *, sid: str, return_to: str, state: str, at: datetime) -> str:
        """See EidProvider.end_session_url."""
        fields = {"logout_hint": sid, **self._return_fields(return_to, state)}
        return _with_query(self._provider.metadata(at).end_session_endpoint, urlencode(fields))

    def end_session_form(self, *, id_token: str, return_to: str, state: str, at: datetime) -> LogoutForm:
        """See EidProvider.end_session_form."""
        fields = {"id_token_hint": id_token, **self._return_fields(return_to, state)}
        return LogoutForm(self._provider.metadata(at).end_session_endpoint, fields)

    def frontchannel_logout(self, *, query: Mapping[str, str], at: datetime) -> EidLogout:
        """See EidProvider.frontchannel_logout. Unsigned by its nature: the random `sid` is what proves it."""
        del at
        sid = query.get("sid", "")
        if query.get("iss") != self._provider.issuer or not sid:
            raise EidRefusedError(
                Refusal.ISSUER_MISMATCH, "front-channel logout without our issuer and a sid"
            )
        return EidLogout(sid=sid, notice_id=f"front-channel:{sid}")

    def backchannel_logout(self, *, logout_token: str, at: datetime) -> EidLogout:
        """See EidProvider.backchannel_logout."""
        return self._tokens.logout(logout_token, at)

    def _push(self, metadata: Metadata, transaction: Transaction, ui_locales: str, at: datetime) -> str:
        challenge = base64.urlsafe_b64encode(sha256(transaction.verifier.encode()).digest()).rstrip(b"=")
        form = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": transaction.redirect_uri,
            "scope": "openid profile",
            "state": transaction.state,
            "nonce": transaction.nonce,
            "acr_values": transaction.acr,
            "ui_locales": ui_locales,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
            **self._authentication(at),
        }
        status, answer = self._provider.post(metadata.pushed_authorization_request_endpoint, form)
        if "error" in answer:
            raise EidRefusedError(Refusal.REQUEST_REFUSED, f"pushed request: {_error_code(answer)}")
        request_uri = answer.get("request_uri")
        if status != _CREATED or not isinstance(request_uri, str):
            raise EidUnavailableError(f"pushed request: neither request_uri nor error, status {status}")
        return request_uri

    def _redeem(self, metadata: Metadata, begun: Transaction, code: str, at: datetime) -> str:
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": begun.redirect_uri,
            "code_verifier": begun.verifier,
            **self._authentication(at),
        }
        status, answer = self._provider.post(metadata.token_endpoint, form)
        if "error" in answer:
            raise EidRefusedError(Refusal.CODE_REFUSED, _error_code(answer))
        id_token = answer.get("id_token")
        if status != _OK or not isinstance(id_token, str):
            raise EidUnavailableError(f"neither id token nor error, status {status}")
        return id_token

    def _authentication(self, at: datetime) -> dict[str, str]:
        """Prove who we are with a signed assertion, good for a minute and one use (RFC 7523 section 3)."""
        now = int(at.timestamp())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._provider.issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        header = {"alg": "RS256", "kid": self._key.kid}
        assertion = jwt.encode(header, claims, self._key, algorithms=["RS256"])
        return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}

    def _check_issuer(self, metadata: Metadata, query: Mapping[str, str]) -> None:
        issuer = query.get("iss")
        if issuer != metadata.issuer and (issuer is not None or metadata.sends_iss):
            raise EidRefusedError(
                Refusal.ISSUER_MISMATCH, "the answer does not come from the issuer we asked"
            )

    def _return_fields(self, return_to: str, state: str) -> dict[str, str]:
        return {"client_id": self._client_id, "post_logout_redirect_uri": return_to, "state": state}


def _raise_error(error: str) -> Never:
    if error == "access_denied":
        raise EidRefusedError(Refusal.CANCELLED, "the person cancelled")
    if error in _AWAY:
        raise EidUnavailableError(error)
    raise EidRefusedError(Refusal.REQUEST_REFUSED, _error_code({"error": error}))


def _error_code(answer: Mapping[str, Any]) -> str:
    """Return the provider's error code if it is one (RFC 6749 A.7): free text could name a person."""
    code = answer.get("error")
    plain = isinstance(code, str) and code.isascii() and code.replace("_", "").isalpha()
    return str(code)[:60] if plain else "no error code"


def _with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"
