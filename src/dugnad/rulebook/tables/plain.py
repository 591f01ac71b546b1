"""Cells that are written plainly: a constant, a comparison with one, a range between two.

Most cells of a large table are; reading them here takes a tenth of the time the grammar takes and gives the very
same tree. Everything else, and everything that is not quite right, is left to the grammar and its messages.
"""

import re
from datetime import date
from decimal import Decimal, DecimalException
from functools import lru_cache

from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.cursor import Dialect
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.parser import parse, parse_unary_tests
from dugnad.rulebook.feel.grammar.quantities import UNIT_SPELLINGS, in_unit
from dugnad.rulebook.feel.grammar.scope import words_of
from dugnad.rulebook.feel.values import CONTEXT

_UNITS = "|".join(re.escape(unit) for unit in sorted(UNIT_SPELLINGS, key=len, reverse=True))
_VALUE = rf'-?[0-9]+(?:\.[0-9]+)?(?:\s*(?:{_UNITS})(?![\w/%]))?|date\("[0-9-]{{10}}"\)|@"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"'
_ORDERED = re.compile(
    rf'(?P<sign>-?)(?P<digits>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>{_UNITS})?|date\((?P<date>"[0-9-]{{10}}")\)|@"(?P<day>[^"]+)"'
)
_TEXT = re.compile(r'"(?P<text>[^"\\\ud800-\udfff]*)"|(?P<truth>true|false)')
_COMPARED = re.compile(rf"(?P<op><=|>=|<|>)\s*(?P<value>{_VALUE})")
_RANGE = re.compile(rf"(?P<start>[\[(\]])\s*(?P<low>{_VALUE})\s*\.\.\s*(?P<high>{_VALUE})\s*(?P<end>[\])\[])")
_SPOKEN = frozenset(
    {"true", "false", "date", *(word for unit in UNIT_SPELLINGS for word in words_of(unit)[:1])}
)
"""What a plain cell takes for itself: no name may begin with it."""


@lru_cache(maxsize=256)
def hides_constants(names: frozenset[str]) -> bool:
    """Tell whether a name could be read where a constant stands, as a name beginning with a digit."""
    scope = {first for name in names for first in words_of(name)[:1]}
    return any(not first[:1].isalpha() and first[:1] not in ("_", "?") for first in scope) or not (
        _SPOKEN.isdisjoint(scope)
    )


def read_test(text: str, names: frozenset[str], dialect: Dialect) -> Node:
    """Read an input cell, plainly where it is plain. Raises FeelSyntaxError."""
    plainly = None if hides_constants(names) else plain_test(text, 0, dialect)
    return parse_unary_tests(text, names=names, dialect=dialect) if plainly is None else plainly


def read_output(text: str, names: frozenset[str], dialect: Dialect) -> Node:
    """Read an output cell, plainly where it is plain. Raises FeelSyntaxError."""
    plainly = None if hides_constants(names) else plain_output(text, 0, dialect)
    return parse(text, names=names, dialect=dialect) if plainly is None else plainly


def plain_output(text: str, at: int, dialect: Dialect = "dugnad") -> Node | None:
    """Read an output cell that is one constant; ``at`` is where the text stands in the file."""
    return _constant(text, at, dialect)


def plain_test(text: str, at: int, dialect: Dialect = "dugnad") -> nodes.UnaryTests | None:
    """Read an input cell that is one constant, comparison or range, or accepts anything."""
    end = at + len(text)
    if text in ("", "-"):
        return nodes.UnaryTests(at, end, ())
    test = _test(text, at, dialect)
    return None if test is None else nodes.UnaryTests(at, end, (test,))


def _test(text: str, at: int, dialect: Dialect) -> Node | None:
    found = _COMPARED.fullmatch(text)
    if found is not None:
        operand = _ordered(found["value"], at + found.start("value"), dialect)
        return None if operand is None else nodes.Test(at, at + len(text), found["op"], operand)
    found = _RANGE.fullmatch(text)
    if found is None:
        return _constant(text, at, dialect)
    low, high = (_ordered(found[name], at + found.start(name), dialect) for name in ("low", "high"))
    if low is None or high is None:
        return None
    return nodes.RangeOf(at, at + len(text), low, high, found["start"] == "[", found["end"] == "]")


def _constant(text: str, at: int, dialect: Dialect) -> Node | None:
    found = _TEXT.fullmatch(text)
    if found is None:
        return _ordered(text, at, dialect)
    value = found["text"] if found["text"] is not None else found["truth"] == "true"
    return nodes.Literal(at, at + found.end(), value)


def _ordered(text: str, at: int, dialect: Dialect) -> Node | None:
    """Read a number, with its unit, or a date."""
    found, end = _ORDERED.fullmatch(text), at + len(text)
    if found is None or (found["unit"] and dialect != "dugnad"):
        return None
    if found["digits"] is not None:
        literal = _number(found, at, end)
        return nodes.Negate(at, end, literal) if found["sign"] and literal is not None else literal
    if found["day"] is not None:
        return _day(found["day"], at, end)
    begin = at + found.start("date")
    written = nodes.Literal(begin, end - 1, found["date"][1:-1])
    return nodes.Call(at, end, nodes.Name(at, at + 4, "date"), (written,))


def _number(found: re.Match[str], at: int, end: int) -> nodes.Literal | None:
    unit = UNIT_SPELLINGS[found["unit"]] if found["unit"] else None
    try:
        value: Decimal = CONTEXT.create_decimal(found["digits"])
    except DecimalException:
        return None
    return nodes.Literal(at + len(found["sign"]), end, in_unit(value, unit) if unit else value, unit)


def _day(text: str, at: int, end: int) -> nodes.Literal | None:
    try:
        return nodes.Literal(at, end, date.fromisoformat(text))
    except ValueError:
        return None
