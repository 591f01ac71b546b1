"""The running portal the journeys share, and a look behind its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.stack import Stack


@dataclass
class Town:
    """The portal's address, and mothers in Stord nobody has used yet (each like the one in the story)."""

    stack: Stack
    mothers: Iterator[str]

    @property
    def origin(self) -> str:
        """Its address."""
        return self.stack.origin

    def a_mother(self) -> str:
        """The identity number of one who has not been here before."""
        return next(self.mothers)

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Look behind the pages, or let time pass, as superuser."""
        with self.stack.connect() as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
