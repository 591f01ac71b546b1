"""Identifiers: UUID version 7 (RFC 9562 section 5.7), ordered by time and never reused."""

import secrets
from datetime import datetime
from uuid import UUID


def new(at: datetime) -> UUID:
    """Return a fresh UUIDv7 whose first 48 bits are `at` in milliseconds since 1970."""
    milliseconds = int(at.timestamp() * 1000)
    bits = (
        (milliseconds << 80)
        | (0x7 << 76)
        | (secrets.randbits(12) << 64)
        | (0b10 << 62)
        | secrets.randbits(62)
    )
    return UUID(int=bits)
