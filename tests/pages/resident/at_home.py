"""A resident at the screen: what one clicks and reads, and what happens behind meanwhile."""

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from django.db import connections
from django.test import Client
from PIL import Image

from dugnad.access import queries as access
from dugnad.dispatch import commands as dispatch
from dugnad.facts.ports import REGISTERS, RegisterUnavailableError
from dugnad.flows import application_to_decision as flow
from dugnad.flows import desk
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope
from portal import Portal

SERVICE = "redusert-foreldrebetaling"
CHILDREN = {"answer.barna stemmer": "ja"}
HOUSEHOLD = {"answer.samboer uten felles barn": "nei", "answer.varig inntektsnedgang": "nei"}
FALLEN = {**HOUSEHOLD, "answer.varig inntektsnedgang": "ja"}


@dataclass
class Resident:
    """A person with a browser without scripts. `get` and `post` return our answer; `words` what a page says."""

    portal: Portal
    key: str
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000"))
    language: str = "nn"
    person_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.person_id = self.portal.log_in(self.client, self.key, language=self.language).person_id

    def get(self, address: str) -> Any:
        return self.client.get(address)

    def post(self, address: str, fields: dict[str, Any] | None = None, **headers: Any) -> Any:
        return self.client.post(address, fields or {}, **headers)

    def read(self, address: str) -> str:
        answer = self.get(address)
        assert answer.status_code == 200, (answer.status_code, address)
        return words(answer)

    def begin(self, **fields: str) -> str:
        """Open the form; returns its address without the page's number."""
        answer = self.post(f"/soknad/{SERVICE}/start", fields)
        assert answer.status_code == 303, words(answer)
        return str(answer["Location"]).rpartition("/")[0]

    def fill(self, form: str, household: dict[str, str] | None = None, **more: Any) -> str:
        """Answer every page and stop at the summary; returns its revision."""
        first = self.post(
            f"{form}/1", {"revision": revision(self.get(f"{form}/1")), **CHILDREN, **more, "do": "next"}
        )
        assert first["Location"] == f"{form}/2"
        second = self.post(
            f"{form}/2",
            {"revision": revision(self.get(f"{form}/2")), **(household or HOUSEHOLD), "do": "next"},
        )
        assert second["Location"] == f"{form}/oppsummering"
        return revision(self.get(f"{form}/oppsummering"))

    def send(self, form: str, at_revision: str) -> str:
        """Press send; returns the address of the case."""
        answer = self.post(f"{form}/send", {"revision": at_revision})
        assert answer.status_code == 303, words(answer)
        return str(answer["Location"]).partition("?")[0]

    def apply(self, household: dict[str, str] | None = None, **more: Any) -> str:
        """Do all of it; returns the address of the case."""
        form = self.begin()
        return self.send(form, self.fill(form, household, **more))


def words(answer: Any) -> str:
    """What the main part of a page says, with single spaces."""
    page = answer.content.decode()
    text = page.partition("<main")[2].partition(">")[2].partition("</main>")[0] or page
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def revision(answer: Any) -> str:
    found = re.search(r'name="revision" value="(\d+)"', answer.content.decode())
    assert found, answer.status_code
    return found[1]


def links(answer: Any, beginning: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(rf'href="({beginning}[^"]*)"', answer.content.decode())]


def id_of(address: str) -> UUID:
    return UUID(address.split("/")[2])


@contextmanager
def as_worker(portal: Portal) -> Iterator[None]:
    """Be the worker's database role for a while."""
    connection = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "USER", "dugnad_worker")
        try:
            yield
        finally:
            connection.close()


def deliver(portal: Portal) -> int:
    with as_worker(portal):
        return dispatch.deliver(at=datetime.now(UTC))


def decide_waiting(portal: Portal, case: str) -> None:
    """Run the job that a postponed application left, as the worker would."""
    arguments = {
        "case": str(id_of(case)),
        "organisation": str(tenancy.organisation_by_code("4614").id),
        "service": SERVICE,
    }
    with as_worker(portal):
        flow.decide_waiting(arguments, datetime.now(UTC))


@contextmanager
def at_desk(portal: Portal, key: str) -> Iterator[Any]:
    """Be a member of staff in Stord."""
    organisation = tenancy.organisation_by_code("4614").id
    person = portal.people[key]
    known = portal.log_in(Client(), key).person_id
    with scope(Scope(organisation=organisation, services=(SERVICE,))):
        yield access.staff(known, person.name, organisation, at=datetime.now(UTC))


def ask(portal: Portal, case: str, text: str) -> UUID:
    with at_desk(portal, "saksbehandler i Stord") as staff:
        return desk.ask(case_id=id_of(case), text=text, staff=staff, at=datetime.now(UTC))


class Away:
    """A register that does not answer."""

    def __init__(self, name: str) -> None:
        self.name = name

    def lookup(self, *_: object, **__: object) -> Any:
        raise RegisterUnavailableError(self.name, "timed out")


@contextmanager
def away(*names: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setitem(REGISTERS, name, Away(name))
        yield


def pdf(*, locked: bool = False) -> bytes:
    made, kept = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(kept, encryption=pikepdf.Encryption(user="x", owner="y") if locked else False)
    return kept.getvalue()


def photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(kept, "PNG")
    return kept.getvalue()
