"""Rules of our own login sessions: pure, no clock, no table.

Times keep within NIST SP 800-63B section 4.2.3 (AAL2: at most 30 minutes idle and 12 hours in all); the
absolute end is one working day.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TypedDict
from urllib.parse import urlsplit

_TOKEN_BYTES = 32
_TOKEN_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_TRANSACTION_SECONDS = 600


class Verdict(StrEnum):
    """What a session is worth at a moment."""

    LIVE = "live"
    IDLE_EXPIRED = "idle_expired"
    ABSOLUTE_EXPIRED = "absolute_expired"
    ENDED = "ended"


class Moment(StrEnum):
    """Something that happens within a session."""

    LOGIN = "login"
    ACTING_STARTED = "acting_started"
    ACTING_STOPPED = "acting_stopped"
    LEVEL_RAISED = "level_raised"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When a session began (never moved by rotation), was last seen, and was ended by a logout, if it was."""

    began: datetime
    seen: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lives. `touch_every` spares writes: `seen` may lag by so much."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=8)
    touch_every: timedelta = timedelta(minutes=1)

    def verdict(self, times: SessionTimes, at: datetime) -> Verdict:
        """Judge a session at a moment. Exactly at the limit it is over; the absolute end is named first."""
        if times.ended is not None and times.ended <= at:
            return Verdict.ENDED
        if at - times.began >= self.absolute:
            return Verdict.ABSOLUTE_EXPIRED
        if at - times.seen >= self.idle:
            return Verdict.IDLE_EXPIRED
        return Verdict.LIVE

    def must_touch(self, times: SessionTimes, at: datetime) -> bool:
        """Say whether `seen` should be written now."""
        return at - times.seen >= self.touch_every

    def ends_at(self, times: SessionTimes) -> datetime:
        """Return when the session is over if nothing more happens: for a warning and for clearing out."""
        return min(times.seen + self.idle, times.began + self.absolute)


RESIDENT = SessionRules()
STAFF = SessionRules(absolute=timedelta(hours=10))


def must_rotate(moment: Moment) -> bool:
    """Say whether the cookie gets a new token: whenever what it opens changes (session fixation)."""
    return moment is not Moment.PAGE


def new_token() -> tuple[str, bytes]:
    """Return a fresh cookie value (256 random bits) and the digest to store; never store the value."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    return token, digest(token)


def digest(token: str) -> bytes:
    """Return the 32 bytes by which a session is found. 256 random bits need no salt and no slow hash."""
    return sha256(token.encode()).digest()


def token_from(cookie: str | None) -> str | None:
    """Return the cookie's token if it can be one, so that junk never reaches the database."""
    return cookie if cookie and _TOKEN_SHAPE.fullmatch(cookie) else None


class CookieAttributes(TypedDict):
    """Keyword arguments of Django's `set_cookie`, beside the value."""

    key: str
    max_age: int | None
    path: str
    secure: bool
    httponly: bool
    samesite: str


def session_cookie(*, https: bool) -> CookieAttributes:
    """Describe the session cookie; it ends with the browser, the server's rules end it before."""
    return _cookie("dugnad-session", https=https, max_age=None)


def transaction_cookie(*, https: bool) -> CookieAttributes:
    """Describe the cookie that holds a login under way, ten minutes.

    SameSite is Lax, not Strict: the browser comes back from another site by a top-level GET.
    """
    return _cookie("dugnad-login", https=https, max_age=_TRANSACTION_SECONDS)


def _cookie(name: str, *, https: bool, max_age: int | None) -> CookieAttributes:
    """Name it `__Host-…` under https: no subdomain can then plant it (RFC 6265bis 4.1.3.2)."""
    return CookieAttributes(
        key=f"__Host-{name}" if https else name,
        max_age=max_age,
        path="/",
        secure=https,
        httponly=True,
        samesite="Lax",
    )


def safe_next(url: str | None, default: str = "/") -> str:
    """Return `url` if it is a path on this very site, else `default`: no open redirect.

    Refused are other hosts, `//host`, and backslashes and control characters, which browsers turn to slashes
    or drop.
    """
    if not url or not url.startswith("/") or url.startswith("//") or not url.isprintable() or "\\" in url:
        return default
    try:
        parts = urlsplit(url)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc or parts.path.startswith("//") else url
