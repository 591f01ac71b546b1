"""Checks of what the provider signs: id tokens (OIDC Core 3.1.3.7) and logout tokens (Back-Channel 2.6).

A failure is an EidRefusedError, `token_invalid` or `level_too_low`; its text names the check that failed,
never a value of the token.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, Key

from dugnad.connectors.idporten.provider import Provider
from dugnad.identity.ports import EidLevel, EidLogin, EidLogout, EidRefusedError, Refusal
from dugnad.shared.national_identity_number import InvalidNationalIdentityNumberError, Series, parse, rule_on

_LEEWAY = timedelta(seconds=30)  # how far the clocks of two machines may be apart
_OLDEST = timedelta(minutes=15)  # an id token is fetched seconds after it is made
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_MOST_CHARACTERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class Expected:
    """What this login asked for, and what it must therefore get back."""

    nonce: str
    acr: EidLevel
    transaction_id: str
    carried: str


class Tokens:
    """Reads tokens meant for one client, signed by one provider, with RS256 and nothing else."""

    def __init__(self, provider: Provider, client_id: str, series: frozenset[Series]) -> None:
        self._provider = provider
        self._client_id = client_id
        self._series = series

    def login(self, id_token: str, expected: Expected, at: datetime) -> EidLogin:
        """Verify an id token and read the person from it."""
        claims = self._verified(id_token, at, types=("JWT", None))
        if not hmac.compare_digest(_text(claims, "nonce").encode(), expected.nonce.encode()):
            raise _invalid("nonce")
        level = _level(claims.get("acr"))
        if level is None or not level.reaches(expected.acr):
            raise EidRefusedError(Refusal.LEVEL_TOO_LOW, f"asked for {expected.acr}")
        try:
            number = parse(_text(claims, "pid"), rule=rule_on(at.date()), accept=self._series)
        except InvalidNationalIdentityNumberError as error:
            raise _invalid(f"pid ({error.reason})") from None
        return EidLogin(
            identity_number=number.digits,
            sub=_text(claims, "sub"),
            acr=level,
            amr=_methods(claims.get("amr")),
            sid=_text(claims, "sid"),
            authenticated_at=_moment(claims, "auth_time" if "auth_time" in claims else "iat"),
            transaction_id=expected.transaction_id,
            carried=expected.carried,
            id_token_for_logout=id_token,
        )

    def logout(self, logout_token: str, at: datetime) -> EidLogout:
        """Verify a back-channel logout token and read its session."""
        claims = self._verified(logout_token, at, types=("logout+jwt", "JWT", None))
        events = claims.get("events")
        if not isinstance(events, dict) or _LOGOUT_EVENT not in events:
            raise _invalid("events")
        if "nonce" in claims:  # forbidden, so that an id token can never pass for a logout token
            raise _invalid("nonce")
        return EidLogout(sid=_text(claims, "sid"), notice_id=_text(claims, "jti"))

    def _verified(self, token: str, at: datetime, *, types: tuple[str | None, ...]) -> Mapping[str, Any]:
        if len(token) > _MOST_CHARACTERS:
            raise _invalid("form")

        def key_of(guest: GuestProtocol) -> Key:
            kid = guest.headers().get("kid")
            if not isinstance(kid, str):
                raise _invalid("kid")
            return self._provider.keys(at, kid=kid).get_by_kid(kid)

        try:
            decoded = jwt.decode(token, key_of, algorithms=["RS256"])
        except (JoseError, ValueError) as error:
            raise _invalid(f"signature ({type(error).__name__})") from None
        if decoded.header.get("typ") not in types:
            raise _invalid("typ")
        self._check_parties_and_times(decoded.claims, at)
        return decoded.claims

    def _check_parties_and_times(self, claims: Mapping[str, Any], at: datetime) -> None:
        if claims.get("iss") != self._provider.issuer:
            raise _invalid("iss")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if self._client_id not in audiences:
            raise _invalid("aud")
        authorised = claims.get("azp")
        if authorised != self._client_id and (authorised is not None or len(audiences) > 1):
            raise _invalid("azp")
        issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
        if at >= expires + _LEEWAY:
            raise _invalid("exp")
        if issued > at + _LEEWAY or issued < at - _OLDEST:
            raise _invalid("iat")
        if "nbf" in claims and _moment(claims, "nbf") > at + _LEEWAY:
            raise _invalid("nbf")


def _invalid(check: str) -> EidRefusedError:
    return EidRefusedError(Refusal.TOKEN_INVALID, check)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise _invalid(name)
    return value


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(name)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise _invalid(name) from None


def _level(value: object) -> EidLevel | None:
    return EidLevel(value) if isinstance(value, str) and value in set(EidLevel) else None


def _methods(value: object) -> tuple[str, ...]:
    """Read `amr`: a list by the standard; a single text has been seen from ID-porten."""
    values = value if isinstance(value, list) else [value]
    return tuple(item for item in values if isinstance(item, str))
