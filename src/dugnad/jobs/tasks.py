"""The one task procrastinate knows: it finds the handler by name and runs it."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from dugnad.jobs import commands
from dugnad.jobs.ports import HANDLERS, TryAgainError

log = logging.getLogger(__name__)


class BackOff(BaseRetryStrategy):
    """Doubling waits, as long as the exception itself does not say when; then the job gives up and is shown."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None to give up."""
        attempt = job.attempts + 1
        if attempt >= commands.MAX_ATTEMPTS:
            return None
        wait = commands.wait_before(attempt)
        if isinstance(exception, TryAgainError) and exception.after_seconds is not None:
            wait = timedelta(seconds=exception.after_seconds)
        return RetryDecision(retry_at=datetime.now(UTC) + wait)


@app.task(name="dugnad.perform", retry=BackOff(), pass_context=True)
def perform(context: JobContext, *, name: str, key: str, args: dict[str, str]) -> None:  # noqa: ARG001 - key names it
    """Run the handler; a failure is noted (its kind, never its data) and tried again later."""
    close_old_connections()  # a thread keeps its connection from job to job; here one that has died is noticed
    now = datetime.now(UTC)
    try:
        HANDLERS[name](args, now)
    except Exception as error:
        reason = error.reason if isinstance(error, TryAgainError) else type(error).__name__
        job = context.job
        commands.note_failure(job_id=job.id or 0, attempt=job.attempts + 1, reason=reason, at=now)
        log.warning("job %s %s failed: %s", job.id, name, reason)
        raise
