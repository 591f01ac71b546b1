"""What every register client shares: a deadline, a fuse, and the strict reading of answers.

A dead register must cost a request at most a second, and after a few failures nothing: the fuse then refuses
at once, lets one request through when its pause is over, and closes again when that one succeeds.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, ClassVar

import orjson

from dugnad.connectors.transport import Response, Transport, TransportError
from dugnad.facts.ports import RegisterUnavailableError
from dugnad.shared.national_identity_number import Rule, is_valid

TIMEOUT_SECONDS = 1.0
FAILURES_BEFORE_PAUSE = 3
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 60.0
OK, BUSY = 200, 429
NUMBER_LENGTH = 11


class NonsenseError(Exception):
    """An answer that does not have the agreed shape. The text names the place, never a value."""


class Fuse:
    """Stops asking a system that has failed several times in a row."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._lock = Lock()
        self._failures = 0
        self._closed_until = 0.0

    def wait(self) -> float:
        """Return 0 where a request may be sent now, otherwise the seconds that are left of the pause."""
        if not self._closed_until:
            return 0.0
        with self._lock:
            left = self._closed_until - self._now()
            if left > 0:
                return left
            # This request is the probe; others keep waiting until it has come back.
            self._closed_until = self._now() + FIRST_PAUSE_SECONDS
            return 0.0

    def succeeded(self) -> None:
        """Close the fuse."""
        if self._failures or self._closed_until:
            with self._lock:
                self._failures, self._closed_until = 0, 0.0

    def failed(self, pause: float | None = None) -> None:
        """Count a failure; `pause` is what the system itself asked for, in seconds."""
        with self._lock:
            self._failures += 1
            if pause is not None:
                self._closed_until = self._now() + min(pause, LONGEST_PAUSE_SECONDS)
            elif self._failures >= FAILURES_BEFORE_PAUSE:
                longer = FIRST_PAUSE_SECONDS * 2 ** min(self._failures - FAILURES_BEFORE_PAUSE, 4)
                self._closed_until = self._now() + min(longer, LONGEST_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When one lookup, with all its requests, must be over."""

    at: float

    def left(self, now: float) -> float:
        """Return the seconds left, never negative."""
        return max(0.0, self.at - now)


class Caller:
    """Speaks JSON with one register. All failures become RegisterUnavailableError."""

    def __init__(
        self,
        register: str,
        transport: Transport,
        base_url: str,
        *,
        token: Callable[[], str],
        timeout: float = TIMEOUT_SECONDS,
        retry_after_per_second: int = 1,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.register = register
        self._transport, self._base_url, self._token = transport, base_url.rstrip("/"), token
        self._timeout, self._retry_after_per_second, self._now = timeout, retry_after_per_second, monotonic
        self._fuse = Fuse(monotonic)

    @contextmanager
    def lookup(self) -> Iterator[Deadline]:
        """Wrap one lookup: refuse while the fuse is open; turn nonsense into RegisterUnavailableError."""
        wait = self._fuse.wait()
        if wait:
            reason = "paused after failures"
            raise RegisterUnavailableError(self.register, reason, retry_after_seconds=wait)
        try:
            yield Deadline(self._now() + self._timeout)
        except NonsenseError as error:
            self._fuse.failed()
            raise RegisterUnavailableError(self.register, f"answered nonsense: {error}") from error
        self._fuse.succeeded()

    def call(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        *,
        content: object = None,
        also: tuple[int, ...] = (),
    ) -> tuple[int, Any]:
        """Send a request; return status and parsed JSON. A status other than 200 and `also` is a failure."""
        left = deadline.left(self._now())
        if not left:
            raise self._unavailable("timed out")
        headers = {"accept": "application/json", "authorization": f"Bearer {self._token()}"}
        if content is not None:
            headers["content-type"] = "application/json"
        body = b"" if content is None else orjson.dumps(content)
        try:
            answer = self._transport.request(
                method, self._base_url + path, headers=headers, body=body, timeout=left
            )
        except TransportError as error:
            raise self._unavailable(error.reason) from error
        if answer.status != OK and answer.status not in also:
            raise self._refused(answer)
        try:
            return answer.status, orjson.loads(answer.body)
        except orjson.JSONDecodeError as error:
            raise NonsenseError("no JSON") from error

    def _refused(self, answer: Response) -> RegisterUnavailableError:
        pause = None
        if answer.status == BUSY:
            asked = answer.headers.get("retry-after", "")
            known = asked.isascii() and asked.isdecimal()
            pause = int(asked) / self._retry_after_per_second if known else FIRST_PAUSE_SECONDS
        return self._unavailable(f"status {answer.status}", pause)

    def _unavailable(self, reason: str, pause: float | None = None) -> RegisterUnavailableError:
        self._fuse.failed(pause)
        return RegisterUnavailableError(self.register, reason, retry_after_seconds=pause)


class RegisterClient:
    """A register asked over HTTP. A client gives its `name`, and where it differs its path and the unit of Retry-After."""

    name: str
    base_path: ClassVar[str] = ""
    retry_after_per_second: ClassVar[int] = 1

    def __init__(
        self,
        transport: Transport,
        *,
        base_url: str,
        token: Callable[[], str] | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._caller = Caller(
            self.name,
            transport,
            base_url + self.base_path,
            token=token or token_of_simulator,
            timeout=timeout,
            retry_after_per_second=self.retry_after_per_second,
        )


def askable(numbers: Sequence[str]) -> list[str]:
    """Return the well-formed numbers, each once.

    Nobody in a register has another; asking for one makes some registers refuse the whole request, and a few
    such refusals would open the fuse for everybody.
    """
    return [
        number
        for number in dict.fromkeys(numbers)
        if len(number) == NUMBER_LENGTH and is_valid(number, rule=Rule.FROM_2032)
    ]


def record(value: object, where: str) -> Mapping[str, Any]:
    """Read a JSON object."""
    if not isinstance(value, dict):
        raise NonsenseError(f"{where} is no object")
    return value


def records(holder: Mapping[str, Any], key: str, *, required: bool = False) -> list[Mapping[str, Any]]:
    """Read a list of objects; an absent list is empty unless it is required."""
    value = holder.get(key)
    if value is None and not required:
        return []
    if not isinstance(value, list):
        raise NonsenseError(f"{key} is no list")
    return [record(item, key) for item in value]


def text(holder: Mapping[str, Any], key: str) -> str:
    """Read a text that must be there."""
    value = holder.get(key)
    if not isinstance(value, str) or not value:
        raise NonsenseError(f"{key} is no text")
    return value


def one_of(holder: Mapping[str, Any], key: str, allowed: frozenset[str]) -> str:
    """Read one of a set of words."""
    value = text(holder, key)
    if value not in allowed:
        raise NonsenseError(f"{key} is no word we know")
    return value


def whole(holder: Mapping[str, Any], key: str) -> int:
    """Read a whole number."""
    value = holder.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise NonsenseError(f"{key} is no whole number")
    return value


def truth(holder: Mapping[str, Any], key: str) -> bool:
    """Read true or false."""
    value = holder.get(key)
    if not isinstance(value, bool):
        raise NonsenseError(f"{key} is neither true nor false")
    return value


def day(holder: Mapping[str, Any], key: str) -> date:
    """Read a date, from a date or the beginning of a timestamp."""
    try:
        return date.fromisoformat(text(holder, key)[:10])
    except ValueError as error:
        raise NonsenseError(f"{key} is no date") from error


def identity_number(holder: Mapping[str, Any], key: str) -> str:
    """Read eleven digits. Control digits are the register's own affair."""
    value = text(holder, key)
    if len(value) != NUMBER_LENGTH or not (value.isascii() and value.isdecimal()):
        raise NonsenseError(f"{key} is no identity number")
    return value


def token_of_simulator() -> str:
    """Return the token that simulators accept; Maskinporten gives the real ones."""
    return "simulert"
