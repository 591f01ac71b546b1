"""Rows that can never decide, because the rows that win over them take everything they take."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from dugnad.rulebook.checks.tables.regions.boxes import Box, Budget, Whole, meet, uncovered, within
from dugnad.rulebook.checks.tables.regions.nearby import Nearby
from dugnad.rulebook.checks.tables.regions.spans import Spans

_NAMED = 3


def masked_by(
    whole: Whole, rows: Sequence[Sequence[Box]], order: Sequence[int], budget: Budget
) -> Mapping[int, tuple[int, ...]]:
    """Return the rows that cannot decide, each with the first rows that take what it takes.

    `order` is the order in which rows win. Rows that match nothing at all are left out. Raises TooMuchError.
    """
    asked = [at for at in range(len(whole)) if any(box[at] is not None for row in rows for box in row)]
    if len(asked) == 1 and all(whole):
        (only,) = asked
        alone = [[(box[only],) for box in row] for row in rows]
        return _on_one_axis(whole[only], alone, order)
    found: dict[int, tuple[int, ...]] = {}
    near = Nearby(whole, rows)
    rank = {row: at for at, row in enumerate(order)}
    for row in order:
        before: list[tuple[int, Box]] = []
        for other in near.of(row):
            budget.spend(1)
            if rank[other] < rank[row] and other not in found:
                before.extend((other, box) for box in rows[other])
        before.sort(key=lambda one: rank[one[0]])
        takers: dict[int, None] = {}
        if rows[row] and all(_taken(whole, box, before, takers, budget) for box in rows[row]):
            found[row] = tuple(takers)[:_NAMED]
    return found


def _taken(
    whole: Whole, box: Box, before: Sequence[tuple[int, Box]], takers: dict[int, None], budget: Budget
) -> bool:
    meeting = [(row, other) for row, other in before if meet(box, other)]
    if not meeting or uncovered(within(box, whole), [other for _, other in meeting], most=1, budget=budget):
        return False
    takers.update(dict.fromkeys(row for row, _ in meeting))
    return True


def _on_one_axis(
    whole: Spans, rows: Sequence[Sequence[Box]], order: Sequence[int]
) -> Mapping[int, tuple[int, ...]]:
    """Answer for one axis, however many rows: what is taken so far is kept as sorted runs."""
    lows: list[int] = []
    highs: list[int] = []
    owners: list[int] = []
    found: dict[int, tuple[int, ...]] = {}
    for row in order:
        spans = [span for (part,) in rows[row] for span in (part if part is not None else whole)]
        takers = [_owner(lows, highs, owners, span) for span in spans]
        if spans and all(taker is not None for taker in takers):
            found[row] = tuple(dict.fromkeys(taker for taker in takers if taker is not None))[:_NAMED]
        for low, high in spans:
            _take(lows, highs, owners, low, high, row)
    return found


def _owner(lows: list[int], highs: list[int], owners: list[int], span: tuple[int, int]) -> int | None:
    at = bisect_left(lows, span[0] + 1) - 1
    return owners[at] if at >= 0 and highs[at] >= span[1] else None


def _take(lows: list[int], highs: list[int], owners: list[int], low: int, high: int, row: int) -> None:
    first = bisect_left(highs, low - 1)
    last = bisect_left(lows, high + 2)
    owner = row
    if first < last:
        low, high, owner = min(low, lows[first]), max(high, highs[last - 1]), owners[first]
    lows[first:last] = [low]
    highs[first:last] = [high]
    owners[first:last] = [owner]
