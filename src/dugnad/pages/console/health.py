"""How things stand: database, workers, queue, the chain of the log, letters that gave up; and the style guide."""

import time
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dugnad.access.types import Right, Staff
from dugnad.audit import queries as audit
from dugnad.dispatch import queries as letters
from dugnad.jobs import queries as jobs
from dugnad.pages.console.entering import show
from dugnad.pages.sessions import Request, staff
from dugnad.pages.staffed import entered
from dugnad.shared.calendar import oslo

_LATE = timedelta(minutes=5)
_UNSEALED = timedelta(minutes=1)


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def overview(request: Request, member: Staff) -> HttpResponse:
    """Show the state of the house. Numbers only: other organisations' jobs are counted, never listed."""
    found, block = jobs.health(), audit.last_block()
    oldest = found.oldest_waiting
    version, milliseconds = _database()
    context = {
        "database": version,
        "milliseconds": milliseconds,
        "workers": found.workers,
        "counts": found.counts,
        "failed_here": len(jobs.jobs(statuses=("failed",), organisation=member.organisation_id)),
        "stuck": len(letters.stuck(member.organisation_id)),
        "oldest": oldest,
        "is_late": oldest is not None and request.now - oldest > _LATE,
        "block": block,
        "seal_is_old": block is not None and request.now - block.sealed_at > _UNSEALED,
    }
    return show(request, member, "health.html", context)


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def styleguide(request: Request, member: Staff) -> HttpResponse:
    """Show every component once, for those who write pages."""
    del member
    context = {"at": request.now, "on": oslo(request.now), "amount": Decimal(1480), "share": Decimal("0.06")}
    return render(request, "styleguide.html", context)


def _database() -> tuple[str, int]:
    """Return the database's version, and how long it took to answer, in milliseconds."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return str(version).partition(" ")[0], round(1000 * (time.perf_counter() - began))
