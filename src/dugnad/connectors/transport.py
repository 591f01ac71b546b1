"""How a client reaches an outside system: over HTTP, or straight to a simulator in the same process.

Requests may carry personal data in body and, where the real protocol demands it, in the path. Nothing here
logs either, and no error text contains them.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

import urllib3
from urllib3.util import Timeout

# At DEBUG it writes the path of every request, where one register wants identity numbers.
logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)

MEBIBYTE = 1 << 20
LARGEST_ANSWER = 32 * MEBIBYTE
CHUNK = 1 << 16


class TransportError(Exception):
    """No whole answer came. `reason` is a short technical word without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """What a simulator is handed: the same that would go over the wire. `headers` have lower-case names."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Handler = Callable[[Request], Response]


class Transport(Protocol):
    """Sends one request and returns one answer within `timeout` seconds, or raises TransportError."""

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        """Send a request. Redirects are not followed."""
        ...


class InProcess:
    """Hands the request to a simulator in this process."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        """See Transport. A simulator answers at once, so `timeout` never runs out."""
        del timeout
        return self._handler(Request(method, url, headers, body))


class HttpTransport:
    """HTTPS through a pool of kept connections, certificates verified, answers bounded in size and time."""

    def __init__(self, *, connections: int = 8, largest_answer: int = LARGEST_ANSWER) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=8, maxsize=connections, retries=False, cert_reqs="CERT_REQUIRED"
        )
        self._largest_answer = largest_answer

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        """See Transport."""
        deadline = time.monotonic() + timeout
        try:
            answer = self._pool.request(
                method,
                url,
                body=body or None,
                headers=dict(headers),
                timeout=Timeout(total=timeout),
                preload_content=False,
                redirect=False,
            )
            try:
                content = self._read(answer, deadline)
            except BaseException:
                answer.close()
                raise
            answer.release_conn()
        except urllib3.exceptions.TimeoutError as error:
            raise TransportError("timed out") from error
        except urllib3.exceptions.HTTPError as error:
            raise TransportError(type(error).__name__) from error
        return Response(
            answer.status, {name.lower(): value for name, value in answer.headers.items()}, content
        )

    def _read(self, answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        """Read piece by piece, so that a server that drips cannot hold us past the deadline."""
        content = bytearray()
        while piece := answer.read1(CHUNK):
            content += piece
            if len(content) > self._largest_answer:
                raise TransportError("answer too large")
            if time.monotonic() > deadline:
                raise TransportError("timed out")
        return bytes(content)

    def close(self) -> None:
        """Close all kept connections."""
        self._pool.clear()


class Fault(Enum):
    """What can be wrong with an outside system."""

    TIMEOUT = "timeout"
    ERROR = "500"
    BUSY = "429"
    NONSENSE = "nonsense"
    WRONG_SCHEMA = "wrong schema"
    SLOW = "slow"
    CUT = "cut"


@dataclass(slots=True)
class Faulty:
    """A transport that fails in a chosen way, for tests. `fault` None lets everything through.

    `after` lets that many requests through first. SLOW waits `delay` seconds, or until the time-out.
    """

    transport: Transport
    fault: Fault | None = None
    retry_after: str = "1500"
    delay: float = 0.05
    after: int = 0
    requests: int = 0

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        """See Transport."""
        self.requests += 1
        if self.fault is None or self.requests <= self.after:
            return self.transport.request(method, url, headers=headers, body=body, timeout=timeout)
        if self.fault is Fault.SLOW:
            time.sleep(min(self.delay, timeout))
            if self.delay >= timeout:
                raise TransportError("timed out")
            return self.transport.request(method, url, headers=headers, body=body, timeout=timeout)
        if self.fault is Fault.TIMEOUT:
            raise TransportError("timed out")
        if self.fault is Fault.CUT:
            whole = self.transport.request(method, url, headers=headers, body=body, timeout=timeout)
            return Response(whole.status, whole.headers, whole.body[: len(whole.body) // 2])
        return self._answer(self.fault)

    def _answer(self, fault: Fault) -> Response:
        json = {"content-type": "application/json"}
        if fault is Fault.ERROR:
            return Response(500, json, b'{"melding":"Uventet feil"}')
        if fault is Fault.BUSY:
            return Response(429, {"retry-after": self.retry_after}, b"")
        if fault is Fault.NONSENSE:
            return Response(200, {"content-type": "text/html"}, b"<html><h1>It works!</h1></html>")
        return Response(200, json, b'{"uventet":[{"helt":"annet"}]}')
