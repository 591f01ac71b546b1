"""Makes `borders.json` from Kartverket's TopoJSON: projected, simplified along shared arcs, small islands left out."""

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]

HEIGHT = 10_000
"""Height of the map in its own units; paths are written in whole units."""
TOLERANCE = 14.0
"""How far a simplified border may lie from the real one, in those units: a seventh of a per cent of the map's height."""
LEAST_AREA = 900.0
_LEAST_POINTS = 4
_CENTRE, _LOW, _HIGH = 15.0, 60.0, 70.0


def project(longitude: float, latitude: float) -> Point:
    """Lambert conformal conic with standard parallels 60° and 70°, on a sphere; y grows downwards."""
    low, high = math.radians(_LOW), math.radians(_HIGH)

    def grown(angle: float) -> float:
        return math.tan(math.pi / 4 + angle / 2)

    n = math.log(math.cos(low) / math.cos(high)) / math.log(grown(high) / grown(low))
    radius = math.cos(low) * grown(low) ** n / n / grown(math.radians(latitude)) ** n
    turn = n * math.radians(longitude - _CENTRE)
    return radius * math.sin(turn), radius * math.cos(turn)


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Return the points that keep the line within `tolerance`; first and last always (Douglas-Peucker)."""
    kept = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        far, at = max(
            ((_distance(points[i], points[first], points[last]), i) for i in range(first + 1, last)),
            default=(0.0, 0),
        )
        if far > tolerance:
            kept.add(at)
            todo += [(first, at), (at, last)]
    return [points[i] for i in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down)
    if length == 0:
        return math.hypot(point[0] - start[0], point[1] - start[1])
    return abs(across * (start[1] - point[1]) - down * (start[0] - point[0])) / length


def borders(topology: dict[str, Any]) -> dict[str, Any]:
    """Return {width, height, paths: {code: SVG path}}."""
    projected = [[project(*point) for point in arc] for arc in topology["arcs"]]
    every = [point for arc in projected for point in arc]
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    top, bottom = min(y for _, y in every), max(y for _, y in every)
    scale = HEIGHT / (bottom - top)
    exact = [[((x - left) * scale, (y - top) * scale) for x, y in arc] for arc in projected]
    arcs = [simplified(arc, TOLERANCE) for arc in exact]
    (collection,) = topology["objects"].values()
    paths = {one["properties"]["id"]: _path(one, arcs, exact) for one in collection["geometries"]}
    return {"width": round((right - left) * scale), "height": HEIGHT, "paths": dict(sorted(paths.items()))}


def _path(geometry: dict[str, Any], arcs: list[list[Point]], exact: list[list[Point]]) -> str:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = [
        [
            small if len(small := _ring(ring, arcs)) >= _LEAST_POINTS else _ring(ring, exact)
            for ring in polygon
        ]
        for polygon in polygons
    ]
    rings.sort(key=lambda polygon: -_area(polygon[0]))
    kept = [polygon for at, polygon in enumerate(rings) if at == 0 or _area(polygon[0]) >= LEAST_AREA]
    return "".join(_drawn(ring) for polygon in kept for ring in polygon)


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[tuple[int, int]]:
    """Join arcs, a negative number (its complement) backwards, into whole units without repeats."""
    points: list[tuple[int, int]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        for x, y in arc:
            point = round(x), round(y)
            if not points or points[-1] != point:
                points.append(point)
    return points


def _area(ring: list[tuple[int, int]]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _drawn(ring: list[tuple[int, int]]) -> str:
    return f"M{ring[0][0]} {ring[0][1]}l{'l'.join(_steps(ring))}z"


def _steps(ring: list[tuple[int, int]]) -> Iterator[str]:
    for (x1, y1), (x2, y2) in pairwise(ring):
        down = y2 - y1
        yield f"{x2 - x1}{down}" if down < 0 else f"{x2 - x1} {down}"


if __name__ == "__main__":
    made = borders(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    Path(__file__).with_name("borders.json").write_text(
        json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8"
    )
