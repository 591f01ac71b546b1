"""FEEL, the expression language of DMN 1.5: parse once, compile once, evaluate exactly.

``parse`` → ``compile_expression`` → ``compiled(values, recorder)``. The dialect "dugnad" adds percentages,
quantities with units, and ``is known`` / ``is unknown``.
"""

from dugnad.rulebook.feel.compiler import Compiled, compile_expression
from dugnad.rulebook.feel.diagnostics import Diagnostic, FeelSyntaxError
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.parser import parse, parse_unary_tests
from dugnad.rulebook.feel.names import free_names, free_paths
from dugnad.rulebook.feel.values import FunctionValue, Months, Range, Unknown, Value, to_value, unknown

__all__ = [
    "Compiled",
    "Diagnostic",
    "FeelSyntaxError",
    "FunctionValue",
    "Months",
    "Node",
    "Range",
    "Unknown",
    "Value",
    "compile_expression",
    "free_names",
    "free_paths",
    "parse",
    "parse_unary_tests",
    "to_value",
    "unknown",
]
