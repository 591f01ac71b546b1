"""Families in Stord whose applications are decided without a person, written into a synthetic Norway."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from dugnad.connectors import norway
from dugnad.shared.national_identity_number import numbers_for

PERSONS = 2_000
_MEMBERS = 4  # mother, father, daughter, son: the first persons of every population


def make_norway(path: Path, *, families: int, persons: int = PERSONS) -> list[str]:
    """Write a synthetic Norway with `families` more families like the one in the story.

    Returns the mothers' identity numbers. Every mother is a person of her own, with her own household and children.
    """
    norway.generate(path, persons=persons)
    with closing(sqlite3.connect(path)) as connection, connection:
        return _add(connection, families)


def _add(connection: sqlite3.Connection, families: int) -> list[str]:
    taken = {row[0] for row in connection.execute("SELECT number FROM person")}
    (first,) = connection.execute("SELECT max(id) + 1 FROM person").fetchone()
    (home,) = connection.execute("SELECT max(id) + 1 FROM dwelling").fetchone()
    born = {row[0]: (date.fromisoformat(row[1]), row[2] == "kvinne") for row in connection.execute(_BORN)}
    unused = {one: _unused(*about, taken) for one, about in born.items()}
    mothers = []
    for family in range(families):
        start, dwelling = first + family * _MEMBERS, home + family
        numbers = [next(unused[one]) for one in range(1, _MEMBERS + 1)]
        for statement, values in _statements(start - 1, dwelling, numbers):
            connection.execute(statement, values)
        mothers.append(f"{numbers[0]:011d}")
    return mothers


def _statements(shift: int, dwelling: int, numbers: list[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Copy the pattern's rows with every person's id moved by `shift`, to an address of their own.

    Who lives at the same address belongs to the same household.
    """
    yield _DWELLING, (dwelling, dwelling + 1_000_000)
    for one, number in enumerate(numbers, start=1):
        yield _PERSON, (shift, number, shift, dwelling, one)
    yield _PARENT, (shift, shift)
    for statement in (_INCOME, _PLACE, _CONTACT):
        yield statement, (shift,)


_DWELLING = """
INSERT INTO dwelling SELECT ?, municipality, street, ?, unit, postal_code, place FROM dwelling WHERE id = 1
"""
_PERSON = """
INSERT INTO person SELECT id + ?, ?, given, family, born, sex, status, civil, civil_since, spouse + ?, ?,
                          moved_in, protection, died
FROM person WHERE id = ?
"""
_PARENT = "INSERT INTO parent SELECT child + ?, parent + ?, role, responsible FROM parent WHERE child <= 4"
_INCOME = "INSERT INTO income SELECT person + ?, year, wages, business, interest, settled FROM income WHERE person <= 4"
_PLACE = """
INSERT INTO kindergarten_place SELECT person + ?, kindergarten, hours, price, since FROM kindergarten_place WHERE person <= 4
"""
_CONTACT = """
INSERT INTO contact SELECT person + ?, status, reserved, email, email_updated, email_verified, mobile, mobile_updated,
                           mobile_verified, language, language_updated
FROM contact WHERE person <= 4
"""
_BORN = "SELECT id, born, sex FROM person WHERE id <= 4"


def _unused(born: date, female: bool, taken: set[int]) -> Iterator[int]:  # noqa: FBT001 - what numbers_for asks
    """Identity numbers nobody has, from the day of birth backwards: the age in years hardly changes."""
    while True:
        for number in numbers_for(born, female=female):
            if number not in taken:
                taken.add(number)
                yield number
        born -= timedelta(days=1)
