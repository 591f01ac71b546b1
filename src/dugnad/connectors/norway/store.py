"""Reading the synthetic Norway: one read-only connection for each thread."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import local
from typing import Any, ClassVar
from urllib.parse import quote

from dugnad.connectors.norway import cast
from dugnad.connectors.norway.schema import VERSION

MOST_VARIABLES = 500
PAGE_CACHE_KIB = 16_384


class NotGeneratedError(RuntimeError):
    """There is no synthetic Norway at the path, or it was made by another version. Says how to mend it."""


@dataclass(frozen=True, slots=True)
class TestPerson:
    """A named person that the login page of the demonstration offers.

    `description` has the keys nb, nn and en. `staff_roles` are pairs of organisation (municipality number, or
    the slug of a state body) and role; empty for residents without a post.
    """

    __test__: ClassVar[bool] = False  # pytest: a value, not a class of tests

    key: str
    identity_number: str
    name: str
    municipality: str
    description: dict[str, str]
    staff_roles: tuple[tuple[str, str], ...]


class Store:
    """The file that all simulators read. Opened on first use, so that building one is free."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._here = local()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Run one query. Raises NotGeneratedError where there is no population."""
        return self._connection().execute(sql, parameters).fetchall()

    def rows_in(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """Run a query with `IN (?)` for any number of values, in portions SQLite can take."""
        found: list[Any] = []
        for start in range(0, len(values), MOST_VARIABLES):
            portion = values[start : start + MOST_VARIABLES]
            found += self.rows(sql.replace("(?)", f"({','.join('?' * len(portion))})"), portion)
        return found

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let several queries see one and the same state, and lock the file once for all of them."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("COMMIT")

    @property
    def as_of(self) -> date:
        """Return the day the registers describe."""
        return date.fromisoformat(self.about("as_of"))

    def about(self, key: str) -> str:
        """Return one of: version, persons, seed, as_of."""
        value: str = self.rows("SELECT value FROM meta WHERE key = ?", (key,))[0][0]
        return value

    def _connection(self) -> sqlite3.Connection:
        here = self._here
        # A forked worker must not use its parent's connection.
        if getattr(here, "process", None) != os.getpid():
            here.connection = self._open()
            here.process = os.getpid()
        connection: sqlite3.Connection = here.connection
        return connection

    def _open(self) -> sqlite3.Connection:
        mend = f"run `dugnad population --out {self.path}`"
        if not self.path.is_file():
            raise NotGeneratedError(f"no synthetic Norway at {self.path}: {mend}")
        address = f"file:{quote(str(self.path.absolute()))}?mode=ro"
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, timeout=1.0, cached_statements=64
        )
        try:
            version = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        except sqlite3.DatabaseError as error:
            connection.close()
            raise NotGeneratedError(f"{self.path} is no synthetic Norway: {mend}") from error
        if version is None or version[0] != str(VERSION):
            connection.close()
            raise NotGeneratedError(f"{self.path} was made by another version: {mend}")
        connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._here, "process", None) == os.getpid():
            self._here.connection.close()
            self._here.process = None


def is_current(path: Path) -> bool:
    """Say whether there is a synthetic Norway at the path that this version can read."""
    store = Store(path)
    try:
        store.rows("SELECT 1")
    except NotGeneratedError:
        return False
    store.close()
    return True


def test_persons(store: Store) -> list[TestPerson]:
    """Return the named test persons in the order the login page shows them."""
    lives_in = {adult.key: house.municipality for house in cast.houses() for adult in house.adults}
    rows = store.rows(
        "SELECT key, number, given, family FROM test_person JOIN person ON id = person ORDER BY place"
    )
    return [
        TestPerson(
            key=key,
            identity_number=f"{number:011d}",
            name=f"{given} {family}",
            municipality=lives_in[key],
            description=cast.adults()[key].about or {},
            staff_roles=cast.adults()[key].roles,
        )
        for key, number, given, family in rows
    ]
