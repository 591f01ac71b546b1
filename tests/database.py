"""The databases of a test run: one server, one template with all migrations, a clone of it for each process.

Tests speak to their clone as `dugnad_web`, so that row-level security is in force as it is for a resident.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import sql

from dugnad.config.embedded.places import home, socket_folder
from dugnad.config.embedded.postgres import OWNER, WEB, WORKER, Server, ensure_roles, temporary_postgres

TEMPLATE = "dugnad_template"
PROJECT = Path(__file__).parents[1]
# What the template is made from. All a migration reads must be among these, or an old template would be used.
MADE_FROM = [
    "uv.lock",
    "tests/database.py",
    "src/dugnad/*/migrations/*",
    "src/dugnad/*/data/**/*",
    "src/dugnad/shared/*.py",
    "src/dugnad/config/settings.py",
    "src/dugnad/config/embedded/postgres/*.py",
]


@dataclass(frozen=True)
class Database:
    """One clone: its name and how each role reaches it."""

    server: str
    name: str

    def url(self, role: str) -> str:
        head, _, tail = self.server.partition("://postgres@/postgres")
        return f"{head}://{role}@/{self.name}{tail}"

    @property
    def folder(self) -> str:
        """The folder of the server's socket."""
        return unquote(self.server.partition("host=")[2])

    @property
    def web(self) -> str:
        return self.url(WEB)

    @property
    def worker(self) -> str:
        return self.url(WORKER)

    @property
    def owner(self) -> str:
        return self.url(OWNER)

    @property
    def superuser(self) -> str:
        return self.url("postgres")


@contextlib.contextmanager
def server_with_template() -> Iterator[str]:
    """A server that holds the template (0.3 s; the first time after a migration changed, some seconds)."""
    store = home() / "test-template"
    store.mkdir(parents=True, exist_ok=True)
    data = store / fingerprint()
    with (store / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            for old in store.glob("[0-9a-f]*[0-9a-f]"):
                shutil.rmtree(old, ignore_errors=True)
            make_template(data)
        fcntl.flock(lock, fcntl.LOCK_SH)  # nobody may clear it away while it is copied
        with contextlib.ExitStack() as running:
            server = running.enter_context(temporary_postgres(like=data))
            fcntl.flock(lock, fcntl.LOCK_UN)
            yield server


def fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(PROJECT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def make_template(data: Path) -> None:
    """Migrate an empty database as its owner, and keep the stopped server's folder."""
    with tempfile.TemporaryDirectory(prefix="dugnad-template-") as name:
        folder = Path(name)
        server = Server(folder / "data", socket_folder(folder), folder / "postgres.log", durable=False)
        try:
            server.start()
            ensure_roles(server.url(), TEMPLATE)
            environment = {**os.environ, "DUGNAD_DATABASE_URL": Database(server.url(), TEMPLATE).owner}
            migrate = [sys.executable, "-m", "dugnad.config.command", "migrate"]
            done = subprocess.run(migrate, env=environment, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"The migrations failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        finally:
            server.stop(60)
        shutil.move(server.data, data.with_suffix(".new"))
        data.with_suffix(".new").rename(data)


def clone(server: str, name: str) -> Database:
    """A fresh copy of the template; takes about 0.05 s."""
    names = {
        "name": sql.Identifier(name),
        "template": sql.Identifier(TEMPLATE),
        "owner": sql.Identifier(OWNER),
        "others": sql.SQL(", ").join(map(sql.Identifier, (WEB, WORKER))),
    }
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in (
            "DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            "CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}",
            "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {name} TO {others}",
        ):
            connection.execute(sql.SQL(statement).format(**names))
    return Database(server, name)


class Snapshot:
    """What a database held at one moment, to put it back after a test that committed.

    Emptying by `TRUNCATE` alone would also take the reference rows the migrations wrote; and `dugnad_web` may
    not truncate at all. So a superuser does it, with triggers and foreign keys asleep.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with psycopg.connect(database.superuser) as connection:
            self._tables = [str(row[0]) for row in connection.execute(_TABLES)]
            self._rows = {table: _copy_out(connection, table) for table in self._tables}
            self._sequences = connection.execute(_SEQUENCES).fetchall()

    def restore(self) -> None:
        with psycopg.connect(self._database.superuser) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"TRUNCATE {', '.join(self._tables)} RESTART IDENTITY CASCADE")
            for table, rows in self._rows.items():
                if rows:
                    with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                        copy.write(rows)
            for name, last in self._sequences:
                connection.execute("SELECT setval(%s::regclass, %s)", [name, last])


_TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public' ORDER BY 1
"""
_SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename), last_value
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


def _copy_out(connection: psycopg.Connection[Any], table: str) -> bytes:
    """The rows of a table, empty without rows (the format has a header even then)."""
    if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None:
        return b""
    with connection.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(part) for part in copy)
