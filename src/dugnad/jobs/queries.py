"""Reads of the queue, for the console."""

from django.db import connection

from dugnad.jobs.types import Health, JobView

_LIST = """SELECT j.id, j.args->>'name', j.args->>'key', j.status::text, j.attempts, j.scheduled_at,
                  coalesce(f.reason, ''), f.at
           FROM procrastinate_jobs j
           LEFT JOIN LATERAL (SELECT reason, at FROM jobs_failure WHERE job_id = j.id ORDER BY id DESC LIMIT 1) f ON true
           WHERE j.status::text = ANY(%s) AND j.id < %s
           ORDER BY j.id DESC LIMIT %s"""
_LAST_ID = 2**62


def jobs(
    *, statuses: tuple[str, ...] = ("failed", "doing", "todo"), before: int | None = None, limit: int = 50
) -> list[JobView]:
    """Return jobs newest first; `before` is the last id already shown."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [list(statuses), before or _LAST_ID, limit])
        return [JobView(*row) for row in cursor.fetchall()]


def health() -> Health:
    """Return counts by status, workers alive within a minute, and the oldest job that is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        counts = dict(cursor.fetchall())
        cursor.execute(
            """SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'),
                      (SELECT min(scheduled_at) FROM procrastinate_jobs
                       WHERE status = 'todo' AND scheduled_at <= now())"""
        )
        workers, oldest = cursor.fetchone()
    return Health(counts, workers, oldest)
