"""The digital mailbox: unread, all and archived letters, one letter, its PDF."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dugnad.design.frame import Link, frame_of
from dugnad.design.texts import t
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.dispatch.types import LetterContent
from dugnad.identity.types import SessionView
from dugnad.pages.frame import ahead
from dugnad.pages.notices import notify
from dugnad.pages.resident.attaching import pdf
from dugnad.pages.resident.door import at_home, sight
from dugnad.pages.resident.home import as_uuid
from dugnad.pages.resident.wording import plain
from dugnad.pages.sessions import Request, see_other
from dugnad.tenancy import queries as organisations

PAGE = 20
TABS = {"": "resident.mailbox.all", "ulest": "resident.mailbox.unread", "arkiv": "resident.mailbox.archive"}


@at_home
@require_safe
def mailbox(request: Request, session: SessionView) -> HttpResponse:
    """List letters, newest first."""
    tab = request.GET.get("vis", "")
    tab = tab if tab in TABS else ""
    text, before = plain(request.GET.get("q", "")).strip()[:100], as_uuid(request.GET.get("for"))
    with sight(session):
        ahead(request)
        found = letters.mailbox(
            session.subject_id,
            archived=tab == "arkiv",
            unopened=tab == "ulest",
            text=text,
            before=before,
            limit=PAGE + 1,
        )
        unread = frame_of(request).unread()
        kept = {name: value for name, value in (("vis", tab), ("q", text)) if value}
        older = urlencode({**kept, "for": str(found[PAGE - 1].id)}) if len(found) > PAGE else ""
        context = {
            "letters": [(one, organisations.organisation(one.organisation_id)) for one in found[:PAGE]],
            "tab": tab,
            "text": text,
            "tabs": [
                Link(t(words), f"?vis={name}" if name else "?", name == tab, unread if name == "ulest" else 0)
                for name, words in TABS.items()
            ],
            "older": f"?{older}" if older else "",
            "newer": f"?{urlencode(kept)}" if before else "",
        }
        return render(request, "resident/mailbox.html", context)


@at_home
@require_safe
def letter(request: Request, session: SessionView, letter_id: UUID) -> HttpResponse:
    """Show a letter; opening it is noted (eForvaltningsforskriften § 8)."""
    with sight(session):
        written = letters.content_soon(letter_id)
        line = letters.letter(letter_id)
        content = LetterContent.from_data(written.now())
        if line.opened_at is None:
            dispatch.open_letter(dispatch_id=letter_id, by=session.actor, at=request.now)
        return render(request, "resident/letter.html", {"line": line, "letter": content, "kind": _kind})


def _kind(part: object) -> str:
    """Name the kind of a part of a letter, for the template that draws it."""
    return type(part).__name__


@at_home
@require_safe
def document(request: Request, session: SessionView, letter_id: UUID) -> HttpResponse:
    """Show the letter as PDF; that too is opening it."""
    with sight(session):
        typeset = letters.document_soon(letter_id)
        line = letters.letter(letter_id)
        content = typeset.now()
        if line.opened_at is None:
            dispatch.open_letter(dispatch_id=letter_id, by=session.actor, at=request.now)
    return pdf(content, f"brev-{line.delivered_at:%Y-%m-%d}.pdf" if line.delivered_at else "brev.pdf")


@at_home
@require_POST
def archive(request: Request, session: SessionView, letter_id: UUID) -> HttpResponse:
    """Put a letter in the archive, or take it back."""
    archived = request.POST.get("archived") == "yes"
    with sight(session):
        letters.letter(letter_id)
        dispatch.archive(dispatch_id=letter_id, archived=archived, by=session.actor, at=request.now)
    said = "resident.archived" if archived else "resident.unarchived"
    return notify(see_other(reverse("resident-mailbox")), said)
