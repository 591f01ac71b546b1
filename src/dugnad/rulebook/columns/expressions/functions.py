"""The built-in functions that mean the same in a column."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from sqlglot import exp

from dugnad.rulebook.columns.cells.number import Number
from dugnad.rulebook.columns.cells.sql import any_flag, binary, choice, text, whole
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import dates, lists, logic, values
from dugnad.rulebook.columns.expressions.builtins import ranges, strings
from dugnad.rulebook.columns.expressions.cell import Cell, Kind, Thing
from dugnad.rulebook.columns.expressions.translator import Scope, Translator, translates
from dugnad.rulebook.feel import Months
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
MOST_PLACES = 9
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
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
    if name in ranges.TESTS:
        return ranges.called(translator, name, arguments, scope)
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
        if places is None or places != int(places) or abs(places) > MOST_PLACES:
            raise NotByColumn("a rounding to a number of places that is not written out")
        return rounded(translator, cells[0], int(places), way)

    return run


def rounded(translator: Translator, cell: Cell, places: int, way: str) -> Cell:
    """Round a number; rows where FEEL's own rounding lies on the edge are in doubt."""
    if cell.number is None or cell.kind is not Kind.NUMBER:
        raise NotByColumn(f"a {cell.kind.value} is rounded")
    made, edge = translator.numbers.round(cell.number, places, way)
    doubt = any_flag(cell.doubt, cell.null, edge)
    return translator.number(Kind.NUMBER, made, cell.frame, sure=cell.sure, doubt=doubt)


def _absolute(translator: Translator, cells: Sequence[Cell]) -> Cell:
    (cell,) = cells
    zero = {Kind.NUMBER: Decimal(0), Kind.MONTHS: Months(0), Kind.DAYS: timedelta(0)}.get(cell.kind)
    less = logic.compared(translator, "<", cell, translator.literal(zero))
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
    (cell,) = cells
    if cell.kind is not Kind.DATE:
        raise NotByColumn(f"a date read from a {cell.kind.value}")
    return cell.doubted(any_flag(cell.doubt, cell.null))


def _months(translator: Translator, cells: Sequence[Cell]) -> Cell:
    return dates.months_between(translator, *cells)


def _of_date(name: str) -> Function:
    return lambda translator, cells: dates.number_of(translator, cells[0], *dates.NUMBERS[name])


def _named(part: str, names: Sequence[str]) -> Function:
    def run(translator: Translator, cells: Sequence[Cell]) -> Cell:
        number = dates.number_of(translator, cells[0], part, *dates.PARTS[part])
        made = choice(
            [(binary(exp.EQ, number.sql, whole(at)), text(name)) for at, name in enumerate(names, 1)]
        )
        return Cell(Kind.TEXT, made, number.frame, doubt=number.doubt, sure=number.sure)

    return run


FUNCTIONS: dict[str, Function] = {
    "not": _not,
    "abs": _absolute,
    "modulo": _modulo,
    "odd": _parity(1),
    "even": _parity(0),
    "date": _date,
    "years and months duration": _months,
    "day of week": _named("weekday", _DAYS),
    "month of year": _named("month", _MONTHS),
}
FUNCTIONS |= {name: _of_date(name) for name in dates.NUMBERS}
FUNCTIONS |= strings.FUNCTIONS
FUNCTIONS |= {name: _rounding(way) for name, way in WAYS.items()}
