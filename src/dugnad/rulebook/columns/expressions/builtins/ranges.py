"""The built-in functions that compare ranges and points: `before`, `overlaps`, `includes` and their kin (DMN 1.5, table 78).

Unknown where any end is; a range without an end, or one that ends before it begins, goes to the exact evaluator.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    both,
    certain,
    choice,
    either,
    negated,
    truth,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import logic
from dugnad.rulebook.columns.expressions.cell import Cell
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, joined
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node


@dataclass(frozen=True, slots=True)
class _Interval:
    """The two ends, and whether they belong to it; `point`: it is one value and no range."""

    low: Cell
    high: Cell
    from_low: bool = True
    to_high: bool = True
    point: bool = False


class _Ends:
    """Compares ends of two intervals; gathers what may be wrong on the way."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.doubts: list[Flag] = []

    def compared(self, op: str, left: Cell, right: Cell) -> Sql:
        """Compare two ends; gives the condition."""
        made = logic.compared(self.translator, op, left, right)
        self.doubts.append(made.doubt)
        return made.sql

    def less(self, left: Cell, right: Cell) -> Sql:
        """Tell whether one end lies before another."""
        return self.compared("<", left, right)

    def same(self, left: Cell, right: Cell) -> Sql:
        """Tell whether two ends are one point."""
        return self.compared("=", left, right)


Test = Callable[[_Ends, _Interval, _Interval], Sql]


def called(translator: Translator, name: str, arguments: Sequence[Node], scope: Scope) -> Cell:
    """Apply one of these functions to ranges written in the call, or to points."""
    one, other = (_interval(translator, node, scope) for node in arguments)
    frame, met = translator.meet(one.low, one.high, other.low, other.high)
    first = _Interval(met[0], met[1], one.from_low, one.to_high, one.point)
    second = _Interval(met[2], met[3], other.from_low, other.to_high, other.point)
    ends = _Ends(translator)
    turned = [certain(ends.less(part.high, part.low)) for part in (first, second) if not part.point]
    made = TESTS[name](ends, first, second)
    known = both(*(cell.known for cell in met if not cell.sure))
    doubt = any_flag(joined(met), *(cell.null for cell in met), *turned, *ends.doubts)
    return logic.boolean(choice([(known, made)]), frame, doubt=doubt, sure=all(cell.sure for cell in met))


def _interval(translator: Translator, node: Node, scope: Scope) -> _Interval:
    if isinstance(node, nodes.RangeOf):
        low, high = translator.cell(node.low, scope), translator.cell(node.high, scope)
        made = _Interval(low, high, node.low_included, node.high_included)
    else:
        cell = translator.cell(node, scope)
        made = _Interval(cell, cell, point=True)
    if any(end.kind not in logic.ORDERED for end in (made.low, made.high)):
        raise NotByColumn("a range of something that has no order, or without an end")
    if made.low.kind is not made.high.kind:
        raise NotByColumn(f"a range from a {made.low.kind.value} to a {made.high.kind.value}")
    return made


def _before(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    less = ends.less(a.high, b.low)
    return less if a.to_high and b.from_low else either(less, ends.same(a.high, b.low))


def _meets(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    return ends.same(a.high, b.low) if a.to_high and b.from_low else truth(False)


def _overlaps(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    return both(negated(_before(ends, a, b)), negated(_before(ends, b, a)))


def _starts_first(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    less = ends.less(a.low, b.low)
    return either(less, ends.same(a.low, b.low)) if a.from_low and not b.from_low else less


def _ends_first(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    less = ends.less(a.high, b.high)
    return either(less, ends.same(a.high, b.high)) if b.to_high and not a.to_high else less


def _same_start(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    return ends.same(a.low, b.low) if a.from_low == b.from_low else truth(False)


def _same_end(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    return ends.same(a.high, b.high) if a.to_high == b.to_high else truth(False)


def _overlaps_before(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    last = either(_ends_first(ends, a, b), _same_end(ends, a, b))
    return both(_starts_first(ends, a, b), _overlaps(ends, a, b), last)


def _overlaps_after(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    return _overlaps_before(ends, b, a)


def _includes(ends: _Ends, outer: _Interval, inner: _Interval) -> Sql:
    return both(negated(_starts_first(ends, inner, outer)), negated(_ends_first(ends, outer, inner)))


def _starts(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    if a.point:
        return ends.same(a.low, b.low) if b.from_low else truth(False)
    return both(_same_start(ends, a, b), negated(_ends_first(ends, b, a)))


def _finishes(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    if a.point:
        return ends.same(a.low, b.high) if b.to_high else truth(False)
    return both(_same_end(ends, a, b), negated(_starts_first(ends, a, b)))


def _coincides(ends: _Ends, a: _Interval, b: _Interval) -> Sql:
    return both(_same_start(ends, a, b), _same_end(ends, a, b))


def _turned(test: Test) -> Test:
    return lambda ends, a, b: test(ends, b, a)


TESTS: dict[str, Test] = {
    "before": _before,
    "after": _turned(_before),
    "meets": _meets,
    "met by": _turned(_meets),
    "overlaps": _overlaps,
    "overlaps before": _overlaps_before,
    "overlaps after": _overlaps_after,
    "includes": _includes,
    "during": _turned(_includes),
    "starts": _starts,
    "started by": _turned(_starts),
    "finishes": _finishes,
    "finished by": _turned(_finishes),
    "coincides": _coincides,
}
