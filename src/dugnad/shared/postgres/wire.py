"""A connection's short way to PostgreSQL: statements prepared once, and several of them in one round trip.

Between other work (cold caches, a sleeping server process) one short statement costs 340 µs of CPU through Django's cursor,
220 µs through psycopg's and 130 µs this way; four together 550 µs in psycopg's pipeline and 190 µs here. A page asks ten
times. psycopg keeps what is hard: connecting, libpq, loading rows, errors. Here a statement is prepared the first time a
connection sees it, rows come back in binary form, and statements whose result nobody waits for travel with the next one, or
with the commit. Cursors still work: what was put off goes before them.
"""

import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, Final

import orjson
import psycopg
from psycopg import pq
from psycopg.abc import AdaptContext
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.errors import error_from_result
from psycopg.types.json import set_json_loads

from dugnad.shared.postgres.values import BINARY, dump

Row = tuple[Any, ...]
_IDLE: Final = pq.TransactionStatus.IDLE
_FAILED: Final = {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED, pq.ExecStatus.BAD_RESPONSE}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a statement: its rows, and how many rows it touched."""

    rows: list[Row]
    count: int


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement, its values ready. `quiet`: with nothing after it, it need not go at all; `take` gets the answer."""

    sql: str
    values: list[bytes | None]
    formats: list[int] | None
    quiet: bool = False
    take: Callable[[Answer], None] | None = None


_BEGIN, _COMMIT, _ROLLBACK = (
    _Statement(word, [], None, word == "BEGIN") for word in ("BEGIN", "COMMIT", "ROLLBACK")
)


class _Context:
    """What psycopg's loaders ask for. JSON comes parsed, a JSON list as a tuple."""

    adapters = AdaptersMap(psycopg.adapters)

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection


def _parsed(data: bytes | str) -> Any:
    value = orjson.loads(data)
    return tuple(value) if isinstance(value, list) else value


set_json_loads(_parsed, _Context)


class Wire:
    """The short way of one connection, which is in autocommit mode: transactions begin and end here."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        context: AdaptContext = _Context(connection)
        self._pg, self._loading = connection.pgconn, Transformer(context)
        self._prepared: dict[str, bytes] = {}
        self._names = count(1)
        self._waiting: list[_Statement] = []

    def begin(self) -> None:
        """Begin a transaction with the next statement."""
        self._waiting = [_BEGIN]

    def later(
        self,
        sql: str,
        values: Sequence[object],
        *,
        quiet: bool = False,
        take: Callable[[Answer], None] | None = None,
    ) -> None:
        """Send a statement with the next one or the commit; its error, if any, comes there."""
        self._waiting.append(_Statement(sql, *dump(values), quiet, take))

    def ask(self, *asked: tuple[str, Sequence[object]]) -> list[Answer]:
        """Send statements in one round trip, what waits before them; returns the answers to these. Raises psycopg.Error."""
        if not asked:
            self.flush()
            return []
        results = self._send([_Statement(sql, *dump(values)) for sql, values in asked])
        return [self._answer(result) for result in results[-len(asked) :]]

    def flush(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._send([])

    def forget(self) -> None:
        """Send nothing of what waits: the transaction, or this part of it, is rolled back."""
        self._waiting = [one for one in self._waiting if one is _BEGIN]

    def commit(self) -> None:
        """Commit, with what waits; a transaction in which nothing was asked never began."""
        if all(one.quiet for one in self._waiting) and self._pg.transaction_status == _IDLE:
            self._waiting = []
        else:
            self._send([_COMMIT])

    def rollback(self) -> None:
        """Roll back."""
        self._waiting = []
        if self._pg.transaction_status != _IDLE:
            self._send([_ROLLBACK])

    def unprepare(self) -> None:
        """Know no statement any more: they were deallocated."""
        self._prepared.clear()

    def is_alive(self) -> bool:
        """Say without a round trip whether the server is still there: an idle connection has nothing to be read."""
        if self._pg.status != pq.ConnStatus.OK:
            return False
        if not _readable(self._pg.socket):
            return True
        try:
            self._pg.consume_input()
        except psycopg.Error:
            return False
        return self._pg.status == pq.ConnStatus.OK and not _ended(self._pg.socket)

    def _answer(self, result: pq.abc.PGresult) -> Answer:
        self._loading.set_pgresult(result)
        return Answer(self._loading.load_rows(0, result.ntuples, tuple), result.command_tuples or 0)

    def _send(self, statements: list[_Statement]) -> list[pq.abc.PGresult]:
        everything = [*self._waiting, *statements]
        waiting, self._waiting = self._waiting, []
        if len(everything) == 1 and (name := self._prepared.get(everything[0].sql)):
            (one,) = everything
            result = self._pg.exec_prepared(name, one.values, one.formats, BINARY)  # type: ignore[arg-type]  # None is NULL
            results = [self._good(result)]
        else:
            results = self._pipeline(everything)
        for one, result in zip(waiting, results, strict=False):
            if one.take is not None:
                one.take(self._answer(result))
        return results

    def _pipeline(self, statements: list[_Statement]) -> list[pq.abc.PGresult]:
        """Send all at once. After a statement that fails PostgreSQL skips the others; the first error is raised."""
        new: dict[str, bytes] = {}
        self._pg.enter_pipeline_mode()
        for one in statements:
            name = self._prepared.get(one.sql) or new.get(one.sql)
            if name is None:
                name = new[one.sql] = b"dugnad_%d" % next(self._names)
                self._pg.send_prepare(name, _numbered(one.sql))
            self._pg.send_query_prepared(name, one.values, one.formats, BINARY)
        self._pg.pipeline_sync()
        self._push()
        results = self._collect(statements, new)
        self._pg.exit_pipeline_mode()
        return [self._good(result) for result in results]

    def _collect(self, statements: list[_Statement], new: dict[str, bytes]) -> list[pq.abc.PGresult]:
        """Read one result for each statement, and keep the names of those that were prepared now."""
        results = []
        for one in statements:
            if one.sql in new:
                made, name = self._result(), new.pop(one.sql)
                if made.status in _FAILED:
                    results.append(made)
                else:
                    self._prepared[one.sql] = name
            results.append(self._result())
        self._wait()
        self._pg.get_result()  # the end of the pipeline
        return results

    def _result(self) -> pq.abc.PGresult:
        self._wait()
        result = self._pg.get_result()
        self._wait()
        self._pg.get_result()  # the end of this result
        if result is None:
            raise psycopg.OperationalError("the connection is lost")
        return result

    def _good(self, result: pq.abc.PGresult) -> pq.abc.PGresult:
        if result.status in _FAILED:
            if self._pg.status != pq.ConnStatus.OK:
                raise psycopg.OperationalError("the connection is lost")
            raise error_from_result(result)
        return result

    def _push(self) -> None:
        """Write all, reading meanwhile: a server whose answers nobody reads stops reading."""
        while self._pg.flush():
            readable, _, _ = select.select([self._pg.socket], [self._pg.socket], [])
            if readable:
                self._pg.consume_input()

    def _wait(self) -> None:
        while self._pg.is_busy():
            _readable(self._pg.socket, None)
            self._pg.consume_input()


@lru_cache(maxsize=4096)
def _numbered(sql: str) -> bytes:
    """Return the statement with PostgreSQL's own placeholders: $1, $2 for each %s."""
    first, *rest = sql.split("%s")
    numbered = first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
    return numbered.replace("%%", "%").encode()


def _readable(socket: int, milliseconds: int | None = 0) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(milliseconds))


def _ended(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
