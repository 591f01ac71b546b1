"""Changes of tenancy: enter a scope, load organisations."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from dugnad.shared import ids, postgres
from dugnad.shared.collation import sort_key
from dugnad.tenancy import reference
from dugnad.tenancy.models import Organisation
from dugnad.tenancy.types import OrganisationRow, Scope

Row = tuple[Any, ...]
Flush = Callable[[list[Row]], None]
_SET = """SELECT set_config('dugnad.person', %s, true), set_config('dugnad.organisation', %s, true),
                 set_config('dugnad.services', %s, true)"""


class NestedScopeError(Exception):
    """A second scope was opened inside a transaction that already has one: who would it be for?"""


@contextmanager
def scope(wanted: Scope) -> Iterator[None]:
    """One database transaction in which row-level security knows who asks.

    Commits at the end, rolls back on any exception. Raises NestedScopeError inside another scope.
    """
    if _open() is not None:
        raise NestedScopeError
    with transaction.atomic():
        set_scope(wanted)
        collected: dict[Flush, list[Row]] = {}
        connection.dugnad_collected = collected  # type: ignore[attr-defined]  # marks this connection's open scope
        try:
            yield
            for flush, rows in collected.items():
                flush(rows)
        finally:
            connection.dugnad_collected = None  # type: ignore[attr-defined]


def at_end_of_scope(flush: Flush, rows: list[Row]) -> None:
    """Let `flush` write these rows when the scope ends, with all others it was given there, in the same transaction.

    For rows nobody reads before the commit (log, events): one statement instead of one for each. Outside a scope they
    are written at once.
    """
    collected = _open()
    if collected is None:
        flush(rows)
    else:
        collected.setdefault(flush, []).extend(rows)


def in_scope() -> bool:
    """Say whether the current thread's transaction has a scope."""
    return _open() is not None


def _open() -> dict[Flush, list[Row]] | None:
    return getattr(connection, "dugnad_collected", None)


def set_scope(wanted: Scope) -> None:
    """Tell the current transaction who asks. Use `scope` unless the transaction is already open and has none."""
    values = [str(wanted.person or ""), str(wanted.organisation or ""), ",".join(wanted.services)]
    postgres.later(_SET, values, quiet=True)


def load_norway(*, at: datetime) -> int:
    """Load Norway's municipalities, counties and the state bodies the services need; returns how many."""
    return load_organisations(reference.organisations(), at=at)


def load_organisations(rows: Sequence[OrganisationRow], *, at: datetime) -> int:
    """Insert or refresh organisations by their code, as the owner's role at set-up; returns how many.

    Ids are kept once given. `county` and `appeals_to` name other organisations by code and may come in any order.
    """
    fields = ["kind", "organisation_number", "name", "sort_key", "language_form", "population", "website"]
    Organisation.objects.bulk_create(
        [
            Organisation(
                id=ids.new(at),
                code=row.code,
                kind=row.kind,
                organisation_number=row.organisation_number,
                name=dict(row.name),
                sort_key=sort_key(row.name["nb"]),
                language_form=row.language_form,
                population=row.population,
                website=row.website,
                address=list(row.address),
                colour=row.colour,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*fields, "address", "colour"],
    )
    wanted = {row.code: row for row in rows}
    stored = {row.code: row for row in Organisation.objects.all()}
    for code, row in wanted.items():
        stored[code].county = stored.get(row.county)
        stored[code].appeals_to = stored.get(row.appeals_to)
    Organisation.objects.bulk_update([stored[code] for code in wanted], ["county", "appeals_to"])
    return len(rows)
