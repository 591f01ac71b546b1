"""Plain values of jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as the console shows it."""

    id: int
    name: str
    key: str
    status: str  # todo, doing, succeeded, failed
    attempts: int
    scheduled_at: datetime | None
    reason: str  # of the latest failure
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """How the background work stands; `counts` by status."""

    counts: Mapping[str, int]
    workers: int
    oldest_waiting: datetime | None
