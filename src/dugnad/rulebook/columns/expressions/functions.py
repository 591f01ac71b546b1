"""The built-in functions that mean the same in a column."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from dugnad.rulebook.columns.cells.number import Number
from dugnad.rulebook.columns.cells.sql import Flag, Sql, any_flag, binary, certain, choice, text, whole
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import dates, lists, logic, values
from dugnad.rulebook.columns.expressions.cell import Cell, Kind, Thing
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, joined, translates
from dugnad.rulebook.columns.plan.frames import Frame
from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.grammar import nodes

WAYS = {
    "floor": "floor",
    "ceiling": "ceiling",
    "decimal": "half even",
    "round up": "up",
    "round down": "down",
    "round half up": "half up",
    "round half down": "half down",
}
LONGEST_TEXT = 10_000
MOST_PLACES = 9
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Function = Callable[[Translator, Sequence[Cell]], Cell]


@translates(nodes.Call)
def _call(translator: Translator, node: nodes.Call, scope: Scope) -> Thing:
    target = node.target
    if not isinstance(target, nodes.Name) or target.declared or target.name not in REGISTRY:
        raise NotByColumn("a function that is no built-in one")
    name, arguments = target.name, _ordered(node)
    if name in lists.FUNCTIONS:
        things = [translator.thing(argument, scope) for argument in arguments]
        if any(not isinstance(thing, Cell) or thing.kind is Kind.TEXTS for thing in things):
            return lists.FUNCTIONS[name](translator, things, scope)
        cells = [thing for thing in things if isinstance(thing, Cell)]
        return lists.of_arguments(translator, name, cells, scope)
    function = FUNCTIONS.get(name)
    if function is None:
        raise NotByColumn(f"{name}() has no equal in SQL")
    return function(translator, [translator.cell(argument, scope) for argument in arguments])


def _ordered(node: nodes.Call) -> Sequence[nodes.Node]:
    """Give the arguments by position, also where they are named."""
    if not node.named:
        return node.arguments
    name = node.target.name if isinstance(node.target, nodes.Name) else ""
    given = dict(zip(node.named, node.arguments, strict=True))
    for signature in REGISTRY[name]:
        if signature.has(given):
            order = [parameter.name for parameter in signature.parameters if parameter.name in given]
            return [given[key] for key in order]
    raise NotByColumn(f"{name}() with these names")


def _not(_translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,) = cells
    if cell.kind is not Kind.BOOLEAN:
        raise NotByColumn(f"not() of a {cell.kind.value}")
    return logic.opposite(cell)


def _rounding(way: str) -> Function:
    def run(translator: Translator, cells: Sequence[Cell]) -> Cell:
        places = cells[1].literal if len(cells) > 1 else 0
        if cells[0].kind is not Kind.NUMBER or places is None or abs(places) > MOST_PLACES:
            raise NotByColumn("a rounding to a number of places that is not written out")
        return rounded(translator, cells[0], int(places), way)

    return run


def rounded(translator: Translator, cell: Cell, places: int, way: str) -> Cell:
    """Round a number; rows where FEEL's own rounding lies on the edge are in doubt."""
    if cell.number is None:
        raise NotByColumn(f"a {cell.kind.value} is rounded")
    made, edge = translator.numbers.round(cell.number, places, way)
    doubt = any_flag(cell.doubt, cell.null, edge)
    return translator.number(Kind.NUMBER, made, cell.frame, sure=cell.sure, doubt=doubt)


def _absolute(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,) = cells
    if cell.kind is not Kind.NUMBER:
        raise NotByColumn(f"abs() of a {cell.kind.value}")
    less = logic.compared(translator, "<", cell, translator.literal_number(0))
    more = logic.opposite(less)
    minus = translator.numbers.negative(_number(cell))
    turned = translator.number(cell.kind, minus, cell.frame, sure=cell.sure)
    made = translator.choose([(less.sql, turned), (more.sql, cell)], None, cell.frame)
    return made.doubted(any_flag(cell.doubt, cell.null))


def _number(cell: Cell) -> Number:
    if cell.number is None:
        raise NotByColumn(f"a {cell.kind.value} where a number is wanted")
    return cell.number


def _modulo(translator: Translator, cells: Sequence[Cell]) -> Cell:
    dividend, divisor = cells
    if dividend.kind is not Kind.NUMBER or divisor.kind is not Kind.NUMBER:
        raise NotByColumn("modulo() of something that is no number")
    quotient = values.calculated(translator, "/", dividend, divisor)
    down = rounded(translator, quotient, 0, "floor")
    return values.calculated(translator, "-", dividend, values.calculated(translator, "*", divisor, down))


def _parity(rest: int) -> Function:
    def run(translator: Translator, cells: Sequence[Cell]) -> Cell:
        left = _modulo(translator, [cells[0], translator.literal_number(2)])
        return logic.compared(translator, "=", left, translator.literal_number(rest))

    return run


def _date(translator: Translator, cells: Sequence[Cell]) -> Cell:
    if len(cells) == 3:  # noqa: PLR2004 - year, month, day
        return dates.date_of(translator, *cells)
    if cells[0].kind is not Kind.DATE:
        raise NotByColumn(f"a date read from a {cells[0].kind.value}")
    return cells[0].doubted(any_flag(cells[0].doubt, cells[0].null))


def _months(translator: Translator, cells: Sequence[Cell]) -> Cell:
    return dates.months_between(translator, *cells)


def _weekday(translator: Translator, cells: Sequence[Cell]) -> Cell:
    number = dates.part_of(translator, cells[0], "weekday")
    made = choice([(binary(exp.EQ, number.sql, whole(at)), text(name)) for at, name in enumerate(_DAYS, 1)])
    return Cell(Kind.TEXT, made, number.frame, doubt=number.doubt, sure=number.sure)


def _texts(translator: Translator, cells: Sequence[Cell]) -> tuple[list[Cell], Frame | None, Flag, bool]:
    frame, met = translator.meet(*cells)
    if any(cell.kind is not Kind.TEXT for cell in met):
        raise NotByColumn("a text is wanted")
    doubt = any_flag(joined(met), *(cell.null for cell in met))
    return met, frame, doubt, all(cell.sure for cell in met)


def _starts(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (whole_text, part), frame, doubt, sure = _texts(translator, cells)
    start = exp.Left(this=whole_text.sql.copy(), expression=_length(part.sql))
    return logic.boolean(binary(exp.EQ, start, part.sql), frame, doubt=doubt, sure=sure)


def _ends(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (whole_text, part), frame, doubt, sure = _texts(translator, cells)
    end = exp.Right(this=whole_text.sql.copy(), expression=_length(part.sql))
    return logic.boolean(binary(exp.EQ, end, part.sql), frame, doubt=doubt, sure=sure)


def _contains(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (whole_text, part), frame, doubt, sure = _texts(translator, cells)
    if not part.literal:
        raise NotByColumn("contains() of a text that is not written out")
    at = exp.StrPosition(this=whole_text.sql.copy(), substr=part.sql.copy())
    return logic.boolean(binary(exp.GT, at, exp.Literal.number(0)), frame, doubt=doubt, sure=sure)


def _length(sql: Sql) -> Sql:
    return exp.cast(exp.Length(this=sql.copy()), "INT")


def _string_length(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,), frame, doubt, sure = _texts(translator, cells)
    size = exp.cast(exp.Length(this=cell.sql.copy()), "BIGINT")
    number = translator.numbers.column(size, 0, LONGEST_TEXT)
    return translator.number(Kind.NUMBER, number, frame, sure=sure, doubt=doubt)


def _substring(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,), frame, doubt, sure = _texts(translator, cells[:1])
    places = [one.literal for one in cells[1:]]
    if any(place is None for place in places) or places[0] < 1 or any(place < 1 for place in places[1:]):
        raise NotByColumn("substring() from a place, or of a length, that is not written out")
    numbers = [exp.Literal.number(int(place)) for place in places]
    outside = binary(exp.LT, exp.Length(this=cell.sql.copy()), numbers[0])
    doubt = any_flag(doubt, certain(outside))
    made = exp.Substring(
        this=cell.sql.copy(), start=numbers[0], length=numbers[1] if len(numbers) > 1 else None
    )
    return Cell(Kind.TEXT, made, frame, doubt=doubt, sure=sure)


FUNCTIONS: dict[str, Function] = {
    "not": _not,
    "abs": _absolute,
    "modulo": _modulo,
    "odd": _parity(1),
    "even": _parity(0),
    "date": _date,
    "years and months duration": _months,
    "day of week": _weekday,
    "starts with": _starts,
    "ends with": _ends,
    "contains": _contains,
    "string length": _string_length,
    "substring": _substring,
}
FUNCTIONS |= {name: _rounding(way) for name, way in WAYS.items()}
