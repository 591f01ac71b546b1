"""(g) Four short statements of one transaction: psycopg's cursors, its pipeline, and the wire of `dugnad.shared.postgres`."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.measuring import Report, cpu_each
from bench.stack import running
from dugnad.shared.postgres.wire import Wire

ROWS, ROUNDS, TIMES = 1_000, 9, 3_000
READ = "SELECT number, told FROM bench WHERE number = %s"
WRITE = "UPDATE bench SET told = %s WHERE number = %s"
STATEMENTS: tuple[tuple[str, tuple[object, ...]], ...] = (
    (READ, (7,)),
    (READ, (700,)),
    (WRITE, ("Solkroken", 7)),
    (WRITE, ("Fjellstua", 700)),
)


def run() -> Report:
    """Measure the client's CPU for one transaction, each way on the same connection."""
    report = Report("statements: four in one transaction", ("way", "client CPU µs", "of psycopg's cursors"))
    with (
        tempfile.TemporaryDirectory(prefix="dugnad-bench-") as folder,
        running(Path(folder)) as stack,
        stack.connect() as connection,
    ):
        connection.execute("CREATE TEMP TABLE bench (number int PRIMARY KEY, told text)")
        connection.execute("INSERT INTO bench SELECT n, 'x' FROM generate_series(1, %s) AS n", (ROWS,))
        each = {name: _cost(way) for name, way in _ways(connection).items()}
    base = next(iter(each.values()))
    for name, micros in each.items():
        report.add(name, micros, micros / base)
    report.notes.append(
        f"The server's own CPU is the same for all. Best of {ROUNDS} rounds of {TIMES} transactions."
    )
    return report


def _cost(way: Callable[[], object]) -> float:
    return cpu_each(way, rounds=ROUNDS, times=TIMES) * 1e6


def _ways(connection: psycopg.Connection) -> dict[str, Callable[[], object]]:
    wire = Wire(connection)

    def by_cursors() -> None:
        with connection.transaction():
            for statement, values in STATEMENTS:
                cursor = connection.execute(statement, values, prepare=True)
                if cursor.description is not None:
                    cursor.fetchall()

    def by_pipeline() -> None:
        with connection.pipeline(), connection.transaction():
            asked = [connection.execute(statement, values, prepare=True) for statement, values in STATEMENTS]
            for cursor in asked:
                if cursor.description is not None:
                    cursor.fetchall()

    def by_wire() -> None:
        wire.begin()
        wire.ask(*STATEMENTS)
        wire.commit()

    return {
        "psycopg's cursors, prepared (baseline)": by_cursors,
        "psycopg's pipeline, prepared": by_pipeline,
        "the wire": by_wire,
    }
