"""What the middleware adds to a request."""

from datetime import datetime

from django.http import HttpRequest

from dugnad.identity.types import SessionView


class Request(HttpRequest):
    """A request after the middleware: `session_view` is the live session or None, `now` the time of arrival.

    `expired`: it came with the cookie of a session that has run out. `notices_shown`: `frame.enter` has shown what the
    notice cookie said, so the answer takes the cookie away.
    """

    session_view: SessionView | None
    expired: bool
    notices_shown: bool
    now: datetime
