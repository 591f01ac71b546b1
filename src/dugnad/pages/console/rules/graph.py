"""The decision graph of a service as boxes and lines to be drawn: what is read, what is worked out from it."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dugnad.pages.console.rules.links import Linker, anchor
from dugnad.rulebook.dmn.diagram import Box, Drawing, Placed, Point, Route, lay_out
from dugnad.rulebook.dmn.diagram_text import Style, boxed
from dugnad.rulebook.ruleset import Ruleset

Kind = Literal["step", "rate", "open", "fact"]
_KINDS: Mapping[str, Kind] = {"step": "step", "rate": "rate", "open": "open", "fact": "fact"}
STYLE = Style(size=14.0, line=19.0, widest=176.0, narrowest=118.0, beside=14.0, above=10.0)
_MARGIN = 6.0
_WIDEST = 1136.0
_ROOMS = (1100.0, 1000.0, 900.0, 800.0, 650.0, 500.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a box: its words and where its letters stand. `quiet`: the section of law."""

    text: str
    x: float
    y: float
    quiet: bool


@dataclass(frozen=True, slots=True)
class GraphBox:
    """A box: what kind of thing, where it leads, what a screen reader says, its frame and its lines."""

    kind: Kind
    href: str
    label: str
    x: float
    y: float
    width: float
    height: float
    round: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole drawing; `ways` are the paths of its lines."""

    width: float
    height: float
    boxes: tuple[GraphBox, ...]
    ways: tuple[str, ...]


def graph_of(rules: Ruleset, said: Callable[[str, str, str], str]) -> Graph:
    """Draw the rules of a service, once for everything a result rests on: facts above, the outcome below.

    `said(kind, name, law)` gives what a screen reader says of a box. Control points are not drawn: they stop, and
    change no result.
    """
    linker = Linker(rules)
    links = list(_links(rules, linker))
    keys = list(
        dict.fromkeys([*(f"step {name}" for name in rules.source.steps), *(start for start, _ in links)])
    )
    sized = {
        key: boxed(key, [part for part in (_name(key), _law(rules, key)) if part], STYLE) for key in keys
    }
    boxes = [box for box, _ in sized.values()]
    drawing = _narrow(boxes, links)
    return Graph(
        width=round(drawing.width + 2 * _MARGIN),
        height=round(drawing.height + 2 * _MARGIN),
        boxes=tuple(_box(rules, drawing.boxes[key], sized[key][1], said) for key in _reading_order(drawing)),
        ways=tuple(_way(route) for route in drawing.routes),
    )


def _narrow(boxes: list[Box], links: list[tuple[str, str]]) -> Drawing:
    """Draw within the width of the page if that can be done, else as narrow as can be."""
    tried: list[Drawing] = []
    for room in _ROOMS:
        tried.append(lay_out(boxes, links, widest=room, gap=20.0, between=46.0))
        if tried[-1].width <= _WIDEST:
            return tried[-1]
    return min(tried, key=lambda drawing: drawing.width)


def _reading_order(drawing: Drawing) -> list[str]:
    return sorted(drawing.boxes, key=lambda key: (drawing.boxes[key].layer, drawing.boxes[key].x))


def _links(rules: Ruleset, linker: Linker) -> Iterator[tuple[str, str]]:
    used = [f"step {name}" for name in rules.source.steps]
    seen: set[str] = set()
    while used:
        key = used.pop(0)
        kind, _, name = key.partition(" ")
        if key in seen or kind not in ("step", "open"):
            continue
        seen.add(key)
        for read in linker.reads(name):
            yield read, key
            used.append(read)


def _name(key: str) -> str:
    return key.partition(" ")[2]


def _law(rules: Ruleset, key: str) -> str:
    kind, _, name = key.partition(" ")
    if kind == "step":
        return rules.source.steps[name].law
    if kind == "open":
        return rules.source.open[name].law
    return rules.rates.rates[name].law if kind == "rate" else ""


def _box(
    rules: Ruleset, place: Placed, lines: tuple[str, ...], said: Callable[[str, str, str], str]
) -> GraphBox:
    kind, _, name = place.key.partition(" ")
    law = _law(rules, place.key)
    quiet_from = len(boxed(place.key, [name], STYLE)[1]) if law else len(lines)
    x, y = place.x + _MARGIN, place.y + _MARGIN
    return GraphBox(
        kind=_KINDS[kind],
        href=f"#{anchor(place.key)}",
        label=said(kind, name, law),
        x=round(x, 1),
        y=round(y, 1),
        width=place.width,
        height=place.height,
        round=place.height / 2 if kind == "fact" else 3.0,
        lines=tuple(
            Line(
                text,
                round(x + place.width / 2, 1),
                round(y + STYLE.above + STYLE.line * (at + 0.75), 1),
                at >= quiet_from,
            )
            for at, text in enumerate(lines)
        ),
    )


def _way(route: Route) -> str:
    """Write a line that bends softly between layers; where it passes a layer it goes straight down."""
    points: list[Point] = [(round(x + _MARGIN, 1), round(y + _MARGIN, 1)) for x, y in route.points]
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        middle = round((y1 + y2) / 2, 1)
        straight = abs(x1 - x2) < 0.5  # noqa: PLR2004 - half a pixel bends nothing
        parts.append(f"L{x2:g} {y2:g}" if straight else f"C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}")
    return "".join(parts)
