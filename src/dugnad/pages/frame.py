"""Fills what surrounds every page: who is logged in, for whom, where at work, what waits, in which language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from dugnad.access import queries as access
from dugnad.access.types import Right, Staff
from dugnad.design.frame import Frame, Link, Notice, frame_of, set_frame
from dugnad.design.languages import choose_language, current_language
from dugnad.design.texts import t
from dugnad.dispatch import queries as dispatch
from dugnad.identity.types import SessionView
from dugnad.pages import notices
from dugnad.pages.request import Request
from dugnad.shared.postgres import Soon
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import in_scope, scope
from dugnad.tenancy.types import Scope

MOST_UNREAD: Final = 100  # the badge says "99+"
STAFF_PAGES: Final = (
    ("/saker", "public.staff_cases", Right.SEE_CASES),
    ("/konsoll", "public.staff_console", Right.SEE_CONSOLE),
)


def enter(request: Request, session: SessionView | None = None, member: Staff | None = None) -> Frame:
    """Fill the frame of a page and choose its language; call it first in every view that shows a page.

    Inside the view's scope or outside any. `session` is the request's own where it is not given; `member` saves the look at
    one's roles in a staff view. At most one query: one's roles at work, or (when the page is rendered) unread letters,
    counted to 100.
    """
    session = session or request.session_view
    frame = frame_of(request)
    if session is None:
        frame = replace(frame, notices=_notices(request))
    elif session.organisation_id is not None:
        frame = _at_work(request, frame, session, member)
    else:
        choose_language(request, person_language=session.language)
        frame = replace(
            frame,
            person=session.person_name or t("public.unnamed"),
            acting_for=session.acting_for_name or None,
            unread=_Unread(session.subject_id),
            notices=_notices(request),
        )
    set_frame(request, frame)
    return frame


def _at_work(request: Request, frame: Frame, session: SessionView, member: Staff | None) -> Frame:
    if session.organisation_id is None:
        raise ValueError("not at work")
    organisation = tenancy.organisation(session.organisation_id)
    choose_language(
        request, person_language=session.language, organisation_language=organisation.language_form
    )
    if member is None:
        with _scope(Scope(organisation=session.organisation_id)):
            member = access.staff(
                session.person_id, session.person_name, session.organisation_id, at=request.now
            )
    links = tuple(
        Link(t(text), address, current=request.path == address or request.path.startswith(f"{address}/"))
        for address, text, right in STAFF_PAGES
        if member.may(right)
    )
    return replace(
        frame,
        person=session.person_name or t("public.unnamed"),
        organisation=organisation.name_in(current_language()),
        staff_links=links,
        notices=_notices(request),
    )


def ahead(request: Request) -> None:
    """Ask for what the frame of a resident's page will show, together with the view's next question; call it in sight."""
    unread = frame_of(request).unread
    if isinstance(unread, _Unread):
        unread.ask()


class _Unread:
    """How many letters are unread: counted once, when a page shows it."""

    def __init__(self, person_id: UUID) -> None:
        self._person_id = person_id
        self._soon: Soon[int] | None = None

    def ask(self) -> None:
        """Count with the next question."""
        self._soon = dispatch.unread_soon(self._person_id, limit=MOST_UNREAD)

    def __call__(self) -> int:
        """Return the count, at most `MOST_UNREAD`."""
        if self._soon is not None and (self._soon.is_known or in_scope()):
            return self._soon.now()
        with _scope(Scope(person=self._person_id)):
            return dispatch.unread(self._person_id, limit=MOST_UNREAD)


def _notices(request: Request) -> tuple[Notice, ...]:
    request.notices_shown = notices.COOKIE in request.COOKIES
    return notices.read(request)


@contextmanager
def _scope(wanted: Scope) -> Iterator[None]:
    """Use the scope the view has opened, else one of one's own."""
    if in_scope():
        yield
    else:
        with scope(wanted):
            yield
