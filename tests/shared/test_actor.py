"""Who acted is always one of three kinds, and says nothing about the person but an id."""

from dataclasses import FrozenInstanceError
from uuid import UUID

import pytest

from dugnad.shared.actor import Actor, ActorKind

MOTHER = UUID("01900000-0000-7000-8000-000000000001")
CHILD = UUID("01900000-0000-7000-8000-000000000002")
STORD = UUID("01900000-0000-7000-8000-000000004614")


def test_a_parent_acts_for_a_child() -> None:
    actor = Actor.resident(MOTHER, on_behalf_of=CHILD)
    assert actor.subject_id == CHILD
    assert actor.person_id == MOTHER
    assert actor.label() == f"resident:{MOTHER}>{CHILD}"


def test_each_kind_has_its_label() -> None:
    assert Actor.resident(MOTHER).label() == f"resident:{MOTHER}"
    assert Actor.staff(MOTHER, STORD).label() == f"staff:{MOTHER}@{STORD}"
    assert Actor.system("worker").label() == "system:worker"
    assert Actor.system("worker").subject_id is None


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": ActorKind.RESIDENT},
        {"kind": ActorKind.RESIDENT, "person_id": MOTHER, "organisation_id": STORD},
        {"kind": ActorKind.STAFF, "person_id": MOTHER},
        {"kind": ActorKind.STAFF, "person_id": MOTHER, "organisation_id": STORD, "on_behalf_of": CHILD},
        {"kind": ActorKind.SYSTEM},
        {"kind": ActorKind.SYSTEM, "name": "worker", "person_id": MOTHER},
        {"kind": ActorKind.RESIDENT, "person_id": MOTHER, "on_behalf_of": MOTHER},
    ],
)
def test_an_impossible_actor_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="act"):
        Actor(**parts)  # type: ignore[arg-type]


def test_an_actor_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        Actor.system("worker").name = "web"  # type: ignore[misc]
