"""How these tests evaluate: FEEL as the specification has it (dialect ``dmn``), with the codes of its diagnostics."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from dugnad.rulebook import Recorder, Value
from dugnad.rulebook.feel import FeelType, compile_expression, parse, parse_unary_tests

D = Decimal


def evaluated(
    text: str,
    values: Mapping[str, Value] | None = None,
    *,
    types: Mapping[str, FeelType] | None = None,
    names: Any = None,
) -> tuple[Value, list[str]]:
    """Give the value of an expression and the codes of its diagnostics."""
    recorder = Recorder()
    given = values or {}
    node = parse(
        text, names=tuple(given) if names is None else names, dialect="dmn", types=tuple(types or ())
    )
    value = compile_expression(node, types=types or {}, missing="null")(given, recorder)
    return value, [item.code for item in recorder.diagnostics]


def evaluate(text: str, values: Mapping[str, Value] | None = None, **more: Any) -> Value:
    """Give the value of an expression."""
    return evaluated(text, values, **more)[0]


def cell_outcome(cell: str, value: Value, names: Collection[str] = ()) -> Value:
    """Give the outcome of a table cell for an input."""
    node = parse_unary_tests(cell, names=names, dialect="dmn")
    return compile_expression(node, missing="null")({"?": value}, Recorder())
