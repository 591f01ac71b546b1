"""What facts needs from outside: registers that answer about persons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What one register says of one person.

    `values` maps a field name (Norwegian, as `facts.yaml` writes it after `field:`) to a plain value:
    str, bool, Decimal, date, None or a list of dicts of such. A field that is absent was not known by the
    register: it stays unknown and is never read as "no". `valid_from` is the register's own date, if it has one.
    """

    values: Mapping[str, object]
    valid_from: Mapping[str, date] = field(default_factory=dict)


class RegisterUnavailableError(Exception):
    """The register did not answer in time, refused or answered nonsense. Try again later; nothing was learnt.

    Carries no personal data: `register` is its name, `reason` a short technical sentence.
    """

    def __init__(self, register: str, reason: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{register}: {reason}")
        self.register = register
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class Register(Protocol):
    """A source of facts, asked for many persons in one call."""

    name: str

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        """Answer for each number the register knows. Raises RegisterUnavailableError."""
        ...


REGISTERS: dict[str, Register] = {}
"""The registers in use by the name `facts.yaml` gives after `from:`, put here by `config/wiring.py`."""
