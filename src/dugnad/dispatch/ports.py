"""What dispatch needs from outside: where people can be told that a letter has come. More channels come as plugins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Contact:
    """How one person may be told. `email` empty: not at all (reserved, unknown, or older than 18 months, § 32)."""

    email: str
    language: str


class ContactsUnavailableError(Exception):
    """The contact register did not answer; try again later."""


class ContactRegister(Protocol):
    """The contact and reservation register (KRR), asked for many at once."""

    def contacts(self, identity_numbers: Sequence[str]) -> Mapping[str, Contact]:
        """Return contacts by number; absent: unknown. Raises ContactsUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class NoticeMessage:
    """One e-mail: it says that a letter has come and from whom, never what it says."""

    message_id: str  # the same each time it is tried, so that a mail server can drop a double
    to: str
    subject: str
    text: str


class NoticeNotSentError(Exception):
    """The mail server did not take it; `reason` holds no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoticeChannel(Protocol):
    """Sends notices; one call for many, so that one connection serves them all."""

    def send(self, messages: Sequence[NoticeMessage]) -> Mapping[str, str]:
        """Send; return for each message id "" (sent) or why it was not. Raises NoticeNotSentError if none could be."""
        ...


class Ports:
    """The connectors in use, put here by `config/wiring.py`."""

    contacts: ContactRegister
    notices: NoticeChannel
    address_of_portal: str
