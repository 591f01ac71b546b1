"""(a) From the opened form to the letter in the mailbox, over HTTP, beside the bare inserts and the bare Typst compile."""

import os
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from bench.families import make_norway
from bench.floor import inserts, rows_of_one_application
from bench.measuring import Report, cpu_each, percentile
from bench.stack import Stack, running
from bench.visitor import Visitor
from dugnad.dispatch.types import LetterContent
from dugnad.dispatch.typesetting.press import typeset

CLIENTS = (1, 4, 16)
AIM_CPU_SECONDS = 0.03
WARM_UP = 24
_PARTS = ("web", "worker", "catcher", "postgres")


@dataclass(frozen=True, slots=True)
class Round:
    """One number of clients: how many a second, how long each took, CPU seconds each by part."""

    clients: int
    applications: int
    seconds: float
    durations: Sequence[float]
    cpu: dict[str, float]
    client_cpu: float
    pages: float

    @property
    def total(self) -> float:
        """CPU seconds of one application, web, worker, catcher and database together."""
        return sum(self.cpu.values())


def run() -> Report:
    """Start a Dugnad of its own, let people apply, and measure the floor in the same database."""
    each = int(os.environ.get("DUGNAD_BENCH_APPLICATIONS", "120"))
    with tempfile.TemporaryDirectory(prefix="dugnad-bench-") as folder:
        home = Path(folder)
        people = make_norway(home / "norway.sqlite", families=WARM_UP + each * len(CLIENTS))
        with running(home) as stack:
            _apply_all(stack, people[:WARM_UP], clients=4)
            left = people[WARM_UP:]
            rounds = [
                _measure(stack, left[number * each : (number + 1) * each], clients)
                for number, clients in enumerate(CLIENTS)
            ]
            return _report(rounds, *_floor(stack))


def _measure(stack: Stack, people: Sequence[str], clients: int) -> Round:
    visitors = _logged_in(stack, people)
    pages = sum(visitor.pages for visitor in visitors)
    before, own, began = stack.cpu_seconds(), time.process_time(), time.monotonic()
    durations = _spread(visitors, clients)
    seconds, own = time.monotonic() - began, time.process_time() - own
    after, number = stack.cpu_seconds(), len(visitors)
    cpu = {part: (after[part] - before[part]) / number for part in _PARTS}
    opened = (sum(visitor.pages for visitor in visitors) - pages) / number
    return Round(clients, number, seconds, durations, cpu, own / number, opened)


def _apply_all(stack: Stack, people: Sequence[str], *, clients: int) -> None:
    _spread(_logged_in(stack, people), clients)


def _logged_in(stack: Stack, people: Sequence[str]) -> list[Visitor]:
    visitors = [Visitor(stack.origin, number) for number in people]
    for visitor in visitors:
        visitor.log_in()
        visitor.close()
    return visitors


def _spread(visitors: Sequence[Visitor], clients: int) -> list[float]:
    """Let so many people at a time apply; how long each took. Raises the first error of any."""
    waiting: SimpleQueue[Visitor] = SimpleQueue()
    for visitor in visitors:
        waiting.put(visitor)
    durations: list[float] = []
    errors: list[Exception] = []

    def work() -> None:
        while not errors:
            try:
                visitor = waiting.get_nowait()
            except Empty:
                return
            began = time.monotonic()
            try:
                visitor.apply()
            except Exception as error:  # noqa: BLE001 - raised below, in the thread that measures
                errors.append(error)
            visitor.close()
            durations.append(time.monotonic() - began)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return durations


def _floor(stack: Stack) -> tuple[float, float, float]:
    """CPU seconds of the bare inserts (client, database) and of the bare Typst compile of one application."""
    with stack.connect() as connection:
        (case_id,) = connection.execute(
            "SELECT id FROM cases_case WHERE status = 'decided' ORDER BY id LIMIT 1"
        ).fetchone()  # type: ignore[misc]  # many were decided
        rows = rows_of_one_application(connection, case_id)
    content: dict[str, Any] = next(
        group[0]["content"] for table, group in rows if table == "dispatch_dispatch"
    )
    at, numbers = datetime.now(UTC), count(1)

    def another() -> bytes:
        # Typst remembers what it has set before: every letter is another person's, as in life.
        name = f"Person {next(numbers)}"
        return typeset(
            LetterContent.from_data(content | {"recipient": content["recipient"] | {"name": name}}), at=at
        )

    typst = cpu_each(another, rounds=5, times=20)
    _, client, database = inserts(stack, rows, times=500)
    return client, database, typst


def _report(rounds: Sequence[Round], client: float, database: float, typst: float) -> Report:
    floor = client + database + typst
    report = Report(
        "applications: from opened form to letter read, CPU milliseconds each",
        ("", "a second", "p50 s", "web", "worker", "database", "e-mail catcher", "all", "of the floor"),
    )
    report.add(
        "the floor: bare inserts of the same rows, bare Typst (baseline)",
        "", "", "", f"{1000 * typst:.1f} Typst", f"{1000 * (client + database):.1f} inserts", "", f"{1000 * floor:.1f}", 1.0,
    )  # fmt: skip
    for one in rounds:
        cpu = {part: f"{1000 * seconds:.1f}" for part, seconds in one.cpu.items()}
        report.add(
            f"{one.clients} client{'s' * (one.clients > 1)}, {one.applications} applications",
            one.applications / one.seconds, percentile(one.durations, 0.5), cpu["web"], cpu["worker"], cpu["postgres"],
            cpu["catcher"], f"{1000 * one.total:.1f}", one.total / floor,
        )  # fmt: skip
    report.notes.append(
        f"Each application is another person's: {rounds[0].pages:.0f} requests on a connection of its own, from start over the"
        " pages of the form, summary, sending, case and mailbox to the letter and its PDF. Login is done before the clock"
        " starts. The letter is waited for as a browser waits. The client's own CPU"
        f" ({1000 * rounds[0].client_cpu:.0f} ms an application) is not counted, but shares the cores."
    )
    report.notes.append(
        f"Aim: {1000 * AIM_CPU_SECONDS:.0f} ms or less, against a floor of about 10. Here: {1000 * rounds[-1].total:.0f} ms"
        f" with {rounds[-1].clients} clients."
    )
    return report
