"""Plain values of identity."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dugnad.shared.actor import Actor


class Authority(StrEnum):
    """Why someone may act for another; the values are stored, so they never change."""

    PARENT = "parent"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class ActingFor:
    """The child or ward a resident acts for, on what authority, since when."""

    person_id: UUID
    authority: Authority
    since: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """A live session as a request needs it.

    `organisation_id` is set while the person is at work as staff, `acting_for` while a resident acts for
    another, never both. `level` is the eID level the person logged in with.
    """

    id: UUID
    person_id: UUID
    level: str
    organisation_id: UUID | None = None
    acting_for: ActingFor | None = None

    @property
    def actor(self) -> Actor:
        """The actor that every command of this request gets as `by=`."""
        if self.organisation_id is not None:
            return Actor.staff(self.person_id, self.organisation_id)
        return Actor.resident(
            self.person_id, on_behalf_of=self.acting_for.person_id if self.acting_for else None
        )
