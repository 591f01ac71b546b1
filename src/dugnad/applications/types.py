"""Plain values of applications."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dugnad.applications.attachments import AttachmentRefusedError, Limits

__all__ = [
    "AlreadyAppliedError",
    "ApplicationView",
    "AttachmentRefusedError",
    "AttachmentView",
    "DraftExistsError",
    "Limits",
    "NewClaim",
    "NotADraftError",
    "Saved",
    "StaleDraftError",
    "TooManyAttachmentsError",
]


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application or a draft of one. answers: fact name → JSON value; disputes: fact → the applicant's own words."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    service: str
    edition: str
    collection_id: UUID
    status: str
    answers: Mapping[str, object]
    disputes: Mapping[str, str]
    language: str
    replaces_id: UUID | None
    revision: int
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None

    @property
    def is_draft(self) -> bool:
        """Whether it can still be written in."""
        return self.status == "draft"


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save: the answers before it, and the draft now."""

    before: Mapping[str, object]
    now: ApplicationView


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """An attachment without its content."""

    id: UUID
    question: str
    name: str
    pages: int
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class NewClaim:
    """One child and period that an application asks for."""

    subject_id: UUID
    period: str


class StaleDraftError(Exception):
    """The draft was changed elsewhere (another tab or device) after this page was shown; `current` is what it is now."""

    def __init__(self, current: ApplicationView) -> None:
        super().__init__("the draft was changed elsewhere")
        self.current = current


class NotADraftError(Exception):
    """The application was sent or withdrawn; it is no longer written in."""

    def __init__(self, status: str) -> None:
        super().__init__(f"the application is {status}")
        self.status = status


class AlreadyAppliedError(Exception):
    """Somebody has a live application for the same child and period.

    `application_id` is the applicant's own earlier one, or None where it is another person's.
    """

    def __init__(self, application_id: UUID | None) -> None:
        super().__init__("there is a live application for the same child and period")
        self.application_id = application_id


class DraftExistsError(Exception):
    """The person has begun a draft of the same service already, in another tab or by a double click."""


class TooManyAttachmentsError(Exception):
    """No more attachments fit; `limit` says how many do."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} attachments")
        self.limit = limit
