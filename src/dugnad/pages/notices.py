"""A word on the next page ("Lagret"): a signed cookie that names texts, never their values, so it tells nothing of anybody."""

from collections.abc import Iterable
from typing import Final, get_args

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from dugnad.design.frame import Notice, NoticeKind
from dugnad.design.texts import t, texts

COOKIE: Final = "dugnad_notice"
_SALT: Final = "dugnad.pages.notices"
_SECONDS: Final = 60
_MOST: Final = 5


def notify(response: HttpResponse, key: str, kind: NoticeKind = "success") -> HttpResponse:
    """Show the text `key` (one without values) at the top of the next page; returns the response.

    Raises ValueError for a text there is not. A second call on the same response replaces the first; `notify_all` shows
    several.
    """
    return notify_all(response, [(key, kind)])


def notify_all(response: HttpResponse, notices: Iterable[tuple[str, NoticeKind]]) -> HttpResponse:
    """Show several texts at the top of the next page, at most five."""
    said = [list(notice) for notice in notices][:_MOST]
    for key, _ in said:
        if key not in texts():
            raise ValueError(f"There is no text '{key}'.")
    response.set_cookie(
        COOKIE,
        signing.dumps(said, salt=_SALT),
        max_age=_SECONDS,
        httponly=True,
        secure=settings.SECURE,
        samesite="Lax",
    )
    return response


def read(request: HttpRequest) -> tuple[Notice, ...]:
    """Return what the last answer wanted said, in the language being spoken; nothing for a cookie that is not ours."""
    cookie = request.COOKIES.get(COOKIE)
    if not cookie:
        return ()
    try:
        said = signing.loads(cookie, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return ()
    known = [(key, kind) for key, kind in said if key in texts() and kind in get_args(NoticeKind)]
    return tuple(Notice(t(key), kind) for key, kind in known)


def forget(response: HttpResponse) -> None:
    """Take the cookie away, unless this very answer says something new."""
    if COOKIE not in response.cookies:
        response.delete_cookie(COOKIE, samesite="Lax")
