"""What surrounds the content of every page: who is logged in, on whose behalf, for which organisation.

`base.html` reads one value, `frame`. The pages set it once they know the person:
`set_frame(request, dataclasses.replace(frame_of(request), person=…))`. Until then
it is that of someone unknown.
Add `dugnad.design.frame.frame_context` to the context processors.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from django.conf import settings
from django.http import HttpRequest

ColorScheme = Literal["auto", "light", "dark"]
COLOR_SCHEMES: Final[tuple[ColorScheme, ...]] = get_args(ColorScheme)
COLOR_SCHEME_COOKIE: Final = "dugnad_color_scheme"
_FRAME: Final = "dugnad.frame"
NoticeKind = Literal["info", "success", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Routes:
    """Where the links of the frame lead. `settings.DUGNAD_ROUTES` (a dict) replaces any of them."""

    home: str = "/"
    services: str = "/tjenester"
    my_page: str = "/min-side"
    mailbox: str = "/min-side/postkasse"
    login: str = "/logg-inn"
    logout: str = "/logg-ut"
    stop_acting: str = "/min-side/stopp-representasjon"
    language: str = "/sprak"
    color_scheme: str = "/farger"
    accessibility: str = "/tilgjengelighet"
    privacy: str = "/personvern"
    contact: str = "/kontakt"


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its text; `current` marks the page one is on, `count` above zero is shown as a badge."""

    text: str
    href: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A message shown once at the top of the next page."""

    text: str
    kind: NoticeKind = "info"


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything `base.html` knows about the reader and the request."""

    path: str = "/"
    color_scheme: ColorScheme = "auto"
    person: str | None = None
    acting_for: str | None = None
    unread: Callable[[], int] = lambda: 0  # counted by the page that shows it, not by one that only redirects
    organisation: str | None = None
    staff_links: tuple[Link, ...] = ()
    notices: tuple[Notice, ...] = ()
    routes: Routes = field(default_factory=Routes)


def color_scheme_of(request: HttpRequest) -> ColorScheme:
    """Read what was chosen with the switch; `auto` follows the device."""
    chosen = request.COOKIES.get(COLOR_SCHEME_COOKIE)
    return chosen if chosen in COLOR_SCHEMES else "auto"


def frame_of(request: HttpRequest) -> Frame:
    """Take the frame the pages have set, else that of someone unknown."""
    frame = request.META.get(_FRAME)
    if isinstance(frame, Frame):
        return frame
    routes = Routes(**getattr(settings, "DUGNAD_ROUTES", {}))
    return Frame(path=request.get_full_path(), color_scheme=color_scheme_of(request), routes=routes)


def set_frame(request: HttpRequest, frame: Frame) -> None:
    """Let every template of this request have `frame`."""
    request.META[_FRAME] = frame


def frame_context(request: HttpRequest) -> dict[str, object]:
    """Context processor: gives `frame` to every template."""
    return {"frame": frame_of(request)}
