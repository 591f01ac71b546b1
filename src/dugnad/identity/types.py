"""Plain values of identity."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dugnad.identity.sessions import RESIDENT, STAFF, SessionRules, SessionTimes
from dugnad.shared.actor import Actor


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as a request needs it.

    `organisation_id` is set while the person is at work as staff, `acting_for` while a resident acts for a child or ward,
    never both.
    """

    id: UUID
    person_id: UUID
    person_name: str
    language: str
    acting_for: UUID | None
    acting_for_name: str
    organisation_id: UUID | None
    level: str
    times: SessionTimes
    eid_session: str
    has_interrupted: bool = False

    @property
    def rules(self) -> SessionRules:
        """How long this session may live."""
        return STAFF if self.organisation_id else RESIDENT

    @property
    def subject_id(self) -> UUID:
        """Whose matters are shown: the child or ward acted for, else the person."""
        return self.acting_for or self.person_id

    @property
    def subject_name(self) -> str:
        """The name that goes with `subject_id`."""
        return self.acting_for_name or self.person_name

    @property
    def actor(self) -> Actor:
        """The actor that every command of this request gets as `by=`."""
        if self.organisation_id is not None:
            return Actor.staff(self.person_id, self.organisation_id)
        return Actor.resident(self.person_id, on_behalf_of=self.acting_for)


@dataclass(frozen=True, slots=True)
class PersonView:
    """What Dugnad itself keeps of a person."""

    id: UUID
    identity_number: str
    name: str
    language: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A form that was sent when its session had run out: the page it stands on, its fields, and for whom it was sent."""

    path: str
    fields: dict[str, list[str]]
    acting_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One live session in the list of devices."""

    id: UUID
    started_at: datetime
    seen_at: datetime
    at_work: bool
    is_this: bool
