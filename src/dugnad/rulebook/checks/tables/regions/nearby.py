"""Which rows can meet a row, without looking at all of them: by the axis that parts them best, in a tree of its runs."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from heapq import merge

from dugnad.rulebook.checks.tables.regions.boxes import Box, Whole, dividing
from dugnad.rulebook.checks.tables.regions.spans import Spans

Rows = Sequence[Sequence[Box]]


class Nearby:
    """The rows of a table by their runs on one axis.

    A run is cut into whole nodes of a binary tree over the regions: `held` has the rows that cover a node, `under`
    those that cover anything below it. Rows stand in order in both.
    """

    def __init__(self, whole: Whole, rows: Rows) -> None:
        self.rows = rows
        self.axis = dividing(whole, [box for row in rows for box in row]) if whole else 0
        self.everything: Spans = whole[self.axis] if whole else ((0, 0),)
        last = self.everything[-1][1] if self.everything else 0
        self.size = 1 << (last + 1).bit_length()
        self.held: dict[int, list[int]] = {}
        self.under: dict[int, list[int]] = {}
        for row in range(len(rows)):
            for node in self._nodes(row):
                self.held.setdefault(node, []).append(row)
                self._tell_above(node, row)

    def _tell_above(self, node: int, row: int) -> None:
        while node:
            known = self.under.setdefault(node, [])
            if known and known[-1] == row:
                return
            known.append(row)
            node //= 2

    def _nodes(self, row: int) -> Iterator[int]:
        """Give the nodes that a row's runs are made of, each once."""
        seen: set[int] = set()
        for box in self.rows[row]:
            runs = (box[self.axis] if box else None) or self.everything
            for low, high in runs:
                left, right = low + self.size, high + self.size + 1
                while left < right:
                    if left & 1:
                        seen.add(left)
                        left += 1
                    if right & 1:
                        right -= 1
                        seen.add(right)
                    left //= 2
                    right //= 2
        return iter(sorted(seen))

    def of(self, row: int, after: int = -1) -> Iterator[int]:
        """Give the rows later than `after` that may meet a row, in order, itself left out."""
        lists: dict[int, Sequence[int]] = {}
        for node in self._nodes(row):
            lists[node] = self.under[node]
            above = node // 2
            while above:
                if above in self.held:
                    lists.setdefault(above, self.held[above])
                above //= 2
        last = row
        for one in merge(*(_later(rows, after) for rows in lists.values())):
            if one not in (last, row):
                yield one
            last = one


def _later(rows: Sequence[int], after: int) -> Iterator[int]:
    for at in range(bisect_right(rows, after), len(rows)):
        yield rows[at]
