"""What is known of the provider: its endpoints (OpenID Connect Discovery 1.0) and its keys, cached."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dugnad.connectors.idporten.keys import key_set
from dugnad.connectors.transport import Response, Transport, TransportError
from dugnad.identity.ports import EidUnavailableError

_OK, _SERVER_ERROR = 200, 500
_ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "pushed_authorization_request_endpoint",
    "end_session_endpoint",
    "jwks_uri",
)
_MOST_BYTES = 256 * 1024
_FRESH = timedelta(hours=1)  # asked for again after this
_STALE = timedelta(hours=24)  # used so long while the provider does not answer
_KEYS_AT_MOST_EVERY = timedelta(minutes=1)  # an unknown key id fetches the keys anew, but not more often


@dataclass(frozen=True, slots=True)
class Metadata:
    """The endpoints of one issuer, all absolute URLs. sends_iss: every answer names its issuer (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str
    end_session_endpoint: str
    jwks_uri: str
    sends_iss: bool


class Provider:
    """One issuer, asked through a transport. Threads may share it: what is kept is replaced whole."""

    def __init__(self, issuer: str, transport: Transport, *, timeout: float) -> None:
        self.issuer = issuer
        self._transport = transport
        self._timeout = timeout
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def metadata(self, at: datetime) -> Metadata:
        """Return the endpoints: an hour old, a day if the provider is away. Raises EidUnavailableError."""
        kept = self._metadata
        if kept and at - kept[0] < _FRESH:
            return kept[1]
        try:
            fetched = self._fetch_metadata()
        except EidUnavailableError:
            if kept and at - kept[0] < _STALE:
                return kept[1]
            raise
        self._metadata = (at, fetched)
        return fetched

    def keys(self, at: datetime, *, kid: str) -> KeySet:
        """Return the signing keys, fetched anew (once a minute at most) when `kid` is not among them."""
        kept = self._keys
        if kept:
            age = at - kept[0]
            known = any(key.kid == kid for key in kept[1].keys)
            if (known and age < _FRESH) or (not known and age < _KEYS_AT_MOST_EVERY):
                return kept[1]
        try:
            fetched = self._fetch_keys(at)
        except EidUnavailableError:
            if kept and at - kept[0] < _STALE:
                return kept[1]
            raise
        self._keys = (at, fetched)
        return fetched

    def post(self, url: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """POST a form to a back-channel endpoint; return the status and the JSON object of the answer.

        Raises EidUnavailableError when there is no answer, a 5xx, or no JSON object.
        """
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        response = self._request("POST", url, headers=headers, body=urlencode(form).encode())
        return response.status, _json_object(response)

    def _fetch_metadata(self) -> Metadata:
        document = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer:
            raise EidUnavailableError("the discovery document is of another issuer")
        endpoints = {name: document.get(name) for name in _ENDPOINTS}
        scheme = urlsplit(self.issuer).scheme
        for name, url in endpoints.items():
            if not isinstance(url, str) or urlsplit(url).scheme != scheme:
                raise EidUnavailableError(f"the discovery document has no usable {name}")
        sends_iss = document.get("authorization_response_iss_parameter_supported") is True
        return Metadata(
            self.issuer, **{name: str(url) for name, url in endpoints.items()}, sends_iss=sends_iss
        )

    def _fetch_keys(self, at: datetime) -> KeySet:
        try:
            return key_set(self._get(self.metadata(at).jwks_uri))
        except (ValueError, JoseError) as error:
            raise EidUnavailableError(f"unusable keys: {type(error).__name__}") from None

    def _get(self, url: str) -> dict[str, Any]:
        response = self._request("GET", url, headers={"accept": "application/json"}, body=b"")
        if response.status != _OK:
            raise EidUnavailableError(f"status {response.status}")
        return _json_object(response)

    def _request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Response:
        try:
            response = self._transport.request(method, url, headers=headers, body=body, timeout=self._timeout)
        except TransportError as error:
            raise EidUnavailableError(f"no answer: {type(error).__name__}") from None
        if response.status >= _SERVER_ERROR:
            raise EidUnavailableError(f"status {response.status}")
        return response


def _json_object(response: Response) -> dict[str, Any]:
    if len(response.body) > _MOST_BYTES:
        raise EidUnavailableError("the answer is too long")
    try:
        answer = json.loads(response.body)
    except ValueError:
        raise EidUnavailableError("the answer is not JSON") from None
    if not isinstance(answer, dict):
        raise EidUnavailableError("the answer is not a JSON object")
    return answer
