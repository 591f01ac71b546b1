"""The databases of a test run: one server, one template with all migrations, one clone of it for each process.

Tests speak to the clone as `dugnad_web`, so that row-level security is in force as it is for a resident.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from dugnad.config.embedded.postgres import OWNER, WEB, WORKER, ensure_roles, temporary_postgres

TEMPLATE = "dugnad_template"


@dataclass(frozen=True)
class Database:
    """One clone: its name and how each role reaches it."""

    server: str
    name: str

    def url(self, role: str) -> str:
        head, _, tail = self.server.partition("://postgres@/postgres")
        return f"{head}://{role}@/{self.name}{tail}"

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
    """A server that holds the template; gives its superuser's address."""
    with temporary_postgres() as server:
        ensure_roles(server, TEMPLATE)
        environment = {**os.environ, "DUGNAD_DATABASE_URL": Database(server, TEMPLATE).owner}
        migrate = [sys.executable, "-m", "dugnad.config.command", "migrate"]
        done = subprocess.run(migrate, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"The migrations failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        yield server


def clone(server: str, name: str) -> Database:
    """A fresh copy of the template; takes about 0.05 s."""
    with psycopg.connect(server, autocommit=True) as connection:
        identifiers = {"name": sql.Identifier(name), "template": sql.Identifier(TEMPLATE), "owner": sql.Identifier(OWNER)}
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**identifiers))
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}").format(**identifiers))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**identifiers))
        for role in (WEB, WORKER):
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {name} TO {role}").format(role=sql.Identifier(role), **identifiers)
            )
    return Database(server, name)


class Snapshot:
    """What a database held at one moment, to put it back after a test that committed.

    Emptying by `TRUNCATE` alone would also take the reference rows the migrations wrote; and `dugnad_web` may not
    truncate at all. So a superuser does it, with triggers and foreign keys asleep.
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
_SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"


def _copy_out(connection: psycopg.Connection[Any], table: str) -> bytes:
    if not connection.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone()[0]:  # type: ignore[index] # EXISTS gives a row
        return b""
    with connection.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(part) for part in copy)
