"""A case that needs a person: the neighbour in Stord whose income has fallen lastingly."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from dugnad.access import commands as access
from dugnad.access.types import Role
from dugnad.cases import queries as cases
from dugnad.flows import application_to_decision as flow
from dugnad.identity.commands import LoggedIn
from dugnad.shared.actor import Actor
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope
from portal import Portal

SERVICE = "redusert-foreldrebetaling"
ANSWERS = {"barna stemmer": True, "samboer uten felles barn": False, "varig inntektsnedgang": True}


@dataclass
class Desk:
    """The portal with browsers of staff, and cases."""

    portal: Portal

    def apply(self, key: str = "nabo i Stord", **answers: object) -> UUID:
        """Send an application as a test person; returns the case's id."""
        me = self.portal.log_in(Client(), key)
        by, now = Actor.resident(me.person_id), datetime.now(UTC)
        application = flow.begin(service=SERVICE, person_id=me.person_id, language="nn", by=by, at=now)
        written = {**ANSWERS, **{name.replace("_", " "): value for name, value in answers.items()}}
        saved = flow.save(
            application_id=application, person_id=me.person_id, revision=0, answers=written, by=by, at=now
        )
        sent = flow.send(
            application_id=application, person_id=me.person_id, revision=saved.revision, by=by, at=now
        )
        return sent.case_id

    def resident(self, key: str = "nabo i Stord") -> LoggedIn:
        """Log a resident in."""
        return self.portal.log_in(Client(), key)

    def browser(self, key: str, language: str = "nb") -> Client:
        """Return the browser of a member of staff at work, in Bokmål."""
        client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", HTTP_ACCEPT_LANGUAGE=language)
        client.cookies["dugnad_language"] = language
        self.portal.log_in(client, key, at_work=True)
        return client

    def give(self, key: str, role: str, service: str = "") -> None:
        """Give a member of staff one more role where he or she works."""
        person = self.portal.people[key]
        organisation = tenancy.organisation_by_code(person.staff_roles[0][0]).id
        known = self.portal.log_in(Client(), key).person_id
        now = datetime.now(UTC)
        with scope(Scope(organisation=organisation)):
            access.grant(
                person_id=known,
                person_name=person.name,
                organisation_id=organisation,
                role=Role(role),
                service=service,
                by=Actor.system("test"),
                at=now,
            )

    def limit(self, key: str, service: str) -> None:
        """Let a case worker handle cases of this service only."""
        person = self.portal.people[key]
        organisation = tenancy.organisation_by_code(person.staff_roles[0][0]).id
        known = self.portal.log_in(Client(), key).person_id
        with scope(Scope(organisation=organisation)):
            access.revoke(
                person_id=known,
                organisation_id=organisation,
                role=Role.CASE_WORKER,
                by=Actor.system("test"),
                at=datetime.now(UTC),
            )
        self.give(key, "case_worker", service)

    def changed_at(self, case_id: UUID, key: str = "nabo i Stord") -> str:
        """When the case last changed, as its page holds it."""
        with self.scope_of(key):
            return cases.case(case_id).changed_at.isoformat()

    @contextmanager
    def as_worker(self) -> Iterator[None]:
        """Speak to the database as the worker does."""
        connection = connections["default"]
        with pytest.MonkeyPatch.context() as patch:
            connection.close()
            patch.setitem(connection.settings_dict, "USER", "dugnad_worker")
            try:
                yield
            finally:
                connection.close()

    def scope_of(self, key: str = "nabo i Stord") -> AbstractContextManager[None]:
        """Enter a resident's own scope."""
        return scope(Scope(person=self.resident(key).person_id))
