"""Identifiers: UUID version 7 (RFC 9562 section 5.7), ordered by time and never reused."""

import secrets
import threading
from datetime import datetime
from uuid import UUID

_STEP_BITS = 40
_lock = threading.Lock()
_last = (0, 0)  # the millisecond, and the 74 random bits given last


def new(at: datetime) -> UUID:
    """Return a fresh UUIDv7 whose first 48 bits are `at` in milliseconds since 1970.

    Within one millisecond a process gives them in rising order (RFC 9562 section 6.2, method 2): each is the one before
    plus a random step.
    """
    global _last  # noqa: PLW0603 - the one memory of the process
    milliseconds = int(at.timestamp() * 1000)
    with _lock:
        before, tail = _last
        # 73 random bits to begin with: the topmost stays free for the steps.
        tail = tail + 1 + secrets.randbits(_STEP_BITS) if before == milliseconds else secrets.randbits(73)
        _last = (milliseconds, tail)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
