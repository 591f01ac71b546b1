"""The exact evaluator over those households where a column is in doubt, in processes side by side."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

import duckdb

from dugnad.catalogue.types import Ruleset
from dugnad.cli.progress import Show
from dugnad.rulebook.columns import Layout
from dugnad.rulebook.columns.relations import APPLICANTS
from dugnad.rulebook.columns.sweeping import Applicant, Chooses, Swept, decide, sweep

READ_AT_ONCE = 20_000
WRITTEN_AT_ONCE = 5_000
FEW = 2_000
"""So many are decided in this process: starting others takes longer."""
_TRIED = 60

Rules = Callable[[str], Ruleset]
"""Gives a municipality's rules; picklable."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told: how far it is; and how long it will take, in words, where that is worth telling."""

    far: Show
    long: Callable[[str], None] | None


@dataclass(frozen=True, slots=True)
class _Prepare:
    """Called once in each process: gives what chooses the rules. Who presses Ctrl-C stops the command, not its words."""

    rules: Rules

    def __call__(self) -> Chooses:
        if multiprocessing.parent_process() is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return lambda facts: self.rules(str(facts.get("vår kommune")))


def decided_again(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    rules: Rules,
    on: date,
    *,
    last: int,
    total: int,
    processes: int,
    told: Told,
) -> None:
    """Put exact answers in place of those `svar` has in doubt, `total` of them; dwellings are numbered up to `last`.

    told: takes how long it will take before it begins, and how far it is.
    """
    applicants = _applicants(connection, layout, last)
    first = list(islice(applicants, _TRIED))
    if told.long is not None and total > FEW:
        told.long(_words(_pace(rules, first, on) * total / processes))
    connection.execute("CREATE TABLE avgjort (k BIGINT, utfall TEXT, stoppet BOOLEAN, øre BIGINT, feil TEXT)")
    made: list[Swept] = []
    several = processes if total > FEW else 1
    stream = chain(first, applicants)
    for one in sweep(_Prepare(rules), stream, on, processes=several, total=total, progress=told.far):
        made.append(one)
        if len(made) >= WRITTEN_AT_ONCE:
            _write(connection, made)
            made.clear()
    _write(connection, made)
    connection.execute("DELETE FROM svar WHERE tvil")
    connection.execute("INSERT INTO svar SELECT k, FALSE, utfall, stoppet, øre, feil FROM avgjort")


def _pace(rules: Rules, some: Sequence[Applicant], on: date) -> float:
    """Give the seconds one household takes, from deciding some of them."""
    chooses = _Prepare(rules)()
    for applicant in some[:1]:
        decide(chooses, applicant, on)  # compiled once, not for each
    began = time.perf_counter()
    for applicant in some:
        decide(chooses, applicant, on)
    return (time.perf_counter() - began) / max(1, len(some))


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 2:  # noqa: PLR2004 - one minute is told in seconds
        return f"{seconds:.0f} seconds"
    return f"{minutes} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"  # noqa: PLR2004 - two hours


def _applicants(connection: duckdb.DuckDBPyConnection, layout: Layout, last: int) -> Iterator[Applicant]:
    """Give those in doubt with their facts, a portion of dwellings at a time."""
    doubtful = "k IN (SELECT k FROM svar WHERE tvil)"
    for start in range(0, last + 1, READ_AT_ONCE):
        connection.execute(f"SET VARIABLE fra = {start}")
        connection.execute(f"SET VARIABLE til = {start + READ_AT_ONCE - 1}")
        main = _rows(connection, f'SELECT * FROM "{APPLICANTS}" WHERE {doubtful} ORDER BY k')  # noqa: S608 - our own names
        if not main:
            continue
        entries: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
        for name in layout.lists():
            quoted = name.replace('"', '""')
            for row in _rows(connection, f'SELECT * FROM "{quoted}" WHERE {doubtful}'):  # noqa: S608 - quoted
                entries.setdefault(row["k"], {}).setdefault(name, []).append(row)
        for row in main:
            yield row["k"], layout.restore(row, entries.get(row["k"], {}))


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _write(connection: duckdb.DuckDBPyConnection, made: Sequence[Swept]) -> None:
    if not made:
        return
    columns = zip(*map(_row, made), strict=True)
    connection.execute(
        "INSERT INTO avgjort SELECT unnest(CAST(? AS BIGINT[])), unnest(CAST(? AS TEXT[])),"
        " unnest(CAST(? AS BOOLEAN[])), unnest(CAST(? AS BIGINT[])), unnest(CAST(? AS TEXT[]))",
        [list(column) for column in columns],
    )


def _row(one: Swept) -> tuple[int, str | None, bool, int | None, str | None]:
    amounts = [amount for _, amount, _, _ in one.items if amount is not None]
    return one.key, one.outcome, bool(one.stops), sum(amounts) if amounts else None, one.failed
