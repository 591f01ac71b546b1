"""Who has looked at my data, and why (DESIGN § 6): what the log says, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dugnad.audit import queries as audit
from dugnad.audit.types import EntryView
from dugnad.design.frame import Link
from dugnad.design.languages import current_language
from dugnad.design.texts import t, texts
from dugnad.identity.types import SessionView
from dugnad.pages.resident.door import at_home, sight
from dugnad.pages.resident.home import service_title
from dugnad.pages.resident.wording import register
from dugnad.pages.sessions import Request
from dugnad.tenancy import queries as organisations

PAGE = 20
# Done by the rules within the person's own request: the person only sent the application.
BY_THE_RULES = frozenset({"decision.made", "letter.created", "case.opened", "case.decided", "case.stopped"})


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the log in words."""

    at: datetime
    who: str
    organisation: str
    what: str
    why: str
    service: str


@at_home
@require_safe
def looks(request: Request, session: SessionView) -> HttpResponse:
    """List who looked, newest first; on request also every change."""
    everything = request.GET.get("vis") == "alt"
    cursor = request.GET.get("for", "")
    before = int(cursor) if cursor.isdecimal() and len(cursor) < len("9223372036854775807") else None
    with sight(session):
        found = audit.looks_at(session.subject_id, only_looks=not everything, before=before, limit=PAGE + 1)
    kept = "vis=alt&" if everything else ""
    context = {
        "looks": [_look(one, session) for one in found[:PAGE]],
        "tabs": [
            Link(t("resident.looks.only"), "?", not everything),
            Link(t("resident.looks.all"), "?vis=alt", everything),
        ],
        "older": f"?{kept}for={found[PAGE - 1].position}" if len(found) > PAGE else "",
        "newer": f"?{kept}".rstrip("&") if before else "",
    }
    return render(request, "resident/looks.html", context)


def _look(entry: EntryView, session: SessionView) -> Look:
    organisation = organisations.organisation(entry.organisation_id) if entry.organisation_id else None
    key = f"resident.action.{entry.action}"
    what = t(key) if key in texts() else t("resident.action.other")
    registers = str(entry.detail.get("registers", ""))
    if registers:
        names = [register(name.strip()) for name in registers.split(",")]
        what = t("resident.action.fetched", registers=", ".join(names))
    return Look(
        at=entry.at,
        who=_who(entry, session),
        organisation=organisation.name_in(current_language()) if organisation else "",
        what=what,
        why=_why(entry.purpose),
        service=service_title(entry.service) if entry.service else "",
    )


def _who(entry: EntryView, session: SessionView) -> str:
    """Name who it was: staff by name, the person as "you"; another resident (who applied for a child one shares) unnamed."""
    kind, _, rest = entry.actor.partition(":")
    if kind == "system" or (kind == "resident" and entry.action in BY_THE_RULES):
        return t("resident.looks.automatic")
    if kind == "staff":
        return entry.actor_name or t("resident.looks.staff")
    who, _, on_behalf_of = rest.partition(">")
    if who == str(session.person_id):
        return t("resident.looks.you")
    return t(
        "resident.looks.on_your_behalf" if on_behalf_of == str(session.subject_id) else "resident.looks.other"
    )


def _why(purpose: str) -> str:
    key = f"resident.purpose.{purpose}"
    return t(key) if key in texts() else purpose
