"""What surrounds the content of a page is the same on most pages: set once, kept, and filled in.

`above.html` and `below.html` are rendered with marks in the places of what differs from request to request (the address,
the names, the form token) and kept for each combination of the rest (language, colours, role, which page is the current one).
Nothing of a person is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from django.conf import settings
from jinja2 import Environment
from markupsafe import Markup, escape

from dugnad.design.frame import Frame
from dugnad.design.languages import Language, current_language

Part = Literal["above", "below"]
Surround = Callable[[Part, Frame, object], Markup]
# What no text of a page can hold: a form or an address with a NUL is refused.
_MARKS: Final = {name: Markup(f"\0{name}\0") for name in ("path", "person", "acting_for", "token")}  # noqa: S704 - constants
_KEPT: Final = 1024


@dataclass(frozen=True, slots=True)
class _Kind:
    """All that the surroundings depend on beside what is filled in."""

    part: Part
    language: Language
    frame: Frame
    unread: int
    here: tuple[str, ...]


def surroundings(environment: Environment) -> Surround:
    """Return the function that gives a part of a page's surroundings."""

    @lru_cache(maxsize=_KEPT)
    def pieces(kind: _Kind) -> tuple[str, ...]:
        """Return text and names of marks by turns, beginning and ending with text."""
        text = environment.get_template(f"{kind.part}.html").render(
            frame=kind.frame,
            unread=kind.unread,
            here=dict(zip(_targets(kind.frame), kind.here, strict=True)),
            csrf_input=_MARKS["token"],
        )
        return tuple(text.split("\0"))

    def surround(part: Part, frame: Frame, token: object) -> Markup:
        if settings.DEBUG:
            pieces.cache_clear()
        kind = _kind(part, frame)
        values = {"path": frame.path, "person": frame.person, "acting_for": frame.acting_for, "token": token}
        return Markup("".join(_filled(pieces(kind), values)))  # noqa: S704 - templates of ours; the values are escaped

    return surround


def _kind(part: Part, frame: Frame) -> _Kind:
    unread = frame.unread() if part == "above" and frame.person and not frame.organisation else 0
    marked = replace(
        frame,
        path=_MARKS["path"],
        person=_MARKS["person"] if frame.person else None,
        acting_for=_MARKS["acting_for"] if frame.acting_for else None,
        unread=_none,
        notices=(),
    )
    here = tuple(_here(frame.path, target) for target in _targets(frame))
    return _Kind(part, current_language(), marked, unread, here)


def _none() -> int:
    return 0


def _targets(frame: Frame) -> tuple[str, str, str]:
    routes = frame.routes
    return routes.services, routes.my_page, routes.mailbox


def _here(path: str, target: str) -> str:
    """Return the value of aria-current for a link: the page itself, one below it, or (empty) neither."""
    bare = path.partition("?")[0]
    if bare == target:
        return "page"
    return "true" if bare.startswith(f"{target}/") else ""


def _filled(pieces: tuple[str, ...], values: dict[str, object]) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        yield str(escape(values[piece])) if number % 2 else piece
