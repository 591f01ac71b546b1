"""A diagram of two columns: what is rested on at the left, what rests on it at the right, each beside its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dugnad.rulebook.dmn.diagram import Box, Drawing, Placed, Route

_GAP = 20.0
_BETWEEN = 140.0


def beside(boxes: Sequence[Box], links: Iterable[tuple[str, str]]) -> Drawing:
    """Place boxes in two columns so that each link (left, right) is a straight line over the room between them.

    The right column follows the order of the left; each box at the left stands as near as may be to the middle of
    what is linked to it. Nothing lies on anything else, and no line runs through a box.
    """
    known = {box.key: box for box in boxes}
    pairs = list(dict.fromkeys(links))
    first: dict[str, int] = {}
    lefts = list(dict.fromkeys(left for left, _ in pairs))
    for left, right in pairs:
        first[right] = min(first.get(right, len(lefts)), lefts.index(left))
    rights = sorted(first, key=first.__getitem__)
    edge = max((known[key].width for key in lefts), default=0.0)
    x = edge + _BETWEEN
    placed = _stacked([known[key] for key in rights], x, {}, 1)
    wishes = {key: _middle([placed[right] for left, right in pairs if left == key]) for key in lefts}
    lefts.sort(key=wishes.__getitem__)
    flush = {
        key: replace(one, x=edge - one.width)
        for key, one in _stacked([known[key] for key in lefts], 0.0, wishes, 0).items()
    }
    placed = flush | placed
    routes = tuple(_route(placed[left], placed[right]) for left, right in pairs)
    width = max((one.x + one.width for one in placed.values()), default=0.0)
    height = max((one.y + one.height for one in placed.values()), default=0.0)
    return Drawing(width, height, placed, routes)


def _stacked(boxes: Iterable[Box], x: float, wishes: Mapping[str, float], layer: int) -> dict[str, Placed]:
    """Stack boxes from the top, none above where its middle is wished."""
    placed: dict[str, Placed] = {}
    y = 0.0
    for box in boxes:
        y = max(y, wishes.get(box.key, 0.0) - box.height / 2)
        placed[box.key] = Placed(box.key, x, y, box.width, box.height, layer)
        y += box.height + _GAP
    return placed


def _middle(boxes: Sequence[Placed]) -> float:
    return sum(box.y + box.height / 2 for box in boxes) / len(boxes)


def _route(left: Placed, right: Placed) -> Route:
    start = (left.x + left.width, left.y + left.height / 2)
    return Route(left.key, right.key, (start, (right.x, right.y + right.height / 2)))
