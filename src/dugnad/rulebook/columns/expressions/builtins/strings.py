"""The built-in functions of texts; positions count characters, as in FEEL."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    binary,
    both,
    call,
    certain,
    choice,
    either,
    negated,
    text,
    whole,
)
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import logic
from dugnad.rulebook.columns.expressions.cell import Cell, Kind
from dugnad.rulebook.columns.expressions.translator import Translator, joined
from dugnad.rulebook.columns.plan.frames import Frame

LONGEST_TEXT = 1_000_000
"""What FEEL itself allows."""
SMALL = "abcdefghijklmnopqrstuvwxyzæøåáčđŋšŧžäöüéèêëàâçñóòôõíìîïúùûý"
"""Letters of Norwegian, Sámi and the neighbours that have one capital each; databases do not agree on all others."""
PLAIN = SMALL + SMALL.upper() + "0123456789 .,:;-_/+&()!?#%*=@"
Function = Callable[[Translator, Sequence[Cell]], Cell]


def _texts(translator: Translator, cells: Sequence[Cell]) -> tuple[list[Cell], Frame | None, Flag, bool]:
    frame, met = translator.meet(*cells)
    if any(cell.kind is not Kind.TEXT for cell in met):
        raise NotByColumn("a text is wanted")
    doubt = any_flag(joined(met), *(cell.null for cell in met))
    return met, frame, doubt, all(cell.sure for cell in met)


def _tested(how: Callable[[Sql, Sql], Sql]) -> Function:
    def run(translator: Translator, cells: Sequence[Cell]) -> Cell:
        (whole_text, part), frame, doubt, sure = _texts(translator, cells)
        return logic.boolean(how(whole_text.sql, part.sql), frame, doubt=doubt, sure=sure)

    return run


def _starts(whole_text: Sql, part: Sql) -> Sql:
    return binary(exp.EQ, exp.Left(this=whole_text.copy(), expression=_size(part)), part)


def _ends(whole_text: Sql, part: Sql) -> Sql:
    return binary(exp.EQ, exp.Right(this=whole_text.copy(), expression=_size(part)), part)


def _contains(whole_text: Sql, part: Sql) -> Sql:
    """Tell whether a text is in another; the empty one is in all, which databases do not all say."""
    known = binary(exp.GTE, _size(whole_text), whole(0))
    return either(both(_is_empty(part), known), binary(exp.GT, _place(whole_text, part), whole(0)))


def _is_empty(sql: Sql) -> Sql:
    return binary(exp.EQ, sql, text(""))


def _place(whole_text: Sql, part: Sql) -> Sql:
    return exp.StrPosition(this=whole_text.copy(), substr=part.copy())


def _size(sql: Sql) -> Sql:
    return exp.cast(exp.Length(this=sql.copy()), "INT")


def _length(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,), frame, doubt, sure = _texts(translator, cells)
    number = translator.numbers.column(exp.cast(_size(cell.sql), "BIGINT"), 0, LONGEST_TEXT)
    return translator.number(Kind.NUMBER, number, frame, sure=sure, doubt=doubt)


def _substring(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,), frame, doubt, sure = _texts(translator, cells[:1])
    places = [one.literal for one in cells[1:]]
    if any(place is None or place != int(place) for place in places):
        raise NotByColumn("substring() from a place, or of a length, that is not written out")
    start, length = int(places[0]), int(places[1]) if places[1:] else None
    if not start or (length is not None and length < 1):
        raise NotByColumn("substring() from no place, or of no length")
    source, begin = cell.sql.copy(), start
    if start < 0:
        source, begin = exp.Right(this=source, expression=exp.Literal.number(-start)), 1
    made: Sql = source
    if begin > 1 or length is not None:
        size = None if length is None else exp.Literal.number(length)
        made = exp.Substring(this=source, start=exp.Literal.number(begin), length=size)
    outside = binary(exp.LT, _size(cell.sql), whole(abs(start)))
    return Cell(Kind.TEXT, made, frame, doubt=any_flag(doubt, certain(outside)), sure=sure)


def _parted(*, after: bool) -> Function:
    """Give what stands before, or after, the first match."""

    def run(translator: Translator, cells: Sequence[Cell]) -> Cell:
        (whole_text, part), frame, doubt, sure = _texts(translator, cells)
        source, place = whole_text.sql, _place(whole_text.sql, part.sql)
        begin: Sql = exp.cast(place, "INT")
        if after:
            rest: Sql = exp.Substring(
                this=source.copy(), start=exp.Add(this=begin, expression=_size(part.sql))
            )
        else:
            one = exp.Sub(this=begin, expression=exp.Literal.number(1))
            rest = exp.Left(this=source.copy(), expression=one)
        empty, none = _is_empty(part.sql), binary(exp.EQ, place, whole(0))
        known = both(*(cell.known for cell in (whole_text, part) if not cell.sure))
        found = choice([(empty, source if after else text("")), (none, text(""))], rest)
        return Cell(Kind.TEXT, choice([(known, found)]), frame, doubt=doubt, sure=sure)

    return run


def _cased(source: str, wanted: str) -> Function:
    """Turn the letters that all databases and FEEL turn alike; texts with others go to the exact evaluator."""

    def run(translator: Translator, cells: Sequence[Cell]) -> Cell:
        (cell,), frame, doubt, sure = _texts(translator, cells)
        made = call("TRANSLATE", cell.sql, text(source), text(wanted))
        others = call("TRANSLATE", cell.sql, text(PLAIN), text(""))
        strange = certain(negated(_is_empty(others)))
        return Cell(Kind.TEXT, made, frame, doubt=any_flag(doubt, strange), sure=sure)

    return run


FUNCTIONS: dict[str, Function] = {
    "starts with": _tested(_starts),
    "ends with": _tested(_ends),
    "contains": _tested(_contains),
    "string length": _length,
    "substring": _substring,
    "substring before": _parted(after=False),
    "substring after": _parted(after=True),
    "upper case": _cased(SMALL, SMALL.upper()),
    "lower case": _cased(SMALL.upper(), SMALL),
}
