"""Give and take roles."""

from datetime import datetime
from uuid import UUID

from dugnad.access.models import Assignment
from dugnad.access.types import Role
from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.shared import ids
from dugnad.shared.actor import Actor


def grant(
    *,
    person_id: UUID,
    person_name: str,
    organisation_id: UUID,
    role: Role,
    service: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Give a role; giving it twice changes nothing. The transaction's scope is the organisation."""
    held = Assignment.objects.filter(
        person_id=person_id, organisation_id=organisation_id, role=role, service=service, valid_to=None
    )
    if held.exists():
        return
    Assignment.objects.create(
        id=ids.new(at),
        person_id=person_id,
        person_name=person_name,
        organisation_id=organisation_id,
        role=role,
        service=service,
        valid_from=at,
        granted_by=by.label(),
    )
    _log("access.granted", person_id, organisation_id, role, service, by, at)


def revoke(
    *, person_id: UUID, organisation_id: UUID, role: Role, service: str = "", by: Actor, at: datetime
) -> None:
    """Take a role away from now on; the row stays as history."""
    Assignment.objects.filter(
        person_id=person_id, organisation_id=organisation_id, role=role, service=service, valid_to=None
    ).update(valid_to=at)
    _log("access.revoked", person_id, organisation_id, role, service, by, at)


def _log(
    action: str, person_id: UUID, organisation_id: UUID, role: Role, service: str, by: Actor, at: datetime
) -> None:
    audit.record(
        Record(
            action=action,
            purpose="Tilgangsstyring",
            person_id=person_id,
            organisation_id=organisation_id,
            service=service,
            detail={"role": role},
        ),
        by=by,
        at=at,
    )
