"""A form that was sent after its session had run out: handed over, once, to the same person's next login.

`sessions.SessionMiddleware` keeps the fields in the row of the dead session; the login moves them to the row of the new one
and sends the person to the page the form stands on; that page asks `take` and shows the values again.
"""

from collections.abc import Mapping

from dugnad.identity import commands as identity
from dugnad.pages.request import Request


def take(request: Request) -> Mapping[str, list[str]] | None:
    """Return the fields typed on this page before the login ran out, and forget them; None when there are none.

    For the GET of a form page, before it opens its scope. Costs nothing for a session to which no form was handed over.
    """
    session = request.session_view
    if session is None or not session.has_interrupted or request.method != "GET":
        return None
    form = identity.take_interrupted(session, path=request.path)
    return form.fields if form is not None and form.acting_for == session.acting_for else None
