"""What the acts of the desk share: each is done whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction


@contextmanager
def acting() -> Iterator[None]:
    """Do one act whole: where it is refused half-way, what it had written is taken back before the page answers."""
    with transaction.atomic():
        yield


def uuid_of(text: str) -> UUID:
    """Read an id from a form. Raises LookupError for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise LookupError("no id") from None
