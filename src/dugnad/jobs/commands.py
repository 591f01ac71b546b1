"""Put work in the queue with the change that asks for it; rescue and retry what stopped."""

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from dugnad.jobs.models import Failure
from dugnad.jobs.ports import HANDLERS

MAX_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)
STALLED_AFTER = timedelta(seconds=30)


def defer(
    name: str, *, key: str, args: Mapping[str, str], at: datetime, after: timedelta = timedelta()
) -> None:
    """Queue `name` in the current transaction: it runs only if that commits, not before `at + after`.

    `key` keeps one job of its kind in the queue: a second defer while one waits does nothing. `args` are ids and codes,
    never personal data. Raises KeyError when no handler has that name.
    """
    HANDLERS[name]
    with (
        contextlib.suppress(AlreadyEnqueued),
        transaction.atomic(),
    ):  # a refusal must not spoil the caller's own
        app.configure_task(
            "dugnad.perform", queueing_lock=f"{name}:{key}", lock=f"{name}:{key}", schedule_at=at + after
        ).defer(name=name, key=key, args=dict(args))


def wait_before(attempt: int) -> timedelta:
    """Return how long to wait after failed attempt number `attempt` (1, 2 …): 2 s, 4 s, 8 s … one hour at most."""
    return min(timedelta(seconds=2**attempt), LONGEST_WAIT)


def note_failure(*, job_id: int, attempt: int, reason: str, at: datetime) -> None:
    """Keep why an attempt failed."""
    Failure.objects.create(job_id=job_id, attempt=attempt, reason=reason[:300], at=at)


def retry(job_id: int, *, at: datetime) -> None:
    """Put a job that gave up back in the queue."""
    app.job_manager.retry_job_by_id(job_id, retry_at=at)


def rescue(*, at: datetime) -> int:
    """Put back the jobs whose worker has died (no heartbeat for 30 s); returns how many."""
    find = async_to_sync(app.job_manager.get_stalled_jobs)
    stalled = list(find(seconds_since_heartbeat=STALLED_AFTER.total_seconds()))
    for job in stalled:
        if job.id is not None:
            app.job_manager.retry_job_by_id(job.id, retry_at=at)
    return len(stalled)
