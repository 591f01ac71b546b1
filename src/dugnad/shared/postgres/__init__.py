"""What more than one module needs of the database beside Django's ORM: short statements the short way (see `wire`)."""

import time
from collections.abc import Hashable, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar, cast

from django.db import connections, models
from django.db.models import expressions

from dugnad.shared.postgres.values import Json
from dugnad.shared.postgres.wire import Answer, Row

if TYPE_CHECKING:
    from dugnad.shared.postgres.base import DatabaseWrapper

__all__ = [
    "Answer",
    "CurrentTransaction",
    "Json",
    "Row",
    "change",
    "columns",
    "later",
    "rows",
    "select",
    "together",
]

_View = TypeVar("_View")
_DEFAULT: Final = "default"


def rows(sql: str, values: Sequence[object] = ()) -> list[Row]:
    """Return the rows of a statement. `%s` stands for a value; JSON comes parsed, a JSON list as a tuple."""
    return together((sql, values))[0].rows


def change(sql: str, values: Sequence[object] = ()) -> int:
    """Run a statement now; returns how many rows it touched."""
    return together((sql, values))[0].count


def together(*asked: tuple[str, Sequence[object]]) -> list[Answer]:
    """Run several statements in one round trip. Raises Django's database errors, for the first that fails."""
    connection = cast("DatabaseWrapper", connections[_DEFAULT])
    began = time.monotonic()
    try:
        with connection.wrap_database_errors:
            return connection.wire.ask(*asked)
    finally:
        if connection.queries_logged:
            spent = f"{time.monotonic() - began:.3f}"
            connection.queries_log.extend({"sql": sql, "time": spent} for sql, _ in asked)


def later(sql: str, values: Sequence[object] = (), *, quiet: bool = False) -> None:
    """Run a statement whose result nobody reads with the next one, or with the commit; its error comes there.

    Outside a transaction it runs at once. `quiet`: it changes nothing that outlives the transaction, so that one with
    nothing else need not reach the server.
    """
    connection = cast("DatabaseWrapper", connections[_DEFAULT])
    if connection.in_atomic_block:
        connection.wire.later(sql, values, quiet=quiet)
    else:
        together((sql, values))


def select(view: type[_View], table_and_rest: str, values: Sequence[object]) -> list[_View]:
    """Return rows as values of the dataclass `view`, whose fields are the columns of the table.

    For the reads behind every page: the ORM builds its SQL anew each time. `table_and_rest` is what follows FROM, always a
    constant.
    """
    return [view(*row) for row in rows(f"SELECT {columns(view)} FROM {table_and_rest}", values)]  # type: ignore[arg-type]  # noqa: S608 - a class can be hashed; only constants


@cache
def columns(view: Hashable) -> str:
    """Return the fields of a dataclass as a list of columns."""
    return ", ".join(f'"{one.name}"' for one in fields(view))  # type: ignore[arg-type]  # a dataclass; classes can be hashed


class CurrentTransaction(expressions.Func):
    """PostgreSQL's 64-bit id of the running transaction, which never wraps around.

    All transactions below `pg_snapshot_xmin(pg_current_snapshot())` are finished: rows of those transactions can be
    read in a fixed order, and none can appear among them later.
    """

    function = "pg_current_xact_id"
    template = "(%(function)s()::text::bigint)"
    output_field = models.BigIntegerField()
