"""A job commits with its change, is tried again, is rescued when its worker died, and is shown when it gave up."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from dugnad.jobs import commands, queries
from dugnad.jobs.ports import HANDLERS, TryAgainError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handler(monkeypatch):
    """A handler named "work" that does what the test says."""
    calls = []

    def work(args, at):
        calls.append(dict(args))
        if work.error:
            raise work.error

    work.error = None
    work.calls = calls
    monkeypatch.setitem(HANDLERS, "work", work)
    return work


@pytest.fixture
def as_worker(database):
    place = connections["default"].settings_dict
    connection.close()
    place["USER"] = "dugnad_worker"
    yield
    connection.close()
    place["USER"] = "dugnad_web"


def now():
    return datetime.now(UTC)


def run_due():
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def make_due(database):
    with psycopg.connect(database.superuser, autocommit=True) as strong:
        strong.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second' WHERE status = 'todo'"
        )


def defer(key="1"):
    with transaction.atomic():
        commands.defer("work", key=key, args={"case": "7"}, at=now())


def test_a_job_runs_with_its_arguments(handler, as_worker):
    defer()
    run_due()
    assert handler.calls == [{"case": "7"}]
    assert queries.health().counts.get("todo", 0) == 0


def test_a_job_goes_with_its_change_when_that_is_undone(handler, as_worker):
    class UndoError(Exception):
        pass

    def begin_and_undo():
        with transaction.atomic():
            commands.defer("work", key="1", args={}, at=now())
            raise UndoError

    with pytest.raises(UndoError):
        begin_and_undo()
    run_due()
    assert handler.calls == []


def test_the_web_role_may_ask_for_a_job(handler):
    defer()
    assert [job.name for job in queries.jobs()] == ["work"]


def test_one_kind_of_job_waits_once_per_key(handler, as_worker):
    defer("a")
    defer("a")
    defer("b")
    assert sorted(job.key for job in queries.jobs()) == ["a", "b"]


def test_a_name_nobody_handles_is_refused_where_it_is_asked_for():
    with pytest.raises(KeyError):
        commands.defer("misspelt", key="1", args={}, at=now())


def test_a_failure_waits_longer_each_time_and_keeps_its_reason(handler, as_worker, database):
    handler.error = TryAgainError("the tax register did not answer")
    defer()
    waits = []
    for _ in range(3):
        before = now()
        run_due()
        job = queries.jobs(statuses=("todo",))[0]
        waits.append((job.scheduled_at - before).total_seconds())
        assert job.reason == "the tax register did not answer"
        make_due(database)
    assert waits[0] < waits[1] < waits[2]
    handler.error = None
    run_due()
    assert queries.jobs(statuses=("todo", "failed")) == []


def test_the_error_of_a_fault_names_its_kind_and_never_its_data(handler, as_worker):
    handler.error = ValueError("01010112345")
    defer()
    run_due()
    assert queries.jobs()[0].reason == "ValueError"


def test_a_job_that_gave_up_is_shown_and_can_be_tried_again(handler, as_worker, database, monkeypatch):
    monkeypatch.setattr(commands, "MAX_ATTEMPTS", 2)
    handler.error = TryAgainError("away")
    defer()
    run_due()
    make_due(database)
    run_due()
    failed = queries.jobs(statuses=("failed",))
    assert [(job.name, job.reason) for job in failed] == [("work", "away")]
    handler.error = None
    commands.retry(failed[0].id, at=now())
    run_due()
    assert queries.jobs(statuses=("failed", "todo")) == []
    assert len(handler.calls) == 3


def test_a_job_whose_worker_died_is_put_back(handler, as_worker, database):
    defer()
    with psycopg.connect(database.superuser, autocommit=True) as strong:  # a worker took it and was killed
        strong.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
        )
        strong.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        )
    run_due()
    assert handler.calls == []
    assert commands.rescue(at=now()) == 1
    run_due()
    assert handler.calls == [{"case": "7"}]


def test_a_job_whose_worker_lives_is_left_alone(handler, as_worker, database):
    defer()
    with psycopg.connect(database.superuser, autocommit=True) as strong:
        strong.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        strong.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        )
    assert commands.rescue(at=now()) == 0


def test_waits_double_up_to_an_hour():
    waits = [commands.wait_before(attempt) for attempt in range(1, 15)]
    assert waits[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert max(waits) == timedelta(hours=1)
