"""Plain values of facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

SOURCES_WITHOUT_REGISTER = frozenset({"case", "applicant", "case worker"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the registers said for one application.

    values: fact name → JSON value; a list of persons is a list of {attribute: value} with `person`, the identity number.
    valid_from: "name" or "list.index.attribute" → the register's own date. unavailable: register → reason, for those that
    did not answer: what they know stays unknown. looked_up: identity number → registers asked about that person.
    """

    values: Mapping[str, Any]
    valid_from: Mapping[str, str] = field(default_factory=dict)
    unavailable: Mapping[str, str] = field(default_factory=dict)
    looked_up: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every register answered."""
        return not self.unavailable


@dataclass(frozen=True, slots=True)
class CollectionView:
    """Facts as stored for one application; `persons` maps identity numbers to our ids."""

    id: UUID
    person_id: UUID
    fetched_at: datetime
    values: Mapping[str, Any]
    valid_from: Mapping[str, str]
    unavailable: Mapping[str, str]
    persons: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact as a page shows it: what, whose, where from, on what basis, since when; `value` None is unknown."""

    name: str
    attribute: str
    owner: str  # the person's name in a list, or empty
    value: Any
    unit: str
    source: str
    law: str
    fetched_at: datetime
    valid_from: str
    disputable: bool
    state: str  # known, unknown, unavailable
    label: Mapping[str, str] | None
    path: str = ""  # of one in a list: list, index and attribute; else the fact's name
    person_id: UUID | None = None  # whose it is, in a list
