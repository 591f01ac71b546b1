"""The floor under an application: the rows it leaves behind by bare inserts, and its letter by bare Typst."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench import processes
from bench.stack import Stack

# The tables an application of its own leaves rows in, in an order foreign keys allow.
TABLES = (
    "facts_collection",
    "applications_application",
    "applications_claim",
    "decisions_decision",
    "cases_case",
    "dispatch_dispatch",
    "dispatch_document",
    "audit_entry",
    "events_event",
)
Row = dict[str, Any]


def rows_of_one_application(connection: psycopg.Connection, case_id: str) -> list[tuple[str, list[Row]]]:
    """Every row one application wrote, by table; `case_id` is its case."""
    (person, application) = connection.execute(
        "SELECT person_id, application_id FROM cases_case WHERE id = %s", [case_id]
    ).fetchone()  # type: ignore[misc]  # the case is there
    by = {"applications_claim": ("application_id", application)}
    found = []
    for table in TABLES:
        column, value = by.get(table, ("person_id", person))
        found.append((table, list(_rows(connection, table, column, value))))
    return found


def inserts(stack: Stack, rows: Sequence[tuple[str, list[Row]]], *, times: int) -> tuple[float, float, float]:
    """Write the same rows `times` times, each round one transaction. Returns (seconds, own CPU, database CPU) of one."""
    with stack.connect() as connection:
        connection.prepare_threshold = 1
        _copies(connection)
        work = [(_statement(table, row), _values(row)) for table, group in rows for row in group]
        _write(connection, work, 20)
        clock, own, theirs = (
            time.monotonic(),
            time.thread_time(),
            processes.cpu_seconds(stack.pid("postgres")),
        )
        _write(connection, work, times)
        spent = processes.cpu_seconds(stack.pid("postgres")) - theirs
        return (time.monotonic() - clock) / times, (time.thread_time() - own) / times, spent / times


def _write(
    connection: psycopg.Connection, work: Sequence[tuple[sql.Composed, list[Any]]], times: int
) -> None:
    for _ in range(times):
        with connection.transaction(), connection.cursor() as cursor:
            for statement, values in work:
                cursor.execute(statement, values)


def _copies(connection: psycopg.Connection) -> None:
    """Tables of the same columns and indexes, so that the floor writes what Dugnad writes without touching its rows."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS floor")
    for table in TABLES:
        connection.execute(f"DROP TABLE IF EXISTS floor.{table}")
        connection.execute(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING DEFAULTS)")
        for (definition,) in connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s", [table]
        ).fetchall():
            connection.execute(_plain_index(definition, table))


def _plain_index(definition: str, table: str) -> str:
    """The same index without its name and without being unique: the same row is written many times."""
    tail = definition.partition(" USING ")[2]
    return f"CREATE INDEX ON floor.{table} USING {tail}"


def _rows(connection: psycopg.Connection, table: str, column: str, value: object) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s", [value])
        names = [one.name for one in cursor.description or ()]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def _statement(table: str, row: Mapping[str, Any]) -> sql.Composed:
    return sql.SQL("INSERT INTO floor.{} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
    )


def _values(row: Mapping[str, Any]) -> list[Any]:
    return [Jsonb(value) if isinstance(value, dict | list) else value for value in row.values()]
