"""Plain values of decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What to write down: the input (`facts`), what came of it (`outcome`) and a `summary` for pages.

    facts, outcome: JSON values as `canonical` writes them; the digest covers edition, engine, date, facts and outcome.
    """

    case_id: UUID
    person_id: UUID
    organisation_id: UUID
    service: str
    edition: str
    date: date
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]
    summary: Mapping[str, Any]
    automatic: bool
    decided_by: str
    approved_by: str = ""
    reasons: str = ""
    number: int = 0  # 0: the next in the case


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as stored."""

    id: UUID
    case_id: UUID
    number: int
    person_id: UUID
    organisation_id: UUID
    service: str
    edition: str
    engine: str
    date: date
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]
    digest: str
    summary: Mapping[str, Any]
    automatic: bool
    decided_by: str
    approved_by: str
    reasons: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of making a decision again."""

    decision_id: UUID
    digest: str
    again: str

    @property
    def same(self) -> bool:
        """Whether it came out byte for byte the same."""
        return self.digest == self.again
