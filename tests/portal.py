"""The whole portal for tests of pages: a database of its own, made ready once, and a synthetic Norway of 1,000 persons."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches

from database import Database, Snapshot, clone
from dugnad.access import commands as access
from dugnad.access.types import Role
from dugnad.catalogue import queries as catalogue
from dugnad.config.embedded.progress import ConsoleReporter
from dugnad.connectors import norway
from dugnad.connectors.norway import TestPerson
from dugnad.identity import commands as identity
from dugnad.identity.commands import LoggedIn
from dugnad.identity.ports import EidLevel, EidLogin
from dugnad.pages.sessions import COOKIE
from dugnad.shared.actor import Actor
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

PERSONS = 1_000
FORM = "application/x-www-form-urlencoded"


class Restoring:
    """Puts back only the tables a test has written to: a tenth of the time of putting back all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshot = Snapshot(database)
        with psycopg.connect(database.superuser, autocommit=True) as connection:
            self._marks = self._read_marks(connection)

    def restore(self) -> None:
        with psycopg.connect(self._database.superuser) as connection:
            now = self._read_marks(connection)
            changed = [table for table in now if now[table] != self._marks[table]]
            connection.execute("SET session_replication_role = replica")
            for table in changed:
                connection.execute(f"DELETE FROM {table}")
                rows = self._snapshot._rows[table]
                if rows:
                    with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                        copy.write(rows)
        with psycopg.connect(self._database.superuser, autocommit=True) as connection:
            self._marks = self._read_marks(connection)

    def _read_marks(self, connection: psycopg.Connection[Any]) -> dict[str, tuple[int, int]]:
        """How many rows each table has, and which transaction last wrote one of them."""
        parts = [
            f"SELECT '{table}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {table}"
            for table in self._snapshot._tables
        ]
        rows = connection.execute(" UNION ALL ".join(parts)).fetchall()
        return {str(name): (count, written) for name, count, written in rows}


@dataclass
class Portal:
    """What a test of pages stands on. `log_in` is quick; `log_in_by_eid` walks the whole way over the simulator."""

    database: Database
    snapshot: Restoring
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

    def organisation(self, code: str) -> UUID:
        """Our id of a municipality or state body."""
        return tenancy.organisation_by_code(code).id

    def give_role(self, key: str, code: str, role: Role) -> None:
        """Give a test person a role more, as the organisation's own administrator would."""
        person, now = self.people[key], datetime.now(UTC)
        with transaction.atomic():
            ids = identity.know_persons({person.identity_number: person.name}, at=now)
        with scope(Scope(organisation=self.organisation(code))):
            access.grant(
                person_id=ids[person.identity_number],
                person_name=person.name,
                organisation_id=self.organisation(code),
                role=role,
                by=Actor.system("test"),
                at=now,
            )

    def represented(self, client: Client) -> dict[str, str]:
        """Whom the page offers to act for: name → the id the button sends."""
        page = client.get("/min-side/representasjon").content.decode()
        found = re.findall(
            r'name="person" value="([^"]+)">.*?<span class="ds-sr-only"> ([^<]+)<', page, re.DOTALL
        )
        return {name: person for person, name in found}

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run a statement as a superuser: to look behind, or to let time pass."""
        with psycopg.connect(self.database.superuser, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def log_in_by_eid(
        self, client: Client, key: str, *, after: str = "", at_work: bool = False, **choice: str
    ) -> HttpResponse:
        """Walk the whole way: our login page, the simulated ID-porten, back again. Returns our last answer."""
        return client.get(self.answer_of_eid(client, key, after=after, at_work=at_work, **choice))  # type: ignore[return-value]  # the test client's own class

    def answer_of_eid(self, client: Client, key: str, **choice: Any) -> str:
        """Return path and query with which the browser comes back from the simulated ID-porten."""
        chosen = self.press_at_eid(client, key, **choice)
        assert chosen.status_code == 303, chosen.content.decode()
        back = urlsplit(chosen["Location"])
        return f"{back.path}?{back.query}"

    def press_at_eid(
        self, client: Client, key: str, *, after: str = "", at_work: bool = False, **choice: str
    ) -> HttpResponse:
        """Begin a login and press a button on the simulator's page; `choice` are its fields, else the person."""
        begun = client.post("/logg-inn", {"som": "jobb" if at_work else "hjemme", "videre": after})
        assert begun.status_code == 303, begun.content.decode()
        asked = urlsplit(begun["Location"])
        page = client.get(f"{asked.path}?{asked.query}").content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        level = re.search(r'name="level" id="[^"]+" value="([^"]+)" checked', page)
        assert level is not None
        fields = {**hidden, "level": level[1], **(choice or {"person": self.people[key].identity_number})}
        return client.post(asked.path, urlencode(fields), content_type=FORM)  # type: ignore[return-value]  # see above


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
        _forget()
        try:
            yield
        finally:
            connection.close()


def _forget() -> None:
    """Forget what this process keeps of another database: organisations and editions have other ids there."""
    from dugnad.pages.public import services

    tenancy.forget()
    catalogue.forget()
    services._offers.cache_clear()


def make_portal(server: str, name: str) -> Portal:
    """Clone the template, load it as the owner does at set-up, and remember what it then holds."""
    from dugnad.config import preparation

    database = clone(server, name)
    norway.generate(settings.NORWAY, persons=PERSONS)
    with using(database), pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections["default"].settings_dict, "USER", "dugnad_owner")
        preparation.prepare(ConsoleReporter())
        _forget()
    return Portal(database, Restoring(database), norway.Store(settings.NORWAY))


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
