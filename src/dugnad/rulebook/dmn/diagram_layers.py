"""Which box of a diagram stands in which layer: what is needed before what needs it, no layer too full."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LANE = 12.0
"""How wide the way of an arrow is that passes a layer, in pixels."""


def without_circles(keys: Sequence[str], links: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turn round each link that closes a circle."""
    following: dict[str, list[str]] = {key: [] for key in keys}
    for start, end in links:
        following[start].append(end)
    state: dict[str, int] = {}
    turned: set[tuple[str, str]] = set()
    for root in keys:
        path = [(root, iter(following[root]))] if root not in state else []
        state.setdefault(root, 1)
        while path:
            key, rest = path[-1]
            child = next(rest, None)
            if child is None:
                state[key] = 2
                path.pop()
            elif state.get(child) == 1:
                turned.add((key, child))
            elif child not in state:
                state[child] = 1
                path.append((child, iter(following[child])))
    return list(
        dict.fromkeys((end, start) if (start, end) in turned else (start, end) for start, end in links)
    )


@dataclass(frozen=True, slots=True)
class Room:
    """How much goes into one layer."""

    across: int
    widest: float
    gap: float

    def chosen(self, ready: Iterable[str], widths: Mapping[str, float], passing: set[str]) -> list[str]:
        """Return what goes into a layer that the arrows of `passing` pass: at least one, in the order given."""
        found: list[str] = []
        for key in ready:
            used = sum(widths[one] + self.gap for one in (*found, key))
            lanes = len(passing - {*found, key}) * (LANE + self.gap / 2)
            if not found or (len(found) < self.across and used + lanes <= self.widest):
                found.append(key)
        return found


def layers_of(widths: Mapping[str, float], links: Sequence[tuple[str, str]], room: Room) -> dict[str, int]:
    """Give each box its layer, filled from the end: the box with the longest way behind it first."""
    keys = list(widths)
    following: dict[str, set[str]] = {key: set() for key in keys}
    needed: dict[str, set[str]] = {key: set() for key in keys}
    for start, end in links:
        following[start].add(end)
        needed[end].add(start)
    depth = _depths(keys, needed)
    waiting = sorted(keys, key=lambda key: (-depth[key], keys.index(key)))
    from_end: dict[str, int] = {}
    row = 0
    while waiting:
        ready = [key for key in waiting if following[key] <= from_end.keys()]
        passing = {key for key in waiting if not following[key].isdisjoint(from_end)}
        for key in room.chosen(ready, widths, passing):
            from_end[key] = row
        waiting = [key for key in waiting if key not in from_end]
        row += 1
    return {key: row - 1 - at for key, at in from_end.items()}


def _depths(keys: Sequence[str], needed: Mapping[str, set[str]]) -> dict[str, int]:
    depth: dict[str, int] = {}
    left = list(keys)
    while left:
        found = [key for key in left if needed[key] <= depth.keys()]
        depth |= {key: 1 + max((depth[one] for one in needed[key]), default=-1) for key in found}
        left = [key for key in left if key not in depth]
    return depth
