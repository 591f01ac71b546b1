"""What more than one module needs of the database beside Django's ORM."""

from collections.abc import Hashable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Final, TypeVar

import orjson
from django.db import connection, models
from django.db.models import expressions

_View = TypeVar("_View")
_JSONB: Final = 3802  # the type's number in PostgreSQL's catalogue


def select(view: type[_View], table_and_rest: str, values: Sequence[Any]) -> list[_View]:
    """Return rows as values of the dataclass `view`, whose fields are the columns of the table.

    For the reads behind every page: the ORM builds its SQL anew each time, at three times the cost. `table_and_rest` is what
    follows FROM, always a constant. JSON comes parsed, a JSON list as a tuple.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns(view)} FROM {table_and_rest}", values)  # type: ignore[arg-type]  # noqa: S608 - a class can be hashed; only constants
        rows: list[Any] = cursor.fetchall()
        if not rows:
            return []
        json = [number for number in range(len(rows[0])) if cursor.pgresult.ftype(number) == _JSONB]
    return [view(*_parsed(row, json)) for row in rows]


@cache
def _columns(view: Hashable) -> str:
    return ", ".join(f'"{one.name}"' for one in fields(view))  # type: ignore[arg-type]  # a dataclass; classes can be hashed


def _parsed(row: Sequence[Any], json: Sequence[int]) -> Sequence[Any]:
    values = list(row)
    for number in json:
        if values[number] is not None:
            value = orjson.loads(values[number])
            values[number] = tuple(value) if isinstance(value, list) else value
    return values


class CurrentTransaction(expressions.Func):
    """PostgreSQL's 64-bit id of the running transaction, which never wraps around.

    All transactions below `pg_snapshot_xmin(pg_current_snapshot())` are finished: rows of those transactions can be
    read in a fixed order, and none can appear among them later.
    """

    function = "pg_current_xact_id"
    template = "(%(function)s()::text::bigint)"
    output_field = models.BigIntegerField()
