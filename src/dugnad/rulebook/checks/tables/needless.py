"""Rows that could be taken out and nothing would change, because another row says the same of all they match."""

from collections.abc import Callable, Mapping, Sequence

from dugnad.rulebook.checks.tables.regions.boxes import Box, Budget, Whole, meet, within
from dugnad.rulebook.checks.tables.regions.nearby import Nearby
from dugnad.rulebook.checks.tables.regions.spans import without
from dugnad.rulebook.tables import HitPolicy

Rows = Sequence[Sequence[Box]]
Alike = Callable[[int, int], bool]
"""Whether two rows say the same: outputs, section of law and all."""


def needless_rows(
    policy: HitPolicy, whole: Whole, rows: Rows, alike: Alike, budget: Budget
) -> Mapping[int, int]:
    """Return rows that change nothing, each with the row that says the same.

    Of an A table any other row may say it, of an F table a later one with nothing different in between. Raises
    TooMuchError.
    """
    if policy is HitPolicy.ANY:
        return _of_any(whole, rows, alike, budget)
    return _of_first(whole, rows, alike, budget) if policy is HitPolicy.FIRST else {}


def _of_any(whole: Whole, rows: Rows, alike: Alike, budget: Budget) -> Mapping[int, int]:
    found: dict[int, int] = {}
    near = Nearby(whole, rows)
    for row in range(len(rows)):
        for other in near.of(row):
            budget.spend(1)
            if other not in found and alike(row, other) and covers(whole, rows[other], rows[row]):
                found[row] = other
                break
    return found


def _of_first(whole: Whole, rows: Rows, alike: Alike, budget: Budget) -> Mapping[int, int]:
    found: dict[int, int] = {}
    near = Nearby(whole, rows)
    for row in range(len(rows)):
        for later in near.of(row, after=row):
            budget.spend(1)
            if not alike(row, later):
                if any(meet(a, b) for a in rows[row] for b in rows[later]):
                    break
            elif covers(whole, rows[later], rows[row]):
                found[row] = later
                break
    return found


def covers(whole: Whole, wide: Sequence[Box], narrow: Sequence[Box]) -> bool:
    """Tell whether each box of one row lies within a box of the other. A row without boxes is not covered."""
    return bool(narrow) and all(any(_inside(whole, box, other) for other in wide) for box in narrow)


def _inside(whole: Whole, box: Box, other: Box) -> bool:
    pairs = zip(within(box, whole), within(other, whole), strict=True)
    return all(not without(mine, theirs) for mine, theirs in pairs)
