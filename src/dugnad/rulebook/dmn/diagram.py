"""Where boxes and arrows stand, so that a decision graph can be read: layer upon layer, what is needed before what needs it.

Sugiyama's way in four steps: layers of bounded width (Coffman-Graham from the end), order within a layer by the
mean of the neighbours (fewest crossings of several sweeps kept), places by least squares under the order (pool
adjacent violators, which is exact), and arrows that bend only between layers, so that none runs through a box.
Arrows from one box share their way until they part: a fact read in many places is one line, not a bundle.
"""

import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from dugnad.rulebook.dmn.diagram_layers import LANE, Room, layers_of, without_circles

Point: TypeAlias = tuple[float, float]
_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be placed: its name and its size in pixels."""

    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in its place: `x`, `y` is its upper left corner, `layer` counts from the top."""

    key: str
    x: float
    y: float
    width: float
    height: float
    layer: int


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow: from the edge of one box, by its bends, to the edge of another."""

    start: str
    end: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole diagram, from (0, 0) to (`width`, `height`); boxes in reading order."""

    width: float
    height: float
    boxes: Mapping[str, Placed]
    routes: tuple[Route, ...]


_Spot: TypeAlias = Hashable
"""A box (its key), or the bend of a box's arrows in a layer: (key, layer)."""


@dataclass(slots=True)
class _Graph:
    """Boxes by layer, with bends where an arrow passes a layer; `after` leads to the next layer."""

    boxes: Mapping[str, Box]
    layer_of: Mapping[str, int]
    layers: list[list[_Spot]]
    after: dict[_Spot, list[_Spot]] = field(default_factory=dict)
    before: dict[_Spot, list[_Spot]] = field(default_factory=dict)

    def join(self, start: _Spot, end: _Spot) -> None:
        if end not in self.after.setdefault(start, []):
            self.after[start].append(end)
            self.before.setdefault(end, []).append(start)

    def width(self, spot: _Spot) -> float:
        return self.boxes[spot].width if isinstance(spot, str) else LANE

    def height(self, spot: _Spot) -> float:
        return self.boxes[spot].height if isinstance(spot, str) else 0.0


def lay_out(
    boxes: Sequence[Box],
    links: Iterable[tuple[str, str]],
    *,
    across: int = 7,
    widest: float = float("inf"),
    gap: float = 28.0,
    between: float = 56.0,
    upward: bool = False,
) -> Drawing:
    """Place boxes so that each link (start, end) leads one way: down, or `upward` as DMN draws it.

    `across` is the most boxes in a layer, `widest` the width a layer should keep to, `gap` the space beside a
    box, `between` that between layers. Links to boxes that are not there, and from a box to itself, are left
    out; circles are drawn with one arrow backwards. The same input gives the same drawing.
    """
    known = {box.key: box for box in boxes}
    wanted = list(dict.fromkeys(pair for pair in links if set(pair) <= set(known) and pair[0] != pair[1]))
    forward = without_circles(list(known), wanted)
    layer_of = layers_of({box.key: box.width for box in boxes}, forward, Room(across, widest, gap))
    graph = _graph(known, layer_of, forward)
    _order(graph)
    centres = _centres(graph, gap)
    return _drawn(graph, centres, wanted, between, upward=upward)


def _graph(boxes: Mapping[str, Box], layer_of: Mapping[str, int], links: Iterable[tuple[str, str]]) -> _Graph:
    count = 1 + max(layer_of.values(), default=-1)
    layers: list[list[_Spot]] = [[key for key in boxes if layer_of[key] == at] for at in range(count)]
    graph = _Graph(boxes, layer_of, layers)
    for start, end in links:
        for here, there in _steps(layer_of, start, end):
            if not isinstance(there, str) and there not in graph.before:
                layers[there[1]].append(there)
            graph.join(here, there)
    return graph


def _steps(layer_of: Mapping[str, int], start: str, end: str) -> list[tuple[_Spot, str | tuple[str, int]]]:
    bends = [(start, at) for at in range(layer_of[start] + 1, layer_of[end])]
    way: list[str | tuple[str, int]] = [start, *bends, end]
    return list(itertools.pairwise(way))


def _order(graph: _Graph) -> None:
    """Order the layers from several beginnings (as given, and as one comes to them from above and from below), and
    keep the order with the fewest crossings.
    """
    given = [list(layer) for layer in graph.layers]
    best, fewest = given, _crossings(graph)
    for way in (None, graph.after, graph.before):
        met = _met(graph, way) if way is not None else {}
        graph.layers[:] = [sorted(layer, key=lambda spot: met.get(spot, 0)) for layer in given]
        found, layers = _swept(graph)
        if found < fewest:
            best, fewest = layers, found
    graph.layers[:] = best


def _met(graph: _Graph, way: Mapping[_Spot, list[_Spot]]) -> dict[_Spot, int]:
    """Return when one comes to each spot, going deep first."""
    met: dict[_Spot, int] = {}
    rows = graph.layers if way is graph.after else list(reversed(graph.layers))
    waiting = [spot for layer in reversed(rows) for spot in reversed(layer)]
    while waiting:
        spot = waiting.pop()
        if spot not in met:
            met[spot] = len(met)
            waiting += reversed(way.get(spot, ()))
    return met


def _swept(graph: _Graph) -> tuple[int, list[list[_Spot]]]:
    """Order every layer by the mean place of its neighbours, down and up, and change neighbours where that helps;
    return the fewest crossings found, and the layers then.
    """
    best, fewest = [list(layer) for layer in graph.layers], _crossings(graph)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        down = sweep % 2 == 0
        near = graph.before if down else graph.after
        rows = graph.layers if down else list(reversed(graph.layers))
        for fixed, free in itertools.pairwise(rows):
            at = {spot: place / len(fixed) for place, spot in enumerate(fixed)}
            old = {spot: place / len(free) for place, spot in enumerate(free)}
            means = {spot: _mean([at[one] for one in near.get(spot, ())], old[spot]) for spot in free}
            free.sort(key=means.__getitem__)
        while _changed_neighbours(graph):
            continue
        found = _crossings(graph)
        if found < fewest:
            best, fewest = [list(layer) for layer in graph.layers], found
    return fewest, best


def _changed_neighbours(graph: _Graph) -> bool:
    """Let two that stand side by side change places wherever their arrows cross less so; tell whether any did."""
    changed = False
    for number, layer in enumerate(graph.layers):
        sides: list[tuple[Mapping[_Spot, list[_Spot]], dict[_Spot, int]]] = []
        for near, beside in ((graph.before, number - 1), (graph.after, number + 1)):
            if 0 <= beside < len(graph.layers):
                sides.append((near, {spot: place for place, spot in enumerate(graph.layers[beside])}))
        for place in range(len(layer) - 1):
            one, two = layer[place], layer[place + 1]
            gain = sum(_turned(near, at, one, two) for near, at in sides)
            if gain > 0:
                layer[place], layer[place + 1] = two, one
                changed = True
    return changed


def _turned(near: Mapping[_Spot, list[_Spot]], at: Mapping[_Spot, int], one: _Spot, two: _Spot) -> int:
    """Return how many crossings fewer there are on one side if `one` and `two` change places."""
    places = [(at[mine], at[other]) for mine in near.get(one, ()) for other in near.get(two, ())]
    return sum((mine > other) - (mine < other) for mine, other in places)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(graph: _Graph) -> int:
    return sum(_crossed(graph, one, two) for one, two in zip(graph.layers, graph.layers[1:], strict=False))


def _crossed(graph: _Graph, upper: Sequence[_Spot], lower: Sequence[_Spot]) -> int:
    at = {spot: place for place, spot in enumerate(lower)}
    ends: list[int] = []
    count = 0
    for spot in upper:
        mine = sorted(at[one] for one in graph.after.get(spot, ()))
        count += sum(1 for end in mine for other in ends if other > end)
        ends += mine
    return count


def _centres(graph: _Graph, gap: float) -> dict[_Spot, float]:
    """Place every layer nearest to where its neighbours stand, as its order and widths allow."""
    centres: dict[_Spot, float] = {}
    for layer in graph.layers:
        centres |= _spread(graph, layer, [0.0] * len(layer), gap)
    for sweep in range(2 * _SWEEPS):
        down = sweep % 2 == 0
        both = sweep >= 2 * _SWEEPS - 4
        for layer in graph.layers if down else reversed(graph.layers):
            wished = [_wish(graph, spot, centres, down=down, both=both) for spot in layer]
            centres |= _spread(graph, layer, wished, gap)
    left = min((at - graph.width(spot) / 2 for spot, at in centres.items()), default=0.0)
    return {spot: at - left for spot, at in centres.items()}


def _wish(graph: _Graph, spot: _Spot, centres: Mapping[_Spot, float], *, down: bool, both: bool) -> float:
    before, after = graph.before.get(spot, ()), graph.after.get(spot, ())
    near = (*before, *after) if both else (before if down else after)
    return _mean([centres[one] for one in near], centres[spot])


def _spread(graph: _Graph, layer: Sequence[_Spot], wished: Sequence[float], gap: float) -> dict[_Spot, float]:
    """Solve: nearest to the wishes, in this order, nothing closer than allowed (isotonic regression)."""
    offsets = [0.0]
    for one, two in itertools.pairwise(layer):
        room = gap if isinstance(one, str) or isinstance(two, str) else 0.0
        offsets.append(offsets[-1] + (graph.width(one) + graph.width(two)) / 2 + room)
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=False):
        value, size = wish - offset, 1
        while blocks and blocks[-1][0] > value:
            other, count = blocks.pop()
            value, size = (value * size + other * count) / (size + count), size + count
        blocks.append((value, size))
    flat = [value for value, size in blocks for _ in range(size)]
    return {spot: value + offset for spot, value, offset in zip(layer, flat, offsets, strict=False)}


def _drawn(
    graph: _Graph,
    centres: Mapping[_Spot, float],
    links: Iterable[tuple[str, str]],
    between: float,
    *,
    upward: bool,
) -> Drawing:
    heights = [max((graph.height(spot) for spot in layer), default=0.0) for layer in graph.layers]
    tops = [sum(heights[:at]) + between * at for at in range(len(heights))]
    total = sum(heights) + between * max(0, len(heights) - 1)
    boxes: dict[str, Placed] = {}
    for at, layer in enumerate(graph.layers):
        for spot in layer:
            if isinstance(spot, str):
                box = graph.boxes[spot]
                y = tops[at] + (heights[at] - box.height) / 2
                boxes[spot] = Placed(spot, centres[spot] - box.width / 2, y, box.width, box.height, at)
    bands = [(top, top + height) for top, height in zip(tops, heights, strict=True)]
    routes = tuple(_route(graph, centres, boxes, bands, pair) for pair in links)
    width = max((box.x + box.width for box in boxes.values()), default=0.0)
    width = max(width, max((x for route in routes for x, _ in route.points), default=0.0))
    if not upward:
        return Drawing(width, total, boxes, routes)
    last = len(graph.layers) - 1
    turned = {
        key: Placed(key, box.x, total - box.y - box.height, box.width, box.height, last - box.layer)
        for key, box in reversed(boxes.items())
    }
    flipped = (Route(one.start, one.end, tuple((x, total - y) for x, y in one.points)) for one in routes)
    return Drawing(width, total, turned, tuple(flipped))


def _route(
    graph: _Graph,
    centres: Mapping[_Spot, float],
    boxes: Mapping[str, Placed],
    bands: Sequence[Point],
    link: tuple[str, str],
) -> Route:
    """Lead an arrow down through its bends; one that closes a circle is led the same way and turned."""
    backwards = graph.layer_of[link[0]] > graph.layer_of[link[1]]
    start, end = (link[1], link[0]) if backwards else link
    way = [start, *(there for _, there in _steps(graph.layer_of, start, end))]
    into = _port(graph, centres, boxes[end], way[-2])
    points: list[Point] = [(centres[start], boxes[start].y + boxes[start].height)]
    points.append((centres[start], bands[graph.layer_of[start]][1]))
    for spot in way[1:-1]:
        if not isinstance(spot, str):
            points += [(centres[spot], bands[spot[1]][0]), (centres[spot], bands[spot[1]][1])]
    points += [(into, bands[graph.layer_of[end]][0]), (into, boxes[end].y)]
    kept = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    return Route(*link, tuple(reversed(kept)) if backwards else tuple(kept))


def _port(graph: _Graph, centres: Mapping[_Spot, float], box: Placed, comes_from: _Spot) -> float:
    """Give each arrow into a box a place of its own along the edge, in the order they come."""
    coming = sorted(graph.before[box.key], key=lambda spot: centres[spot])
    step = box.width / (len(coming) + 1)
    return box.x + step * (coming.index(comes_from) + 1)
