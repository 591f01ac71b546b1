"""Rows on their way into the file: collected in lists, written in batches, so that memory stays bounded."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from dugnad.connectors.norway.schema import COLUMNS

BATCH = 20_000

Row = tuple[Any, ...]


@dataclass(slots=True)
class Rows:
    """One list of rows for each table."""

    person: list[Row] = field(default_factory=list)
    dwelling: list[Row] = field(default_factory=list)
    parent: list[Row] = field(default_factory=list)
    shared_home: list[Row] = field(default_factory=list)
    former_address: list[Row] = field(default_factory=list)
    guardian: list[Row] = field(default_factory=list)
    income: list[Row] = field(default_factory=list)
    kindergarten: list[Row] = field(default_factory=list)
    kindergarten_place: list[Row] = field(default_factory=list)
    after_school_place: list[Row] = field(default_factory=list)
    contact: list[Row] = field(default_factory=list)
    test_person: list[Row] = field(default_factory=list)

    def write(self, connection: sqlite3.Connection) -> None:
        """Insert everything collected and start empty lists."""
        for table, columns in COLUMNS.items():
            rows: list[Row] = getattr(self, table)
            if rows:
                marks = ",".join("?" * columns)
                # Table names are our own constants, never input.
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - see above
                rows.clear()
