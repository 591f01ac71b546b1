"""What boxes leave uncovered, and which of them meet: exact, by sweeping one axis after the other.

After Calvanese, Dumas, Laurson, Maggi, Montali and Teinemaa, Semantics and Analysis of DMN Decision Tables (2016):
along an axis only the boxes' ends matter, and between two ends the question is the same one with an axis less.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from dugnad.rulebook.checks.tables.regions.spans import Spans, common, joined, touch, without

Box: TypeAlias = tuple[Spans | None, ...]
"""For each axis the regions it covers; None for all of them."""
Whole: TypeAlias = tuple[Spans, ...]
"""For each axis the regions that can occur."""
MOST_WORK = 4_000_000
"""Boxes looked at before giving up: a few seconds."""


class TooMuchError(Exception):
    """The table is too large to be judged in the time there is."""


class Budget:
    """The work still allowed."""

    def __init__(self, left: int = MOST_WORK) -> None:
        self.left = left

    def spend(self, work: int) -> None:
        """Count work done. Raises TooMuchError when there is none left."""
        self.left -= work
        if self.left < 0:
            raise TooMuchError


def uncovered(whole: Whole, boxes: Sequence[Box], *, most: int, budget: Budget) -> tuple[Whole, ...]:
    """Return what no box covers as boxes that do not meet, at most about `most` of them.

    Raises TooMuchError.
    """
    order = sorted(range(len(whole)), key=lambda at: (_ends(boxes, at), at))
    turned = [tuple(box[at] for at in order) for box in boxes]
    sweep = _Sweep(tuple(whole[at] for at in order), turned, most, budget)
    back = sorted(range(len(order)), key=lambda at: order[at])
    return tuple(tuple(gap[at] for at in back) for gap in sweep.gaps(0, tuple(range(len(boxes)))))


def _ends(boxes: Sequence[Box], at: int) -> int:
    return len({box[at] for box in boxes})


def dividing(whole: Whole, boxes: Sequence[Box]) -> int:
    """Return the axis along which the boxes differ most."""
    return max(range(len(whole)), key=lambda at: _ends(boxes, at))


class _Sweep:
    """One search. `most` bounds what is kept, not what is found to be uncovered."""

    def __init__(self, whole: Whole, boxes: Sequence[Box], most: int, budget: Budget) -> None:
        self.whole = whole
        self.boxes = boxes
        self.most = most
        self.budget = budget
        self.seen: dict[tuple[int, tuple[int, ...]], tuple[Whole, ...]] = {}

    def gaps(self, axis: int, active: tuple[int, ...]) -> tuple[Whole, ...]:
        """Return what the active boxes leave uncovered on this axis and those after it."""
        if not all(self.whole[axis:]):
            return ()
        if not active:
            return (self.whole[axis:],)
        if axis == len(self.whole):
            return ()
        if any(all(spans is None for spans in self.boxes[at][axis:]) for at in active):
            return ()
        known = self.seen.get((axis, active))
        if known is None:
            self.budget.spend(len(active))
            known = self.seen[axis, active] = self._last(axis, active) or self._found(axis, active)
        return known

    def _last(self, axis: int, active: tuple[int, ...]) -> tuple[Whole, ...]:
        """Answer for the last axis: what is left of it."""
        if axis != len(self.whole) - 1:
            return ()
        covered = joined(span for at in active for span in self.boxes[at][axis] or self.whole[axis])
        left = without(self.whole[axis], covered)
        return ((left,),) if left else ()

    def _found(self, axis: int, active: tuple[int, ...]) -> tuple[Whole, ...]:
        if axis == len(self.whole) - 1:
            return ()
        by_rest: dict[Whole, list[tuple[int, int]]] = {}
        for span, rows in self._pieces(axis, active):
            for rest in self.gaps(axis + 1, rows):
                if rest in by_rest or len(by_rest) < self.most:
                    by_rest.setdefault(rest, []).append(span)
        return tuple((joined(spans), *rest) for rest, spans in by_rest.items())

    def _pieces(
        self, axis: int, active: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
        """Cut the axis at every end of a box; give each piece with the boxes over it, in their order."""
        always = [at for at in active if self.boxes[at][axis] is None]
        events: dict[int, tuple[list[int], list[int]]] = {}
        for at in active:
            for low, high in self.boxes[at][axis] or ():
                events.setdefault(low, ([], []))[0].append(at)
                events.setdefault(high + 1, ([], []))[1].append(at)
        for low, high in self.whole[axis]:
            events.setdefault(low, ([], []))
            events.setdefault(high + 1, ([], []))
        current: set[int] = set(always)
        places = sorted(events)
        for place, following in pairwise(places):
            begin, end = events[place]
            current.difference_update(end)
            current.update(begin)
            if common(((place, following - 1),), self.whole[axis]):
                self.budget.spend(len(current) + 1)
                yield (place, following - 1), tuple(sorted(current))


def meetings(whole: Whole, boxes: Sequence[Box], *, budget: Budget) -> Iterator[tuple[int, int]]:
    """Give the pairs of boxes that have something in common, each once, in no order. Raises TooMuchError."""
    if not boxes or not whole:
        yield from ((a, b) for b in range(len(boxes)) for a in range(b))
        return
    axis = dividing(whole, boxes)
    starts: list[tuple[int, int, int]] = []
    for at, box in enumerate(boxes):
        starts.extend((low, high, at) for low, high in box[axis] or whole[axis])
    starts.sort()
    active: dict[int, int] = {}
    seen: set[tuple[int, int]] = set()
    for low, high, at in starts:
        gone = [one for one, end in active.items() if end < low]
        for one in gone:
            del active[one]
        budget.spend(len(active) + len(gone) + 1)
        for other in active:
            pair = (min(at, other), max(at, other))
            if other != at and pair not in seen and meet(boxes[at], boxes[other]):
                seen.add(pair)
                yield pair
        active[at] = max(high, active.get(at, high))


def meet(left: Box, right: Box) -> bool:
    """Tell whether two boxes have something in common."""
    return all(a is None or b is None or touch(a, b) for a, b in zip(left, right, strict=True))


def meeting(whole: Whole, left: Box, right: Box) -> Whole:
    """Return what two boxes have in common."""
    return tuple(
        common(common(one, a if a is not None else one), b if b is not None else one)
        for one, a, b in zip(whole, left, right, strict=True)
    )


def within(box: Box, whole: Whole) -> Whole:
    """Return a box with its regions written out."""
    return tuple(
        common(one, spans) if spans is not None else one for one, spans in zip(whole, box, strict=True)
    )
