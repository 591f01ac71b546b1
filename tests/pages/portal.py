"""The whole portal for tests of pages: a database of its own, made ready once, and a synthetic Norway of 1,000 persons."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches

from database import Database, Snapshot, clone
from dugnad.config.embedded.progress import ConsoleReporter
from dugnad.connectors import norway
from dugnad.connectors.norway import TestPerson
from dugnad.identity import commands as identity
from dugnad.identity.commands import LoggedIn
from dugnad.identity.ports import EidLevel, EidLogin
from dugnad.pages.sessions import COOKIE
from dugnad.tenancy import queries as tenancy

PERSONS = 1_000
FORM = "application/x-www-form-urlencoded"


@dataclass
class Portal:
    """What a test of pages stands on. `log_in` is quick; `log_in_by_eid` walks the whole way over the simulator."""

    database: Database
    snapshot: Snapshot
    store: norway.Store

    @cached_property
    def people(self) -> dict[str, TestPerson]:
        """The named test persons by key, such as "mor i Stord"."""
        return {person.key: person for person in norway.test_persons(self.store)}

    def eid_login(self, key: str, *, transaction_id: str = "", sid: str = "") -> EidLogin:
        """What the provider would say of a test person."""
        return EidLogin(
            identity_number=self.people[key].identity_number,
            sub=f"sub of {key}",
            acr=EidLevel.HIGH,
            amr=("BankID",),
            sid=sid or secrets.token_hex(8),
            authenticated_at=datetime.now(UTC),
            transaction_id=transaction_id or secrets.token_hex(8),
            carried="",
            id_token_for_logout="",
        )

    def log_in(
        self,
        client: Client,
        key: str,
        *,
        at_work: bool = False,
        language: str = "nn",
        at: datetime | None = None,
        sid: str = "",
    ) -> LoggedIn:
        """Give the client a session of a test person; `at_work`: at the first place where the person has a role."""
        person = self.people[key]
        organisation: UUID | None = None
        if at_work:
            organisation = tenancy.organisation_by_code(person.staff_roles[0][0]).id
        opened = identity.log_in(
            self.eid_login(key, sid=sid),
            name=person.name,
            language=language,
            municipality=person.municipality,
            organisation_id=organisation,
            at=at or datetime.now(UTC),
        )
        client.cookies[COOKIE["key"]] = opened.cookie
        return opened

    def log_in_by_eid(
        self, client: Client, key: str, *, after: str = "", at_work: bool = False, **choice: str
    ) -> HttpResponse:
        """Walk the whole way: our login page, the simulated ID-porten, back again. Returns our last answer."""
        answer = client.get(self.answer_of_eid(client, key, after=after, at_work=at_work, **choice))
        return answer  # type: ignore[return-value]  # the test client's own response class

    def answer_of_eid(
        self, client: Client, key: str, *, after: str = "", at_work: bool = False, **choice: str
    ) -> str:
        """Return path and query with which the browser comes back from the simulated ID-porten."""
        form = {"som": "jobb" if at_work else "hjemme", "videre": after}
        begun = client.post("/logg-inn", form)
        assert begun.status_code == 303, begun.content.decode()
        asked = urlsplit(begun["Location"])
        page = client.get(f"{asked.path}?{asked.query}").content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        level = re.search(r'name="level" id="[^"]+" value="([^"]+)" checked', page)
        assert level is not None
        fields = {**hidden, "level": level[1], **(choice or {"person": self.people[key].identity_number})}
        chosen = client.post(asked.path, urlencode(fields), content_type=FORM)
        assert chosen.status_code == 303, chosen.content.decode()
        back = urlsplit(chosen["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def using(database: Database) -> Iterator[None]:
    """Let Django speak to this database as dugnad_web."""
    folder = database.web.partition("host=")[2].replace("%2F", "/")
    here = {"NAME": database.name, "USER": "dugnad_web", "PASSWORD": "", "HOST": folder, "PORT": ""}
    connection = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        for name, value in here.items():
            patch.setitem(connection.settings_dict, name, value)
        options = {k: v for k, v in connection.settings_dict["OPTIONS"].items() if k != "pool"}
        patch.setitem(connection.settings_dict, "OPTIONS", options)
        try:
            yield
        finally:
            connection.close()


def make_portal(server: str, name: str) -> Portal:
    """Clone the template, load it as the owner does at set-up, and remember what it then holds."""
    from dugnad.config import preparation

    database = clone(server, name)
    norway.generate(settings.NORWAY, persons=PERSONS)
    with using(database), pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections["default"].settings_dict, "USER", "dugnad_owner")
        preparation.prepare(ConsoleReporter())
        tenancy.forget()
    return Portal(database, Snapshot(database), norway.Store(settings.NORWAY))


@contextmanager
def at_home_in(folder: Path) -> Iterator[None]:
    """Point settings, registers, eID provider and addresses at a folder of the test run."""
    import importlib

    from dugnad.config import urls, wiring

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", folder)
        patch.setattr(settings, "NORWAY", folder / "norway.sqlite")
        wiring.wire()
        importlib.reload(urls)
        clear_url_caches()
        yield
