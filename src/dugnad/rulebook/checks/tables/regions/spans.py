"""Sets of regions: sorted, disjoint runs of whole numbers, both ends included."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import TypeAlias

Spans: TypeAlias = tuple[tuple[int, int], ...]


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return the union of runs in any order."""
    made: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if made and low <= made[-1][1] + 1:
            if high > made[-1][1]:
                made[-1] = (made[-1][0], high)
        elif low <= high:
            made.append((low, high))
    return tuple(made)


def common(left: Spans, right: Spans) -> Spans:
    """Return what is in both."""
    if len(right) == 1 and left and right[0][0] <= left[0][0] and left[-1][1] <= right[0][1]:
        return left
    made: list[tuple[int, int]] = []
    a = b = 0
    while a < len(left) and b < len(right):
        low, high = max(left[a][0], right[b][0]), min(left[a][1], right[b][1])
        if low <= high:
            made.append((low, high))
        if left[a][1] < right[b][1]:
            a += 1
        else:
            b += 1
    return tuple(made)


def touch(left: Spans, right: Spans) -> bool:
    """Tell whether there is anything in both."""
    a = b = 0
    while a < len(left) and b < len(right):
        if left[a][1] < right[b][0]:
            a += 1
        elif right[b][1] < left[a][0]:
            b += 1
        else:
            return True
    return False


def without(whole: Spans, part: Spans) -> Spans:
    """Return what is in `whole` and not in `part`."""
    gaps: list[tuple[int, int]] = []
    at = whole[0][0] if whole else 0
    for low, high in part:
        gaps.append((at, low - 1))
        at = max(at, high + 1)
    gaps.append((at, whole[-1][1] if whole else -1))
    return common(whole, tuple(gap for gap in gaps if gap[0] <= gap[1]))


def holds(spans: Spans, at: int) -> bool:
    """Tell whether a region is in the set."""
    found = bisect_left(spans, (at + 1,)) - 1
    return found >= 0 and spans[found][0] <= at <= spans[found][1]
