"""Change what the registers say: a new assessment, a death, a move. For tests and demonstrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any


class UnknownPersonError(LookupError):
    """The synthetic Norway has no such person."""


class Changes:
    """Changes of one transaction. Persons are named by their identity number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute

    def person(
        self,
        number: str,
        *,
        name: str,
        born: date,
        sex: str,
        lives_with: str | None = None,
        status: str = "bosatt",
    ) -> None:
        """Add a person, for instance a newborn; `lives_with` is someone whose address is shared."""
        given, family = name.rsplit(" ", 1)
        dwelling, since = (None, None)
        if lives_with is not None:
            dwelling, since = self._one(
                "SELECT dwelling, moved_in FROM person WHERE id = ?", self._id(lives_with)
            )
        self._run(
            "INSERT INTO person"
            " (number, given, family, born, sex, status, civil, dwelling, moved_in, protection)"
            " VALUES (?, ?, ?, ?, ?, ?, 'ugift', ?, max(?, ?), 'ugradert')",
            (int(number), given, family, born.isoformat(), sex, status, dwelling, since, born.isoformat()),
        )

    def parent(self, child: str, parent: str, *, role: str = "mor", responsible: bool = True) -> None:
        """Register a parent (`role` mor, far or medmor) or change who has parental responsibility."""
        row = (self._id(child), self._id(parent), role, int(responsible))
        self._run("INSERT OR REPLACE INTO parent VALUES (?, ?, ?, ?)", row)

    def income(
        self, number: str, *, year: int, personal: int, capital: int = 0, settled: date | None = None
    ) -> None:
        """Assess the income of a year, in whole kroner; settled on 1 June of the next year unless given."""
        on = settled or date(year + 1, 6, 1)
        row = (self._id(number), year, personal, 0, capital, on.isoformat())
        self._run("INSERT OR REPLACE INTO income VALUES (?, ?, ?, ?, ?, ?)", row)

    def no_income(self, number: str) -> None:
        """Take every assessment of a person away."""
        self._run("DELETE FROM income WHERE person = ?", (self._id(number),))

    def death(self, number: str, *, on: date) -> None:
        """Register a death. A spouse becomes widowed."""
        person = self._id(number)
        self._run(
            "UPDATE person SET status = 'doed', died = ?, dwelling = NULL, moved_in = NULL WHERE id = ?",
            (on.isoformat(), person),
        )
        self._run(
            "UPDATE person SET civil = 'enkeEllerEnkemann', civil_since = ?, spouse = NULL WHERE spouse = ?",
            (on.isoformat(), person),
        )
        self._run("DELETE FROM contact WHERE person = ?", (person,))

    def emigration(self, number: str) -> None:
        """Register that someone has moved out of Norway."""
        self._run(
            "UPDATE person SET status = 'utflyttet', dwelling = NULL, moved_in = NULL WHERE id = ?",
            (self._id(number),),
        )

    def move(self, number: str, *, to: str, on: date) -> None:
        """Move a person in with another, and keep the old address in the history."""
        person = self._id(number)
        old, since = self._one("SELECT dwelling, moved_in FROM person WHERE id = ?", person)
        if old is not None:
            self._run(
                "INSERT OR REPLACE INTO former_address VALUES (?, ?, ?, ?)",
                (person, old, since, on.isoformat()),
            )
        (dwelling,) = self._one("SELECT dwelling FROM person WHERE id = ?", self._id(to))
        self._run(
            "UPDATE person SET dwelling = ?, moved_in = ? WHERE id = ?", (dwelling, on.isoformat(), person)
        )

    def move_to_municipality(self, number: str, *, municipality: str, on: date) -> None:
        """Move a person to a new dwelling in another municipality (one that someone already lives in)."""
        row = "SELECT municipality, street, max(house) + 1, unit, postal_code, place FROM dwelling"
        found = self._one(f"{row} WHERE municipality = ?", municipality)
        cursor = self._run(
            "INSERT INTO dwelling (municipality, street, house, unit, postal_code, place)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            found,
        )
        person = self._id(number)
        old, since = self._one("SELECT dwelling, moved_in FROM person WHERE id = ?", person)
        if old is not None:
            self._run(
                "INSERT OR REPLACE INTO former_address VALUES (?, ?, ?, ?)",
                (person, old, since, on.isoformat()),
            )
        self._run(
            "UPDATE person SET dwelling = ?, moved_in = ? WHERE id = ?",
            (cursor.lastrowid, on.isoformat(), person),
        )

    def protection(self, number: str, level: str) -> None:
        """Set address protection: ugradert, klientadresse, fortrolig or strengtFortrolig."""
        self._run("UPDATE person SET protection = ? WHERE id = ?", (level, self._id(number)))

    def guardian(self, ward: str, guardian: str | None, *, scope: str, since: date) -> None:
        """Give a person a guardian; None ends every guardianship of the ward."""
        self._run("DELETE FROM guardian WHERE ward = ?", (self._id(ward),))
        if guardian is not None:
            row = (self._id(ward), self._id(guardian), "voksen", scope, since.isoformat())
            self._run("INSERT INTO guardian VALUES (?, ?, ?, ?, ?)", row)

    def kindergarten_place(
        self, child: str, *, municipality: str, hours: int = 45, price: int, since: date
    ) -> None:
        """Give a child a place in the first kindergarten of a municipality; it replaces the one it had."""
        (kindergarten,) = self._one("SELECT min(id) FROM kindergarten WHERE municipality = ?", municipality)
        row = (self._id(child), kindergarten, hours, price, since.isoformat())
        self._run("INSERT OR REPLACE INTO kindergarten_place VALUES (?, ?, ?, ?, ?)", row)

    def no_kindergarten_place(self, child: str) -> None:
        """End a child's place."""
        self._run("DELETE FROM kindergarten_place WHERE person = ?", (self._id(child),))

    def contact(self, number: str, **columns: Any) -> None:
        """Set contact data, by the columns of the table: status, reserved, email, email_updated, mobile …"""
        values = {"person": self._id(number), "status": "AKTIV", "reserved": 0, **columns}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        # Column names come from keywords in our own code.
        insert = f"INSERT OR REPLACE INTO contact ({names}) VALUES ({marks})"  # noqa: S608 - see above
        self._run(insert, tuple(values.values()))

    def _one(self, sql: str, value: Any) -> Any:
        return self._run(sql, (value,)).fetchone()

    def _id(self, number: str) -> int:
        row = self._one("SELECT id FROM person WHERE number = ?", int(number))
        if row is None:
            raise UnknownPersonError("no such person in the synthetic Norway")
        found: int = row[0]
        return found


@contextmanager
def changes(path: Path) -> Iterator[Changes]:
    """Open the file for changes: all of them are kept when the block ends well, none when it raises."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10.0)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield Changes(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
