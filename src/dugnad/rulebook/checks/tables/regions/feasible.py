"""Whether a region can occur, given how small and how great the names in the cells can be."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from dugnad.rulebook.checks.tables.regions.axis import Axis, Ordered, Related, between, point
from dugnad.rulebook.checks.tables.regions.boxes import Whole
from dugnad.rulebook.checks.tables.regions.spans import Spans, holds
from dugnad.rulebook.feel.values import Value

Bounds: TypeAlias = tuple[Value, Value]
"""The least and the greatest value, both included; None where there is no end."""
Relation: TypeAlias = tuple[Related, Spans, Bounds]
BELOW, EQUAL, ABOVE = 0, 1, 2


def can_be(axes: Sequence[Axis], where: Whole, bounds: Callable[[str], Bounds]) -> bool:
    """Tell whether some input lies there for some values of the names in the cells."""
    by_column: dict[int, list[int]] = {}
    for at, axis in enumerate(axes):
        by_column.setdefault(axis.column, []).append(at)
    return all(_column_can_be(axes, where, places, bounds) for places in by_column.values())


def _column_can_be(
    axes: Sequence[Axis], where: Whole, places: Sequence[int], bounds: Callable[[str], Bounds]
) -> bool:
    first = axes[places[0]]
    relations: list[Relation] = []
    for at in places[1:]:
        axis = axes[at]
        if isinstance(axis, Related) and axis.ordered and where[at] != axis.everything:
            limits = bounds(axis.other)
            if limits != (None, None):
                relations.append((axis, where[at], limits))
    if not relations or (first.null is not None and holds(where[places[0]], first.null)):
        return True
    try:
        return any(
            _inside(first, where[places[0]], value) and all(_stands(value, one) for one in relations)
            for value in _candidates(first, relations)
        )
    except TypeError:
        return True


def _inside(axis: Axis, spans: Spans, value: Value) -> bool:
    if not isinstance(axis, Ordered):
        return True
    region = axis.region(value)
    return region is not None and holds(spans, region)


def _stands(value: Value, relation: Relation) -> bool:
    """Tell whether the name can be such that the value stands to it in one of these ways."""
    _, spans, (least, most) = relation
    wanted = point(value)
    below = most is None or wanted < point(most)
    above = least is None or wanted > point(least)
    equal = (least is None or wanted >= point(least)) and (most is None or wanted <= point(most))
    return any(
        possible and holds(spans, region)
        for region, possible in ((BELOW, below), (EQUAL, equal), (ABOVE, above))
    )


def _candidates(axis: Axis, relations: Sequence[Relation]) -> Iterator[Value]:
    """Give a value at every limit and one between each two."""
    limits = {point(value): value for value in (axis.values if isinstance(axis, Ordered) else ())}
    for _, _, pair in relations:
        limits.update({point(value): value for value in pair if value is not None})
    ordered = [limits[one] for one in sorted(limits)]
    by_one = isinstance(axis, Ordered) and axis.by_one
    for low, high in zip([None, *ordered], [*ordered, None], strict=True):
        yield between(low, high, by_one=by_one)
        if high is not None:
            yield high
