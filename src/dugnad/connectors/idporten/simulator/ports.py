"""What the simulator needs from outside: its clients, and the synthetic persons who can log in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Group(StrEnum):
    """Where a test person stands on the page."""

    RESIDENT = "resident"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class TestPerson:
    """One to log in as. description: what this person is good for testing, by language."""

    __test__ = False  # pytest: not a test

    identity_number: str = field(repr=False)
    name: str
    municipality: str
    description: Mapping[str, str] = field(default_factory=dict)
    group: Group = Group.RESIDENT


class Persons(Protocol):
    """The synthetic persons."""

    def find(self, identity_number: str) -> TestPerson | None:
        """Return the person with this number, if there is one."""
        ...

    def test_persons(self) -> Sequence[TestPerson]:
        """Return those worth listing, in the order to show them."""
        ...


@dataclass(frozen=True, slots=True)
class Client:
    """A relying party known to the simulator: its public keys, and to which exact URLs it may send people."""

    client_id: str
    name: str
    jwks: Mapping[str, Any]
    redirect_uris: frozenset[str]
    post_logout_redirect_uris: frozenset[str] = frozenset()
