"""Reads of the queue, for the console."""

from uuid import UUID

from django.db import connection

from dugnad.jobs.types import Health, JobView

_LIST = """SELECT j.id, j.args->>'name', j.args->>'key', j.status::text, j.attempts, j.scheduled_at,
                  coalesce(f.reason, ''), f.at
           FROM procrastinate_jobs j
           LEFT JOIN LATERAL (SELECT reason, at FROM jobs_failure WHERE job_id = j.id ORDER BY id DESC LIMIT 1) f ON true
           WHERE j.status::text = ANY(%s) AND j.id < %s AND (%s::text IS NULL OR j.args->'args'->>'organisation' = %s)
           ORDER BY j.id DESC LIMIT %s"""
_LAST_ID = 2**62


def jobs(
    *,
    statuses: tuple[str, ...] = ("failed", "doing", "todo"),
    organisation: UUID | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[JobView]:
    """Return jobs newest first, of one organisation or of all; `before` is the last id already shown.

    The queue has no row-level security (it holds ids only): a page always names the organisation.
    """
    whose = str(organisation) if organisation else None
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [list(statuses), before or _LAST_ID, whose, whose, limit])
        return [JobView(*row) for row in cursor.fetchall()]


def belongs_to(job_id: int, organisation: UUID) -> bool:
    """Say whether a job works for the organisation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND args->'args'->>'organisation' = %s",
            [job_id, str(organisation)],
        )
        return cursor.fetchone() is not None


def has_failed(job_id: int) -> bool:
    """Say whether a job gave up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status = 'failed' FROM procrastinate_jobs WHERE id = %s", [job_id])
        row = cursor.fetchone()
        return bool(row and row[0])


def health() -> Health:
    """Return counts by status of what is not done, workers alive within a minute, and the oldest job that is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
        )
        counts = dict(cursor.fetchall())
        cursor.execute(
            """SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'),
                      (SELECT min(scheduled_at) FROM procrastinate_jobs
                       WHERE status = 'todo' AND scheduled_at <= now())"""
        )
        workers, oldest = cursor.fetchone()
    return Health(counts, workers, oldest)
