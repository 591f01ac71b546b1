"""What must be in place before the first page: organisations, the synthetic Norway, services, roles. Cheap when it is."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings

from dugnad.access import commands as access
from dugnad.access.types import Role
from dugnad.catalogue import commands as catalogue
from dugnad.connectors import norway
from dugnad.identity import commands as identity
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo
from dugnad.tenancy import commands as tenancy
from dugnad.tenancy import queries as organisations

BY = Actor.system("set-up")


class Reporter(Protocol):
    """Shows how far a long step has come (config/embedded/progress.py)."""

    def step(self, title: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
        """Begin a step of `total` things; call what it gives with how many more are done."""
        ...


def prepare(report: Reporter) -> None:
    """Bring everything up to date; each step is safe to repeat. Run as the owner's role."""
    now = datetime.now(UTC)
    with report.step("Organisations"):
        tenancy.load_norway(at=now)
        organisations.forget()
    _population(report, now)
    _services(report, now)
    with report.step("Roles of the test persons"):
        _roles(now)


def welcome() -> str:
    """Return what `make run` prints of whom to log in as."""
    people = norway.test_persons(norway.Store(settings.NORWAY))
    lines = ["Log in as a test person (choose by name on the simulated ID-porten page):"]
    for person in people:
        role = ", ".join(f"{role} in {where}" for where, role in person.staff_roles)
        lines.append(f"  {person.name:<24} {role or person.description['en']}")
    return "\n".join(lines) + "\n"


def _population(report: Reporter, now: datetime) -> None:
    out: Path = settings.NORWAY
    if norway.is_current(out):
        return
    persons = int(os.environ.get("DUGNAD_PERSONS", norway.DEFAULT_PERSONS))
    with report.step("Synthetic Norway", total=persons) as advance:
        done = 0

        def progress(so_far: int, _of: int) -> None:
            nonlocal done
            advance(so_far - done)
            done = so_far

        norway.generate(out, persons=persons, as_of=oslo(now).replace(day=1), progress=progress)


def _services(report: Reporter, now: datetime) -> None:
    folders = sorted(
        path for path in (settings.PROJECT / "services").iterdir() if (path / "service.yaml").exists()
    )
    with report.step("Services", total=len(folders)) as advance:
        for folder in folders:
            version, _ = catalogue.publish_folder(folder=folder, by=BY, at=now)
            tailorings = _tailorings(folder.name)
            catalogue.adopt(
                version=version,
                organisations=[
                    (organisation.id, tailorings.get(organisation.code, ""))
                    for organisation in organisations.organisations(kind="kommune")
                ],
                by=BY,
                at=now,
            )
            advance(1)


def _tailorings(service: str) -> dict[str, str]:
    """Return the text of each organisation's tailoring of the service, by organisation code."""
    found = (settings.PROJECT / "tailoring").glob(f"*/{service}.yaml")
    return {path.parent.name: path.read_text(encoding="utf-8") for path in found}


def _roles(now: datetime) -> None:
    people = [person for person in norway.test_persons(norway.Store(settings.NORWAY)) if person.staff_roles]
    ids = identity.know_persons({person.identity_number: person.name for person in people}, at=now)
    for person in people:
        for code, role in person.staff_roles:
            access.grant(
                person_id=ids[person.identity_number],
                person_name=person.name,
                organisation_id=organisations.organisation_by_code(code).id,
                role=Role(role),
                by=BY,
                at=now,
            )
