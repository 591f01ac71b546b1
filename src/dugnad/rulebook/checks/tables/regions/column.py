"""A column of a table as axes, and each of its cells as boxes over them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from dugnad.rulebook.checks.tables.regions.axis import (
    Axis,
    Domain,
    Holds,
    Listed,
    Ordered,
    Related,
    listed,
    ordered,
)
from dugnad.rulebook.checks.tables.regions.spans import Spans, common, joined, without
from dugnad.rulebook.checks.tables.regions.tests import (
    AllOf,
    AnyOf,
    AsWritten,
    Formula,
    NoneOf,
    WithConstant,
    WithName,
    as_written,
    constants,
    names,
)
from dugnad.rulebook.feel.values import Value, kind_of

MOST_BOXES = 64
"""Alternatives in one cell; beyond it the column is not judged."""
First: TypeAlias = Listed | Ordered
"""The axis of the constants."""
_ORDERS = ("<", "<=", ">", ">=")
_LISTED_KINDS = ("string", "boolean")
CellBox = Mapping[int, Spans]
"""By the number of an axis within the column: the regions in which one way of matching holds."""


class UnjudgedError(Exception):
    """Why a table cannot be judged, in words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's axes and what each cell covers. The first axis is that of the constants."""

    label: str
    axes: tuple[Axis, ...]
    cells: tuple[tuple[CellBox, ...], ...]


def make_column(
    label: str, number: int, cells: Sequence[Formula], domain: Domain, allowed: Formula | None
) -> Column:
    """Cut a column into regions. Raises UnjudgedError where its cells compare different things."""
    every = (*cells, allowed) if allowed is not None else tuple(cells)
    asked = [one for cell in every for one in constants(cell)]
    values = list(dict.fromkeys(one.value for one in asked if one.value is not None))
    kinds = {kind_of(value) for value in values}
    if len(kinds) > 1:
        raise UnjudgedError(f"the cells under '{label}' compare it with both {' and '.join(sorted(kinds))}")
    null = domain.nullable or any(one.value is None for one in asked)
    is_ordered = any(one.op in _ORDERS for one in asked) or not kinds <= set(_LISTED_KINDS)
    first: First
    if is_ordered and domain.values is None and kinds:
        try:
            first = ordered(label, number, _guessed(domain, values), values, null=null)
        except TypeError:
            raise UnjudgedError(f"the times under '{label}' have a zone and have none") from None
    else:
        first = listed(label, number, domain, values, null=null)
    made = _Maker(first, _others(label, number, every))
    if allowed is not None:
        made.narrow(allowed)
    boxes = {cell: made.boxes(cell) for cell in dict.fromkeys(cells)}
    return Column(label, tuple(made.axes), tuple(boxes[cell] for cell in cells))


def _guessed(domain: Domain, values: Sequence[Value]) -> Domain:
    """Take a number without unit that is only compared with whole numbers for a count."""
    whole = domain.whole or (
        not domain.unit
        and all(kind_of(value) == "number" and value == value.to_integral_value() for value in values)
    )
    return Domain(domain.kind, whole, domain.low, domain.high, domain.values, domain.nullable, domain.unit)


def _others(label: str, number: int, cells: Sequence[Formula]) -> dict[Formula | str, Axis]:
    """Make the axes of names and of tests that cannot be taken apart."""
    found: dict[Formula | str, Axis] = {}
    in_order = {one.text for cell in cells for one in names(cell) if one.op in _ORDERS}
    for cell in cells:
        for name in names(cell):
            is_ordered = name.text in in_order
            whole = ((0, 2),) if is_ordered else ((0, 1),)
            found.setdefault(name.text, Related(label, number, whole, None, name.text, is_ordered))
        for test in as_written(cell):
            found.setdefault(test, Holds(label, number, ((0, 1),), None, test.text))
    return found


class _Maker:
    """Turns formulas over one column into boxes."""

    def __init__(self, first: First, others: Mapping[Formula | str, Axis]) -> None:
        self.first = first
        self.axes: list[Axis] = [first, *others.values()]
        self.number = {key: at for at, key in enumerate(others, 1)}

    def narrow(self, allowed: Formula) -> None:
        """Leave out the regions that the table says cannot occur."""
        boxes = self.boxes(allowed)
        if all(set(box) <= {0} for box in boxes):
            whole = self.first.everything
            self.first = replace(self.first, everything=joined(s for box in boxes for s in box.get(0, whole)))
            self.axes[0] = self.first

    def boxes(self, formula: Formula) -> tuple[CellBox, ...]:
        """Return the ways in which a formula holds, as boxes that may overlap; one empty box: always."""
        return tuple(self._merged(self._true(formula)))

    def _true(self, formula: Formula) -> list[CellBox]:
        if isinstance(formula, WithConstant):
            return [{0: self._constant(formula)}]
        if isinstance(formula, WithName):
            at = self.number[formula.text]
            axis = self.axes[at]
            regions = axis.stands(formula.op) if isinstance(axis, Related) else ()
            here = {} if self.first.null is None else {0: self.first.present}
            return [{**here, at: regions}]
        if isinstance(formula, AsWritten):
            return [{self.number[formula]: ((1, 1),)}]
        if isinstance(formula, AnyOf):
            return self._few([box for part in formula.parts for box in self._true(part)])
        if isinstance(formula, NoneOf):
            return self._none(formula)
        made: list[CellBox] = [{}]
        for part in formula.parts:
            made = self._crossed(made, self._true(part))
        return made

    def _constant(self, test: WithConstant) -> Spans:
        first = self.first
        if test.value is None:
            null = () if first.null is None else ((first.null, first.null),)
            return null if test.op == "=" else first.present if test.op == "!=" else ()
        found = common(first.where(test.op, test.value), first.present)
        if test.op == "!=" and first.null is not None:
            return joined((*found, (first.null, first.null)))
        return found

    def _none(self, formula: NoneOf) -> list[CellBox]:
        """Turn `not(…)` into boxes. A missing value compared by more or less is an error, and matches nothing."""
        made: list[CellBox] = [{}]
        if any(_in_order(part) for part in formula.parts):
            made = [{0: self.first.present}]
        for part in formula.parts:
            for box in self._true(part):
                outside = [{at: without(self.axes[at].everything, spans)} for at, spans in box.items()]
                made = self._crossed(made, outside)
        return made

    def _crossed(self, left: list[CellBox], right: Sequence[CellBox]) -> list[CellBox]:
        return self._few([both for a in left for b in right if (both := _both(a, b)) is not None])

    def _few(self, boxes: list[CellBox]) -> list[CellBox]:
        merged = list(self._merged(boxes))
        if len(merged) > MOST_BOXES:
            raise UnjudgedError(f"a cell under '{self.axes[0].label}' has too many alternatives")
        return merged

    def _merged(self, boxes: Sequence[CellBox]) -> Iterator[CellBox]:
        """Join boxes that speak of one axis only, and leave out empty ones."""
        single: dict[int, list[tuple[int, int]]] = {}
        for box in boxes:
            if any(not spans for spans in box.values()):
                continue
            if len(box) == 1:
                ((at, spans),) = box.items()
                single.setdefault(at, []).extend(spans)
            else:
                yield box
        for at, runs in single.items():
            together = joined(runs)
            yield {} if together == self.axes[at].everything else {at: together}


def _in_order(formula: Formula) -> bool:
    if isinstance(formula, WithConstant | WithName):
        return formula.op in _ORDERS
    return isinstance(formula, AllOf | AnyOf | NoneOf) and any(map(_in_order, formula.parts))


def _both(left: CellBox, right: CellBox) -> CellBox | None:
    made = dict(left)
    for at, spans in right.items():
        made[at] = common(made[at], spans) if at in made else spans
        if not made[at]:
            return None
    return made
