"""Plain values of events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, to be appended. `type` is dotted and past tense: "case.opened". No personal data."""

    type: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventView:
    """One event as read back."""

    id: UUID
    subject: UUID
    sequence: int
    type: str
    at: datetime
    organisation_id: UUID | None
    service: str
    data: Mapping[str, object]

    def cloud_event(self, source: str) -> dict[str, object]:
        """Return it as a CloudEvents 1.0 JSON object; `sequence` is the published extension of that name."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": source,
            "type": f"no.dugnad.{self.type}",
            "subject": str(self.subject),
            "time": self.at.isoformat(),
            "sequence": f"{self.sequence:010d}",
            "datacontenttype": "application/json",
            "data": dict(self.data),
        }


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of the feed and the cursor to continue from."""

    events: tuple[EventView, ...]
    cursor: str
