"""The log of changes and looks, for the organisation's auditors."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dugnad.access import queries as access
from dugnad.access.types import Right, Staff
from dugnad.audit import queries as audit
from dugnad.audit.types import EntryView
from dugnad.pages.console.entering import show
from dugnad.pages.sessions import Request, staff
from dugnad.pages.staffed import entered

_PAGE = 50
_KINDS = (
    "access",
    "application",
    "attachment",
    "case",
    "catalogue",
    "decision",
    "facts",
    "job",
    "letter",
    "session",
)


@require_GET
@staff(Right.SEE_AUDIT)
@entered
def entries(request: Request, member: Staff) -> HttpResponse:
    """Show a page of the log, newest first. Whose data a row is about is not shown: the case is."""
    kind, before = request.GET.get("type", ""), request.GET.get("for", "")
    kind = kind if kind in _KINDS else ""
    found = audit.of_organisation(
        member.organisation_id,
        action=f"{kind}." if kind else "",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004 - fits a bigint
        limit=_PAGE + 1,
    )
    names = {
        str(one.person_id): one.person_name
        for one in access.assignments(member.organisation_id, at=request.now)
    }
    query = {"type": kind} if kind else {}
    more = len(found) > _PAGE
    context = {
        "rows": [(one, _who(one, names)) for one in found[:_PAGE]],
        "kinds": _KINDS,
        "kind": kind,
        "older": f"{reverse('console-log')}?{urlencode({**query, 'for': found[_PAGE - 1].position})}"
        if more
        else "",
        "first": f"{reverse('console-log')}?{urlencode(query)}" if before else "",
    }
    return show(request, member, "log.html", context)


def _who(entry: EntryView, names: dict[str, str]) -> str:
    """Return a colleague's name, the sort of actor for others: a resident's name is not for the auditor's list."""
    kind, _, rest = entry.actor.partition(":")
    if kind == "staff":
        return names.get(rest.partition("@")[0], entry.actor_name)
    return kind
