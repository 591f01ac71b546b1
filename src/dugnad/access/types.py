"""Roles and what they may do. The table below is the whole of it: what is not named is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A role in one organisation, for all its services or one. The values are stored."""

    CASE_WORKER = "case_worker"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Right(StrEnum):
    """Something staff may do."""

    SEE_CASES = "see_cases"
    HANDLE_CASES = "handle_cases"
    APPROVE_DECISIONS = "approve_decisions"
    SEE_CONSOLE = "see_console"
    RETRY_JOBS = "retry_jobs"
    ADOPT_SERVICES = "adopt_services"
    MANAGE_ROLES = "manage_roles"
    SEE_AUDIT = "see_audit"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CASE_WORKER: frozenset({Right.SEE_CASES, Right.HANDLE_CASES}),
    Role.APPROVER: frozenset({Right.SEE_CASES, Right.APPROVE_DECISIONS}),
    Role.ADMINISTRATOR: frozenset(
        {Right.SEE_CONSOLE, Right.RETRY_JOBS, Right.ADOPT_SERVICES, Right.MANAGE_ROLES}
    ),
    Role.AUDITOR: frozenset({Right.SEE_CONSOLE, Right.SEE_AUDIT}),
}


class NotPermittedError(Exception):
    """The person holds no role here that gives the right."""

    def __init__(self, right: Right, service: str = "") -> None:
        super().__init__(f"no role gives {right}" + (f" for {service}" if service else ""))
        self.right = right
        self.service = service


@dataclass(frozen=True, slots=True)
class Staff:
    """A person at work: the organisation, and the roles held there by service ("" = every service)."""

    person_id: UUID
    person_name: str
    organisation_id: UUID
    roles: frozenset[tuple[Role, str]]

    def may(self, right: Right, service: str = "") -> bool:
        """Say whether some role gives the right, for this service (or, with none named, for any)."""
        return any(
            right in RIGHTS[role] and (not service or where in {"", service}) for role, where in self.roles
        )

    def must(self, right: Right, service: str = "") -> None:
        """Raise NotPermittedError unless `may`."""
        if not self.may(right, service):
            raise NotPermittedError(right, service)

    def services(self, right: Right, offered: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the organisation's services for which some role gives the right."""
        return tuple(service for service in offered if self.may(right, service))


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A role as the console lists it."""

    person_id: UUID
    person_name: str
    organisation_id: UUID
    role: Role
    service: str
