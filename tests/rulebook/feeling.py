"""How the tests of FEEL evaluate: one expression, its value and the codes of its diagnostics."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from dugnad.rulebook import Recorder, Value, compile_expression, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar.cursor import Dialect

D = Decimal


def evaluate(
    text: str,
    values: Mapping[str, Value] | None = None,
    *,
    names: Collection[str] = (),
    dialect: Dialect = "feel",
) -> Value:
    return evaluated(text, values, names=names, dialect=dialect)[0]


def evaluated(
    text: str,
    values: Mapping[str, Value] | None = None,
    *,
    names: Collection[str] = (),
    dialect: Dialect = "feel",
) -> tuple[Value, list[str]]:
    recorder = Recorder()
    value = compile_expression(parse(text, names=names, dialect=dialect), names=names)(values or {}, recorder)
    return value, [item.code for item in recorder.diagnostics]


def cell(text: str, given: Value, dialect: Dialect = "dugnad") -> Value:
    return compile_expression(parse_unary_tests(text, dialect=dialect))({"?": given})
