"""Loops, choices and single entries: what is asked of a list's rows one by one, and a list's rows by their place."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import (
    Sql,
    any_flag,
    binary,
    both,
    certain,
    choice,
    is_null,
    negated,
    truth,
    when_flag,
    whole,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import lists, logic
from dugnad.rulebook.columns.expressions.cell import Cell, Each, Kind, Ordered, Picked, Rows, Several, Thing
from dugnad.rulebook.columns.expressions.lists import entered, found, quantified, where
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, helps, translates
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node

MOST_TURNS = 31
"""Turns of a loop over written values: each becomes a part of the statement."""


@dataclass(frozen=True, slots=True)
class _Turns:
    """The rows a loop runs over, and the scope of one turn."""

    rows: Rows
    inner: Scope


def _turns(translator: Translator, name: str, source: Thing, scope: Scope, what: str) -> _Turns:
    """Bind a name to the entry, or the value, of each row of a list."""
    if isinstance(source, Rows):
        rows = entered(translator, source, scope.frame)
        return _Turns(rows, scope.bound(name, translator.lists.entry(rows), rows.frame))
    if isinstance(source, Each):
        rows = entered(translator, source.rows, scope.frame)
        value = translator.bring(source.cell, rows.frame)
        # The list is worked out whole before the first turn: each of its errors counts.
        rows.frame.doubt(when_flag(rows.taken or truth(True), value.doubt))
        return _Turns(rows, scope.bound(name or "item", value.doubted(None), rows.frame))
    raise NotByColumn(f"{what} over something that is no list of persons, nor of their values")


def _written(translator: Translator, node: Node, scope: Scope) -> Thing:
    """Give what a loop runs over; numbers or days from … to are written out."""
    if not isinstance(node, nodes.Span):
        source = translator.thing(node, scope)
        return _settled(translator, source) if isinstance(source, Several) else source
    low, high = (translator.cell(end, scope).literal for end in (node.low, node.high))
    if type(low) is not type(high) or type(low) not in (Decimal, date):
        raise NotByColumn("a loop whose ends are not written out")
    length = int((high - low).days if isinstance(low, date) else high - low)
    if abs(length) >= MOST_TURNS or (isinstance(low, Decimal) and (low % 1 or high % 1)):
        raise NotByColumn(f"a loop of more than {MOST_TURNS} turns, or not over whole numbers")
    steps = range(0, length + (1 if length >= 0 else -1), 1 if length >= 0 else -1)
    made = (low + (timedelta(step) if isinstance(low, date) else Decimal(step)) for step in steps)
    return Several(tuple(translator.literal(value) for value in made))


def _settled(translator: Translator, source: Several) -> Several:
    """Note the errors of a written list: it is worked out whole before the first turn."""
    for cell in source.cells:
        (cell.frame or translator.plan.main).doubt(cell.doubt)
    return Several(tuple(cell.doubted(None) for cell in source.cells))


@translates(nodes.Quantified)
def _quantified(translator: Translator, node: nodes.Quantified, scope: Scope) -> Thing:
    return _said(translator, node, scope, nested=False)


def _said(translator: Translator, node: nodes.Quantified, scope: Scope, *, nested: bool) -> Cell:
    """Say some or every, over the first of the lists, of what is said over the others."""
    settles = node.kind == "some"
    first, *others = node.iterations
    source = _written(translator, first.source, scope)

    def body(inner: Scope) -> Cell:
        if not others:
            return translator.cell(node.body, inner)
        return _said(translator, replace(node, iterations=tuple(others)), inner, nested=True)

    if isinstance(source, Cell) and source.kind is Kind.TEXTS:
        if others or nested:
            raise NotByColumn("a loop over texts within another loop")
        return translator.helper("said of texts")(
            translator, first.name, source, node.body, scope, settles=settles
        )
    if isinstance(source, Several):
        turns = [body(scope.bound(first.name, cell, scope.frame)) for cell in source.cells]
        return logic.connected(translator, settles, turns)
    listed = source.rows if isinstance(source, Each) else source
    if nested and isinstance(listed, Rows) and listed.owner is not translator.plan.main:
        # A list that only some turns do not know ends the exact evaluator's loop, whatever the others say.
        listed.owner.doubt(listed.lost)
    made = _turns(translator, first.name, source, scope, "“some” and “every”")
    return quantified(translator, made.rows, body(made.inner), settles=settles)


@translates(nodes.For)
def _for(translator: Translator, node: nodes.For, scope: Scope) -> Thing:
    if len(node.iterations) != 1:
        raise NotByColumn("a loop over several lists")
    (iteration,) = node.iterations
    source = _written(translator, iteration.source, scope)
    if isinstance(source, Several):
        inner = (scope.bound(iteration.name, cell, scope.frame) for cell in source.cells)
        return Several(tuple(translator.cell(node.body, one) for one in inner))
    made = _turns(translator, iteration.name, source, scope, "a loop")
    return Each(made.rows, translator.bring(translator.cell(node.body, made.inner), made.rows.frame))


@translates(nodes.Filter)
def _filter(translator: Translator, node: nodes.Filter, scope: Scope) -> Thing:
    base = translator.thing(node.base, scope)
    place = _place(node.condition)
    if place is not None:
        return _at(translator, base, place, scope)
    made = _turns(translator, "", base, scope, "a choice")
    seen = made.rows
    holds = translator.bring(translator.cell(node.condition, made.inner), seen.frame)
    if holds.kind is not Kind.BOOLEAN:
        raise NotByColumn(f"entries are chosen by a {holds.kind.value}")
    seen.frame.doubt(when_flag(seen.taken or truth(True), any_flag(holds.doubt, holds.null)))
    # Where a condition is unknown, so is the list: who then belongs to it does not matter.
    keep = where(seen, certain(holds.sql))
    lost, gaps = seen.lost, seen.gaps
    if not holds.sure:
        gaps = (*gaps, (seen.frame, where(seen, is_null(holds.sql))))
        lost = any_flag(lost, found(seen, is_null(holds.sql)))
    defined = seen.frame.define(keep)
    chosen = replace(seen, keep=defined, lost=lost and seen.owner.define(lost), gaps=gaps)
    return Each(chosen, translator.bring(base.cell, seen.frame)) if isinstance(base, Each) else chosen


def _place(node: Node) -> int | None:
    """Give the place an entry is asked for by, where it is a written number."""
    if isinstance(node, nodes.Negate):
        found_place = _place(node.operand)
        return None if found_place is None else -found_place
    if not isinstance(node, nodes.Literal) or not isinstance(node.value, Decimal):
        return None
    if node.value % 1 or not node.value:
        raise NotByColumn("an entry is asked for by a number that is no place")
    return int(node.value)


def _at(translator: Translator, base: Thing, place: int, scope: Scope) -> Thing:
    """Give one entry or value by its place: 1 is the first, -1 the last."""
    if isinstance(base, Several):
        if abs(place) > len(base.cells):
            raise NotByColumn("an entry beyond the end of the list")
        return base.cells[place - 1 if place > 0 else place]
    if isinstance(base, Ordered):
        if abs(place) != 1:
            raise NotByColumn("an entry of a sorted list that is neither the first nor the last")
        return lists.end_of(translator, base, exp.Min if place > 0 else exp.Max)
    listed = base.rows if isinstance(base, Each) else base
    if not isinstance(listed, Rows):
        raise NotByColumn("an entry is asked for by its number in something that is no list of persons")
    rows = entered(translator, listed, scope.frame)
    picked = Picked(rows, _here(rows, place))
    if isinstance(base, Each):
        value = translator.bring(base.cell, rows.frame)
        rows.frame.doubt(when_flag(rows.taken or truth(True), value.doubt))
        return picked_value(translator, picked, value.doubted(None))
    return picked


def _here(rows: Rows, place: int) -> Sql:
    """Tell, of a row, whether it is the one at this place."""
    if rows.origin.relation is None:
        raise NotByColumn("an entry of the results is asked for by its number")
    position = rows.frame.pull(rows.origin.base("p")).read()
    if place > 0 and rows.keep is None and rows.frame.keep is None:
        return binary(exp.EQ, position, whole(place))
    if abs(place) != 1:
        raise NotByColumn("an entry of a chosen list that is neither the first nor the last")
    how = exp.Min if place > 0 else exp.Max
    end = rows.owner.gather(rows.frame, how(this=lists.only(rows, position, "INT")), None)
    brought = rows.frame.pull(rows.frame.plan.columns[end.name]).read()
    return where(rows, certain(binary(exp.EQ, position, brought)))


@helps("picked")
def picked_value(translator: Translator, picked: Picked, cell: Cell) -> Cell:
    """Read a value of one entry; where there is no such entry only the exact evaluator tells."""
    rows, here = picked.rows, picked.here
    missing = negated(found(rows, here) or truth(False))
    only = replace(rows, keep=where(rows, here), lost=None)
    if cell.kind is Kind.BOOLEAN:
        hit, unclear = (found(only, flag) for flag in (certain(cell.sql), is_null(cell.sql)))
        made = choice([(unclear or truth(False), exp.Null())], hit or truth(False))
        value = logic.boolean(made, rows.owner)
    else:
        value = lists.gathered(translator, only, cell, exp.Max)
    null = found(only, cell.null)
    doubt = any_flag(
        found(only, cell.doubt), missing if rows.lost is None else both(negated(rows.lost), missing)
    )
    value = replace(value, null=null, doubt=doubt, sure=False)
    if rows.lost is None:
        return value
    return translator.choose([(negated(rows.lost), value)], None, rows.owner)
