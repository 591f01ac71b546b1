"""Who does a thing: the `by=` of every command, the author of every audit row and event."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID


class ActorKind(StrEnum):
    """What sort of actor it is; the values are stored, so they never change."""

    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts. Make it with `resident`, `staff` or `system`; an impossible mix raises ValueError.

    `person_id` is who sits at the keyboard, `on_behalf_of` the child or ward a resident acts for,
    `organisation_id` where a member of staff works, `name` the technical name of a system ("worker").
    """

    kind: ActorKind
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    on_behalf_of: UUID | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse what no constructor makes, so that a stored actor can be trusted."""
        parts = (
            self.person_id is not None,
            self.organisation_id is not None,
            bool(self.name),
        )
        if parts != _PARTS[self.kind]:
            raise ValueError(
                f"an actor of kind {self.kind} was made with the wrong parts; use Actor.{self.kind}(…)"
            )
        if self.on_behalf_of is not None and (
            self.kind is not ActorKind.RESIDENT or self.on_behalf_of == self.person_id
        ):
            raise ValueError("only a resident acts on behalf of another, and never of oneself")

    @classmethod
    def resident(cls, person_id: UUID, on_behalf_of: UUID | None = None) -> Self:
        """Make a person who acts for oneself, or for the child or ward `on_behalf_of`."""
        return cls(ActorKind.RESIDENT, person_id=person_id, on_behalf_of=on_behalf_of)

    @classmethod
    def staff(cls, person_id: UUID, organisation_id: UUID) -> Self:
        """Make a person at work for an organisation."""
        return cls(ActorKind.STAFF, person_id=person_id, organisation_id=organisation_id)

    @classmethod
    def system(cls, name: str) -> Self:
        """Make a part of Dugnad that acts by itself: a job, a flow, the command line."""
        return cls(ActorKind.SYSTEM, name=name)

    @property
    def subject_id(self) -> UUID | None:
        """Whose matter it is: the one acted for, else the person; None for a system."""
        return self.on_behalf_of or self.person_id

    def label(self) -> str:
        """Name the actor for logs and events, without personal data: `resident:<uuid>`, `system:worker`."""
        if self.kind is ActorKind.SYSTEM:
            return f"system:{self.name}"
        if self.kind is ActorKind.STAFF:
            return f"staff:{self.person_id}@{self.organisation_id}"
        return f"resident:{self.person_id}" + (f">{self.on_behalf_of}" if self.on_behalf_of else "")


# (has a person, has an organisation, has a name) for each kind
_PARTS = {
    ActorKind.RESIDENT: (True, False, False),
    ActorKind.STAFF: (True, True, False),
    ActorKind.SYSTEM: (False, False, True),
}
