"""What identity needs from outside: a provider of electronic identity (ID-porten or one of its shape)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class EidLevel(StrEnum):
    """Level of assurance, in ID-porten's words; `EidLevel.HIGH.reaches(EidLevel.SUBSTANTIAL)`."""

    SUBSTANTIAL = "idporten-loa-substantial"
    HIGH = "idporten-loa-high"

    def reaches(self, wanted: "EidLevel") -> bool:
        """Say whether this level is at least the wanted one."""
        return self is wanted or self is EidLevel.HIGH


class Refusal(StrEnum):
    """Why a login was refused. The value is safe to log and to show as a reference."""

    CANCELLED = "cancelled"
    LEVEL_TOO_LOW = "level_too_low"
    EXPIRED = "expired"
    STATE_MISMATCH = "state_mismatch"
    ISSUER_MISMATCH = "issuer_mismatch"
    CODE_REFUSED = "code_refused"
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a reason, not a secret
    TRANSACTION_INVALID = "transaction_invalid"
    REQUEST_REFUSED = "request_refused"


class EidRefusedError(Exception):
    """A login that must not succeed; a new one may. Carries a code and a technical reason, never a person."""

    def __init__(self, code: Refusal, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}" if reason else str(code))
        self.code = code
        self.reason = reason


class EidUnavailableError(Exception):
    """The provider did not answer, or answered nonsense. Nothing is known of the person; try again later."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A login under way.

    url: where to send the browser. transaction: sealed, to be kept in an HttpOnly cookie until `expires_at`.
    """

    url: str
    transaction: str = field(repr=False)
    transaction_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EidLogin:
    """A person the provider vouches for.

    identity_number: 11 digits, `pid`. sub: the provider's pairwise id of the person for us. sid: the
    provider's session, which a later logout names. transaction_id: store it until the transaction would have
    expired and refuse the second login that has it. carried: what `begin` was given to carry.
    """

    identity_number: str = field(repr=False)
    sub: str = field(repr=False)
    acr: EidLevel
    amr: tuple[str, ...]
    sid: str
    authenticated_at: datetime
    transaction_id: str
    carried: str
    id_token_for_logout: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EidLogout:
    """A session of the provider has ended. `notice_id` is unique: a second one is a replay."""

    sid: str
    notice_id: str


@dataclass(frozen=True, slots=True)
class LogoutForm:
    """A form to POST to the provider: the id token in it holds the identity number, so never in a URL."""

    url: str
    fields: Mapping[str, str] = field(repr=False)


class EidProvider(Protocol):
    """Log people in and out. Raises EidRefusedError and EidUnavailableError only."""

    def begin(
        self, *, acr: EidLevel, ui_locales: str, redirect_uri: str, at: datetime, carry: str = ""
    ) -> Begun:
        """Start a login of at least level `acr`, shown in `ui_locales` (nb, nn, en or se).

        redirect_uri: our callback, exactly as registered. carry: at most 500 characters that come back in
        `EidLogin.carried` (the page the person wanted).
        """
        ...

    def finish(self, *, transaction: str, query: Mapping[str, str], at: datetime) -> EidLogin:
        """Complete the login. transaction: the cookie's value; query: what the browser brings back."""
        ...

    def end_session_url(self, *, sid: str, return_to: str, state: str, at: datetime) -> str:
        """Return where to send the browser to end the provider's session too; holds nothing personal."""
        ...

    def end_session_form(self, *, id_token: str, return_to: str, state: str, at: datetime) -> LogoutForm:
        """Return the same as a form with the id token, for a provider that sends nobody back without it."""
        ...

    def frontchannel_logout(self, *, query: Mapping[str, str], at: datetime) -> EidLogout:
        """Read a front-channel logout notice (`iss` and `sid` in a hidden frame's address)."""
        ...

    def backchannel_logout(self, *, logout_token: str, at: datetime) -> EidLogout:
        """Verify a back-channel logout token and read its session."""
        ...


class Ports:
    """The connector in use, put here by `config/wiring.py`."""

    eid: EidProvider
