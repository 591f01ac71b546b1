"""kill -9 at random points while people apply: every one gets one decision and one letter, and the log is whole."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue

import pytest
from bench import processes
from bench.stack import PROJECT, Stack
from stubborn import Begin, Stubborn, chance_of

APPLICATIONS = int(os.environ.get("DUGNAD_ENDURANCE", "60"))
CLIENTS = 4
PATIENCE_SECONDS = 90
# The supervisor rightly gives up on what dies five times in a row within ten seconds of its start: after three, a rest.
QUICK_DEATHS, REST_SECONDS = 3, 14

REPLAY = """
import django; django.setup()
from dugnad.cases import queries as cases
from dugnad.catalogue import queries as catalogue
from dugnad.flows.reckoning import replay
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope
import sys, uuid
stord = organisations.organisation_by_code("4614").id
with scope(Scope(organisation=stord, services=catalogue.services_of(stord))):
    made = [one for case in sys.stdin.read().split() for one in replay(uuid.UUID(case))]
print(len(made), sum(one.same for one in made))
"""


class Killer(threading.Thread):
    """Kills -9 the server, one of its processes or the worker, again and again, until told to stop."""

    def __init__(self, stack: Stack, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._stack, self._chance = stack, chance
        self._quick = {"web": 0, "worker": 0}
        self._rests_until = {"web": 0.0, "worker": 0.0}
        self.enough = threading.Event()
        self.killed: dict[str, int] = {"web": 0, "worker": 0, "process of web": 0}

    def run(self) -> None:
        while not self.enough.wait(self._chance.uniform(0.4, 1.6)):
            victim = self._chance.choice(["web", "worker", "process of web"])
            part = "worker" if victim == "worker" else "web"
            if time.monotonic() < self._rests_until[part]:
                continue
            try:
                pid = self._stack.pid(part)
                self._kill(victim, self._chance.choice(processes.below(pid)[1:]) if victim != part else pid)
            except (LookupError, IndexError):
                continue  # it is not up again yet
            self._quick[part] += 1
            if self._quick[part] % QUICK_DEATHS == 0:
                self._rests_until[part] = time.monotonic() + REST_SECONDS

    def _kill(self, part: str, pid: int) -> None:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.killed[part] += 1


@pytest.mark.slow
def test_every_application_becomes_one_decision_and_one_letter(begin: Begin) -> None:
    chance = chance_of(os.environ.get("DUGNAD_SEED", "1"))
    stack, people = begin(APPLICATIONS)
    killer = Killer(stack, chance_of(chance.random()))
    killer.start()
    apply(stack, people, chance)
    killer.enough.set()
    killer.join()
    assert min(killer.killed.values()) > 0, killer.killed
    wait_for_letters(stack, APPLICATIONS)
    with stack.connect() as connection:
        statuses = connection.execute(
            "SELECT status, stops::text, count(*) FROM cases_case GROUP BY 1, 2"
        ).fetchall()
    assert [row[0] for row in statuses] == ["decided"], statuses
    once_each(stack, APPLICATIONS)
    whole(stack, APPLICATIONS)


def apply(stack: Stack, people: Sequence[str], chance: random.Random) -> None:
    """Let all apply, some at a time. Raises what stopped one for good."""
    waiting: SimpleQueue[tuple[str, random.Random]] = SimpleQueue()
    for number in people:
        waiting.put((number, chance_of(chance.random())))
    errors: list[BaseException] = []

    def work() -> None:
        while not errors:
            try:
                number, own = waiting.get_nowait()
            except Empty:
                return
            person = Stubborn(stack.origin, number)
            try:
                person.apply_whatever_happens(own)
            except BaseException as error:  # noqa: BLE001 - raised by the thread that asks
                errors.append(error)
            person.close()

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def one(stack: Stack, statement: str) -> tuple[object, ...]:
    with stack.connect() as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row


def wait_for_letters(stack: Stack, wanted: int) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while one(stack, "SELECT count(*) FROM dispatch_document")[0] != wanted and time.monotonic() < ends:
        time.sleep(0.5)
    while one(stack, UNSEALED)[0] and time.monotonic() < ends:
        time.sleep(0.5)


def once_each(stack: Stack, people: int) -> None:
    """Every application: one case, one decision, one letter, one document, one claim for each of the two children."""
    for table, what in (
        ("applications_application WHERE status = 'submitted'", "person_id"),
        ("cases_case WHERE status = 'decided' AND kind = 'application'", "application_id"),
        ("decisions_decision", "case_id"),
        ("dispatch_dispatch WHERE kind = 'decision' AND state = 'delivered'", "decision_id"),
        ("dispatch_document", "dispatch_id"),
    ):
        counted = one(stack, f"SELECT count(*), count(DISTINCT {what}) FROM {table}")
        assert counted == (people, people), (table, counted)
    for table, rows in (
        ("applications_application", people),
        ("cases_case", people),
        ("dispatch_dispatch", people),
        ("applications_claim", 2 * people),
    ):
        assert one(stack, f"SELECT count(*) FROM {table}") == (rows,), f"more than there should be in {table}"
    assert one(stack, HALF_DONE) == (0,), "a decision without its case, letter, log or events"


def whole(stack: Stack, people: int) -> None:
    """The log is a whole chain, events have no gaps for any subject, and every decision is made again bit for bit."""
    verify = [sys.executable, "-m", "dugnad.config.command", "audit", "verify"]
    done = subprocess.run(
        verify, env=stack.environment("worker"), capture_output=True, text=True, check=False, cwd=PROJECT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Whole:" in done.stdout
    assert one(stack, GAPS) == (0,)
    assert one(stack, TOLD_TWICE) == (0,)
    with stack.connect() as connection:
        cases = [str(row[0]) for row in connection.execute("SELECT id FROM cases_case").fetchall()]
    environment = {
        **stack.environment("worker"),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONPATH": str(PROJECT),
    }
    again = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input="\n".join(cases),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.stdout.split() == [str(people)] * 2, again.stdout + again.stderr


UNSEALED = """
SELECT count(*) FROM audit_entry WHERE transaction >= coalesce((SELECT max(end_transaction) FROM audit_block), 0)
"""
HALF_DONE = """
SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM decisions_decision d WHERE d.id = c.decision_id)
   OR NOT EXISTS (SELECT 1 FROM dispatch_dispatch l WHERE l.decision_id = c.decision_id)
   OR NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.case_id = c.id AND a.action LIKE 'decision%')
   OR NOT EXISTS (SELECT 1 FROM events_event e WHERE e.subject = c.id)
"""
GAPS = """
SELECT count(*) FROM (SELECT subject FROM events_event GROUP BY subject
                      HAVING min(sequence) <> 1 OR max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*)) AS gaps
"""
TOLD_TWICE = """
SELECT count(*) FROM (SELECT subject FROM events_event WHERE type LIKE '%letter.delivered' GROUP BY subject
                      HAVING count(*) <> 1) AS told
"""
