"""What the middleware adds to a request."""

from datetime import datetime

from django.http import HttpRequest

from dugnad.identity.types import SessionView


class Request(HttpRequest):
    """A request after the middleware: `session_view` is the live session or None, `now` the time of arrival.

    `expired`: it came with the cookie of a session that is over; `ran_out`: that session, where nobody logged out of it.
    `notices_shown`: `frame.enter` has shown what the notice cookie said, so the answer takes the cookie away.
    """

    session_view: SessionView | None
    expired: bool
    ran_out: SessionView | None
    notices_shown: bool
    now: datetime
