"""Plain values of the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to write in the log: a change, or (`is_look`) somebody's look at a person's data.

    `person_id` is whose data it was; `purpose` says why, in plain words or as a legal basis; `actor_name` is the name
    the resident sees; `detail` holds ids and codes, never values of facts.
    """

    action: str
    purpose: str
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    service: str = ""
    case_id: UUID | None = None
    is_look: bool = False
    actor_name: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryView:
    """A row of the log as it is shown."""

    position: int
    at: datetime
    action: str
    is_look: bool
    actor: str
    actor_name: str
    organisation_id: UUID | None
    service: str
    case_id: UUID | None
    purpose: str
    detail: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A link of the chain: its number, how many rows it seals, its digest and when it was made."""

    number: int
    entries: int
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: `broken` names the first block that does not fit, or is None."""

    blocks: int
    sealed: int
    unsealed: int
    broken: int | None
    reason: str = ""
