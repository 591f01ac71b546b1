"""What more than one module needs of the database beside Django's ORM: short statements the short way (see `wire`)."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

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
    "Soon",
    "change",
    "columns",
    "held",
    "insert",
    "insert_or_nothing",
    "instances",
    "later",
    "rows",
    "select",
    "select_soon",
    "together",
]

_View = TypeVar("_View")
_Value = TypeVar("_Value")
_Model = TypeVar("_Model", bound=models.Model)
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


class Soon(Generic[_Value]):
    """What a question of the same transaction is answered with; it is asked with the next one, or when the answer is wanted."""

    def __init__(self, sql: str, values: Sequence[object], read: Callable[[list[Row]], _Value]) -> None:
        """Ask soon; outside a transaction, now."""
        self._read, self._answer = read, cast("Answer | None", None)
        connection = cast("DatabaseWrapper", connections[_DEFAULT])
        if connection.in_atomic_block:
            connection.wire.later(sql, values, quiet=True, take=self._take)
        else:
            self._answer = together((sql, values))[0]

    def _take(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def is_known(self) -> bool:
        """Whether the answer is here."""
        return self._answer is not None

    def now(self) -> _Value:
        """Return the answer. Raises RuntimeError where the transaction has ended without it."""
        if self._answer is None:
            together()
        if self._answer is None:
            raise RuntimeError("the transaction ended before this was asked")
        return self._read(self._answer.rows)


def select_soon(view: type[_View], table_and_rest: str, values: Sequence[object]) -> Soon[list[_View]]:
    """Ask as `select` does, with the next statement."""
    return Soon(_select(view, table_and_rest), values, lambda found: [view(*row) for row in found])


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


def held(model: type[_Model], key: object) -> _Model | None:
    """Lock the row of a model with this primary key for the rest of the transaction; None where it is not in sight."""
    about = model._meta  # noqa: SLF001 - Django's documented way to a model's fields
    wanted = f'SELECT {{columns}} FROM "{about.db_table}" WHERE "{about.pk.column}" = %s FOR UPDATE'  # noqa: S608 - the model's own names
    return next(iter(instances(model, wanted, [key])), None)


def instances(model: type[_Model], sql: str, values: Sequence[object]) -> list[_Model]:
    """Return the rows of a statement as rows of a model; `{columns}` in it stands for all of the model's columns."""
    columns_of_it, names = _columns_of(model)
    found = rows(sql.format(columns=columns_of_it), values)
    return [model.from_db(_DEFAULT, names, row) for row in found]


@cache
def _columns_of(model: type[models.Model]) -> tuple[str, list[str]]:
    fields_of_it = model._meta.concrete_fields  # noqa: SLF001 - Django's documented way to a model's fields
    return ", ".join(f'"{one.column}"' for one in fields_of_it), [one.attname for one in fields_of_it]


def insert(row: models.Model) -> None:
    """Write a new row of a model with the next statement or the commit (see `later`): an error of it comes there."""
    later(*_inserting(row))


def insert_or_nothing(row: models.Model) -> bool:
    """Write a new row now, where no row with the same unique values stands in its way; say whether it was written."""
    sql, values = _inserting(row)
    return change(f"{sql} ON CONFLICT DO NOTHING", values) > 0


def _inserting(row: models.Model) -> tuple[str, list[object]]:
    sql, names, json = _insertion(type(row))
    values = [getattr(row, name) for name in names]
    for number in json:
        if values[number] is not None:
            values[number] = Json(values[number])
    return sql, values


@cache
def _insertion(model: type[models.Model]) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
    """Return a model's INSERT, its attributes in that order, and which are JSON. What the database gives is left out."""
    about = model._meta  # noqa: SLF001 - Django's documented way to a model's fields
    given = [one for one in about.local_concrete_fields if not (one.has_db_default() or one.generated)]
    given = [one for one in given if not isinstance(one, models.AutoField)]
    names = ", ".join(f'"{one.column}"' for one in given)
    marks = ", ".join(["%s"] * len(given))
    json = tuple(number for number, one in enumerate(given) if isinstance(one, models.JSONField))
    sql = f'INSERT INTO "{about.db_table}" ({names}) VALUES ({marks})'  # noqa: S608 - the model's own names
    return sql, tuple(one.attname for one in given), json


def select(view: type[_View], table_and_rest: str, values: Sequence[object]) -> list[_View]:
    """Return rows as values of the dataclass `view`, whose fields are the columns of the table.

    For the reads behind every page: the ORM builds its SQL anew each time. `table_and_rest` is what follows FROM, always a
    constant.
    """
    return [view(*row) for row in rows(_select(view, table_and_rest), values)]


def _select(view: type[object], table_and_rest: str) -> str:
    return f"SELECT {columns(view)} FROM {table_and_rest}"  # type: ignore[arg-type]  # noqa: S608 - a class can be hashed; only constants


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
