"""What FEEL reads, but nobody means: refused in rules written for people, where it would be null or a wrong number."""

from dugnad.rulebook.feel import temporal
from dugnad.rulebook.feel.builtins import BUILTIN_NAMES
from dugnad.rulebook.feel.diagnostics import Fault, FeelSyntaxError, nearest
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.mistakes import DATE, date_literal
from dugnad.rulebook.feel.grammar.tokens import Token

_ORDERS = frozenset(("<", "<=", ">", ">="))
_READERS = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_datetime,
    "duration": temporal.parse_duration,
}
LITERALS = 'Written so: @"2024-01-31", @"10:30:00", @"2024-01-31T10:30:00", @"P1Y6M", @"P1DT12H".'
_TYPES = {
    "int": "number", "integer": "number", "float": "number", "double": "number", "decimal": "number",
    "numeric": "number", "tall": "number", "text": "string", "str": "string", "tekst": "string", "bool": "boolean",
    "datetime": "date and time", "timestamp": "date and time", "dato": "date", "array": "list<…>", "list": "list<…>",
    "object": "context<…>", "map": "context<…>", "context": "context<…>", "range": "range<…>",
    "function": "function<…> -> …", "duration": "days and time duration", "any": "Any", "null": "Null",
}  # fmt: skip


def refuse_date(text: str, token: Token) -> None:
    """Refuse ``2024-01-31``, which is 1992."""
    found = DATE.match(text, token.start)
    if found is not None and found[1] is not None and not text[found.end() : found.end() + 1].isdigit():
        message = f"“{found.group()}” is a subtraction, not a date."
        raise FeelSyntaxError(message, found.start(), found.end(), (), date_literal(found))


def refuse_decimal_comma(around: list[Token]) -> None:
    """Refuse ``0,5`` in the cell of a table, where it is 0 or 5; ``0, 5`` is not refused."""
    before, comma, after = around
    if before.kind == after.kind == "number" and before.end == comma.start and comma.end == after.start:
        message = f"“{before.text},{after.text}” may be one number or two."
        hint = (
            f"Write {before.text}.{after.text} for the number, or {before.text}, {after.text} for one of two."
        )
        raise FeelSyntaxError(message, before.start, after.end, (), None, hint)


def refuse_three_points(dots: Token, after: Token) -> None:
    """Refuse ``[1...5]``, which is the range from 1 to .5."""
    if after.start == dots.end and after.text.startswith("."):
        raise FeelSyntaxError("A range has two points.", dots.start, dots.end + 1, ("..",), "..")


def refuse_chain(text: str, left: nodes.Node, op: Token, right: nodes.Node) -> None:
    """Refuse ``1 < x < 5``, which compares true or false with 5."""
    if op.text in _ORDERS and isinstance(left, nodes.Compare) and left.op in _ORDERS:
        middle = text[left.right.start : left.right.end]
        hint = f"Write: {text[left.start : left.end]} and {middle} {op.text} {text[right.start : right.end]}."
        raise FeelSyntaxError(
            "A comparison gives true or false, which has no order.", op.start, op.end, (), None, hint
        )


def refuse_part_of_function(node: nodes.Node, name: str, start: int, end: int) -> None:
    """Refuse ``string.length``."""
    if isinstance(node, nodes.Name) and not node.declared and node.name in BUILTIN_NAMES:
        near = nearest(f"{node.name} {name}", BUILTIN_NAMES)
        raise FeelSyntaxError(f"The function {node.name}() has no properties.", start, end, (), near)


def refuse_type(ref: nodes.TypeRef) -> None:
    """Refuse a type FEEL does not have, or a list, context, range or function without its parts."""
    bare = ref.name in ("list", "context", "range", "function") and not ref.parts and not ref.gives
    if bare or ref.name not in _KNOWN:
        near = _TYPES.get(ref.name.casefold()) or nearest(ref.name, _KNOWN)
        hint = "" if near else f"The types are {', '.join(_KNOWN)}."
        what = f"The type {ref.name} needs its parts." if bare else f"There is no type “{ref.name}”."
        raise FeelSyntaxError(what, ref.start, ref.end, (), near, hint)


_KNOWN = (
    "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "day and time duration", "year and month duration", "dateTime", "dayTimeDuration",
    "yearMonthDuration", "list", "context", "range", "function", "Any", "Null",
)  # fmt: skip


def refuse_value(call: nodes.Call) -> None:
    """Refuse ``date("2024-02-30")``: a constant that is null can be told before anything is calculated."""
    reader = _READERS.get(call.target.name) if isinstance(call.target, nodes.Name) else None
    given = call.arguments[0] if len(call.arguments) == 1 else None
    if reader is None or not isinstance(given, nodes.Literal) or not isinstance(given.value, str):
        return
    try:
        reader(given.value)
    except Fault as fault:
        raise FeelSyntaxError(fault.message, given.start, given.end, (), None, LITERALS) from None
