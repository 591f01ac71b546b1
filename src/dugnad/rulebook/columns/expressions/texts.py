"""Lists of texts by column: one value in a row, or gathered from rows; what is said of some or every of them."""

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import (
    any_flag,
    binary,
    both,
    certain,
    choice,
    is_null,
    is_there,
    negated,
    truth,
    when_flag,
    whole,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import logic
from dugnad.rulebook.columns.expressions.cell import Cell, Each, Kind, Several, Thing
from dugnad.rulebook.columns.expressions.lists import found, number_of, only, where
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, helps, joined
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node


@helps("texts")
def texts_of(translator: Translator, thing: Thing) -> Cell:
    """Give a list of texts as one value, also where it is gathered from rows."""
    if isinstance(thing, Cell) and thing.kind is Kind.TEXTS:
        return thing
    if isinstance(thing, Several) and all(isinstance(cell.literal, str) for cell in thing.cells):
        return Cell(Kind.TEXTS, translator.target.listed(*(cell.sql for cell in thing.cells)), sure=True)
    if not isinstance(thing, Each) or thing.cell.kind is not Kind.TEXT:
        raise NotByColumn("a list of something else than texts")
    rows, cell = thing.rows, translator.bring(thing.cell, thing.rows.frame)
    there = where(rows, is_there(cell.sql))
    gathered = exp.Filter(this=exp.ArrayAgg(this=cell.sql.copy()), expression=exp.Where(this=there))
    made = rows.owner.gather(rows.frame, gathered, translator.target.texts())
    missing = None if cell.sure else found(rows, is_null(cell.sql))
    doubt = any_flag(missing, rows.lost, cell.doubt and found(rows, cell.doubt))
    return Cell(Kind.TEXTS, made, rows.owner, doubt=doubt, sure=True)


@helps("said of texts")
def said_of_texts(
    translator: Translator, name: str, source: Cell, body: Node, scope: Scope, *, settles: bool
) -> Cell:
    """Say some or every of texts: membership in another list, or equality with one text."""
    positive = True
    while isinstance(body, nodes.Call) and isinstance(body.target, nodes.Name) and body.target.name == "not":
        body, positive = body.arguments[0], not positive
    wanted, same = _looked_for(body, name)
    positive = positive is same
    if not wanted:
        raise NotByColumn("a loop over texts that asks for more than membership")
    if len(wanted) == 1:
        other = translator.thing(wanted[0], scope)
    else:
        other = Several(tuple(translator.cell(node, scope) for node in wanted))
    if isinstance(other, Each) and source.frame in (None, other.rows.owner):
        return _of_rows(translator, source, other, some=settles, wanted=positive)
    single = isinstance(other, Cell) and other.kind is Kind.TEXT
    that = other if single and isinstance(other, Cell) else texts_of(translator, other)
    frame, (texts, among) = translator.meet(source, that)
    target = translator.target
    listed = target.listed(among.sql) if single else among.sql
    if settles is positive:
        sql = target.share(texts.sql, listed)
        sql = sql if settles else negated(sql)
    else:
        sql = target.within(texts.sql, listed)
        sql = negated(sql) if settles else sql
    empty = binary(exp.EQ, target.size(texts.sql), whole(0))
    made = choice([(empty, truth(not settles)), (both(is_there(texts.sql), is_there(among.sql)), sql)])
    return logic.boolean(
        made, frame, doubt=any_flag(joined((texts, among)), among.null), sure=texts.sure and among.sure
    )


def _of_rows(translator: Translator, source: Cell, values: Each, *, some: bool, wanted: bool) -> Cell:
    """Say some or every of texts that are, or are not, among those of a list's rows.

    The first and the last text in any order are all there are where the list has at most two rows. So nothing
    is gathered into lists, which is slow; where more rows leave it open, the evaluator tells.
    """
    rows, target = values.rows, translator.target
    cell = translator.bring(values.cell, rows.frame)
    if cell.kind is not Kind.TEXT:
        raise NotByColumn("texts are looked for among something else")
    taken = only(rows, cell.sql, "TEXT")
    ends = [rows.owner.gather(rows.frame, how(this=taken), None) for how in (exp.Min, exp.Max)]
    number = number_of(rows)
    among = target.listed(*ends)
    test = target.share if wanted is some else target.within
    found_there = choice([(binary(exp.EQ, number, whole(0)), truth(False))], test(source.sql, among))
    outcome = found_there if wanted else negated(found_there)
    size = target.size(source.sql)
    made = choice([(binary(exp.EQ, size, whole(0)), truth(not some)), (is_there(source.sql), outcome)])
    unknown = None if cell.sure else found(rows, is_null(cell.sql))
    more = both(binary(exp.GT, number, whole(2)), negated(certain(found_there)))
    nonempty = certain(binary(exp.GT, size, whole(0)))
    open_still = when_flag(nonempty, any_flag(rows.lost, unknown, more))
    doubt = any_flag(open_still, source.doubt, cell.doubt and found(rows, cell.doubt))
    return logic.boolean(made, rows.owner, doubt=doubt, sure=source.sure)


def _looked_for(body: Node, name: str) -> tuple[tuple[Node, ...], bool]:
    """Give what a text is to be among, and whether it is to be; nothing where more is asked."""
    if isinstance(body, nodes.In) and _is_name(body.operand, name):
        return body.tests, True
    if isinstance(body, nodes.Compare) and body.op in ("=", "!="):
        for one, other in ((body.left, body.right), (body.right, body.left)):
            if _is_name(one, name):
                return (other,), body.op == "="
    return (), True


def _is_name(node: Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
