"""Background work of the organisation, and letters that gave up. The queue holds ids only; a page names its organisation."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dugnad.access.types import Right, Staff
from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.jobs import commands, queries
from dugnad.pages.console.entering import show
from dugnad.pages.notices import notify
from dugnad.pages.sessions import Request, see_other, staff
from dugnad.pages.staffed import entered
from dugnad.shared.actor import Actor

_PAGE = 50
_STATUSES = ("failed", "doing", "todo")


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def job_list(request: Request, member: Staff) -> HttpResponse:
    """Show the organisation's jobs, newest first, and its letters that gave up."""
    wanted = request.GET.get("status", "")
    before = request.GET.get("for", "")
    found = queries.jobs(
        statuses=(wanted,) if wanted in _STATUSES else _STATUSES,
        organisation=member.organisation_id,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004 - fits a bigint
        limit=_PAGE + 1,
    )
    context = {
        "jobs": found[:_PAGE],
        "wanted": wanted if wanted in _STATUSES else "",
        "statuses": _STATUSES,
        "next": found[_PAGE - 1].id if len(found) > _PAGE else None,
        "letters": letters.stuck(member.organisation_id),
        "may_retry": member.may(Right.RETRY_JOBS),
    }
    return show(request, member, "jobs.html", context)


@require_POST
@staff(Right.RETRY_JOBS)
@entered
def retry_job(request: Request, member: Staff, job_id: int) -> HttpResponse:
    """Put a job that gave up back in the queue; one that did not give up stays as it is."""
    if not queries.belongs_to(job_id, member.organisation_id):
        raise LookupError(job_id)
    failed = queries.has_failed(job_id)
    if failed:
        commands.retry(job_id, at=request.now)
        _log("job.retried", {"job": job_id}, member, request)
    answer = see_other(reverse("console-jobs"))
    return notify(
        answer, "console.retried" if failed else "console.not_failed", "success" if failed else "info"
    )


@require_POST
@staff(Right.RETRY_JOBS)
@entered
def retry_letter(request: Request, member: Staff, dispatch_id: UUID) -> HttpResponse:
    """Put a letter or notice that gave up back in the queue."""
    by = Actor.staff(member.person_id, member.organisation_id)
    if dispatch_id not in {one.id for one in letters.stuck(member.organisation_id)}:
        raise LookupError(str(dispatch_id))
    dispatch.try_again(dispatch_id=dispatch_id, by=by, at=request.now)
    _log("letter.retried", {"dispatch": str(dispatch_id)}, member, request)
    return notify(see_other(reverse("console-jobs")), "console.retried")


def _log(action: str, detail: dict[str, str | int], member: Staff, request: Request) -> None:
    audit.record(
        Record(action=action, purpose="Drift", organisation_id=member.organisation_id, detail=detail),
        by=Actor.staff(member.person_id, member.organisation_id),
        at=request.now,
    )
