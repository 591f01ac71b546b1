"""Plain values of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dugnad.cases.states import CLOSED, ON_DESK, TRANSITIONS, Act, NotAllowedNowError, Status, after, diagram

__all__ = [
    "CLOSED",
    "ON_DESK",
    "TRANSITIONS",
    "Act",
    "AlreadyAppealedError",
    "CaseGoneError",
    "CaseLine",
    "CaseView",
    "DeskFilter",
    "FourEyesError",
    "NewCase",
    "NotAllowedNowError",
    "NoteView",
    "Page",
    "RequestView",
    "Status",
    "after",
    "diagram",
]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What opens a case; `id` is given, since the decision made with it names the case."""

    id: UUID
    kind: str  # "application" or "appeal"
    person_id: UUID
    person_name: str
    organisation_id: UUID
    service: str
    edition: str
    due: date
    application_id: UUID | None = None
    parent_id: UUID | None = None
    decision_id: UUID | None = None
    stops: tuple[Mapping[str, Any], ...] = ()
    grounds: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case whole. `due`: the day of the time limit; `expected`: when an answer was said to come, where it was not kept."""

    id: UUID
    number: str
    kind: str
    parent_id: UUID | None
    application_id: UUID | None
    decision_id: UUID | None
    person_id: UUID
    person_name: str
    organisation_id: UUID
    service: str
    edition: str
    status: str
    stops: tuple[Mapping[str, Any], ...]
    proposal: Mapping[str, Any] | None
    assigned_to: UUID | None
    assigned_name: str
    grounds: str
    is_late: bool
    opened_at: datetime
    changed_at: datetime
    due: date
    closed_at: datetime | None
    expected: date | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: UUID
    number: str
    kind: str
    person_name: str
    service: str
    status: str
    stops: tuple[Mapping[str, Any], ...]
    assigned_to: UUID | None
    assigned_name: str
    is_late: bool
    opened_at: datetime
    due: date
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What the desk shows. `assigned`: "" all, "me", "none". `text` finds a number or the beginning of a name.

    stop: the name of a control point that stopped automation.
    """

    status: str = ""
    service: str = ""
    kind: str = ""
    assigned: str = ""
    stop: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list and the cursors to its neighbours ("" where there are none)."""

    lines: tuple[CaseLine, ...]
    next: str


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many cases need a person, each counted to `DESK_COUNT_LIMIT` at most."""

    mine: int
    unassigned: int
    all: int


@dataclass(frozen=True, slots=True)
class NoteView:
    """An internal note."""

    text: str
    author_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request for information and its answer."""

    id: UUID
    text: str
    asked_name: str
    asked_at: datetime
    due: date
    answer: str
    answered_at: datetime | None


class FourEyesError(Exception):
    """The one who proposed a decision may not approve it."""


class CaseGoneError(LookupError):
    """No such case is in sight."""


class AlreadyAppealedError(Exception):
    """An appeal of this decision is under way; `appeal_id` is its case."""

    def __init__(self, appeal_id: UUID) -> None:
        super().__init__("an appeal is under way")
        self.appeal_id = appeal_id
