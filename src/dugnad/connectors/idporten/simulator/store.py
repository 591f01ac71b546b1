"""What the simulator remembers for seconds or hours: one small SQLite file, shared by all processes."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

_WAIT_SECONDS = 10
_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires REAL NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS item_expires ON item (expires);
"""


class Store:
    """Keys with a value and an end. Each method is one transaction, so `take` and `claim` succeed once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript(_SCHEMA)

    def keep(self, kind: str, key: str, value: Mapping[str, Any], *, expires: datetime, at: datetime) -> None:
        """Remember a value until `expires`, and forget what has expired."""
        with self._open() as connection:
            connection.execute("DELETE FROM item WHERE expires <= ?", (at.timestamp(),))
            row = (kind, key, json.dumps(value), expires.timestamp())
            connection.execute("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)", row)

    def peek(self, kind: str, key: str, *, at: datetime) -> dict[str, Any] | None:
        """Return the value if it is there and has not expired."""
        with self._open() as connection:
            return _read(connection, kind, key, at)

    def take(self, kind: str, key: str, *, at: datetime) -> dict[str, Any] | None:
        """Return the value and forget it: the second caller gets None."""
        with self._open() as connection:
            value = _read(connection, kind, key, at)
            connection.execute("DELETE FROM item WHERE kind = ? AND key = ?", (kind, key))
            return value

    def claim(self, kind: str, key: str, *, expires: datetime) -> bool:
        """Say whether this key is seen for the first time."""
        with self._open() as connection:
            row = (kind, key, "{}", expires.timestamp())
            return connection.execute("INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?)", row).rowcount == 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # A connection for each call: 0.1 ms, and nothing to share between threads or to inherit over a fork.
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        with closing(connection):
            # A power cut costs a test person a new login at worst: no need to wait for the disk.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()


def _read(connection: sqlite3.Connection, kind: str, key: str, at: datetime) -> dict[str, Any] | None:
    query = "SELECT value FROM item WHERE kind = ? AND key = ? AND expires > ?"
    row = connection.execute(query, (kind, key, at.timestamp())).fetchone()
    return dict(json.loads(row[0])) if row else None
