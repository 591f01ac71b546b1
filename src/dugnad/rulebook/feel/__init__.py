"""FEEL, the expression language of DMN 1.5: parse once, compile once, evaluate exactly.

``parse`` → ``compile_expression`` → ``compiled(values, recorder)``. The dialect "dugnad" adds percentages,
quantities with units, and ``is known`` / ``is unknown``; the dialect "dmn" is FEEL as a DMN model has it: names
are always checked, a missing property is null, and with ``missing="null"`` so is a name without a value.

What one evaluation may do is bounded, the same for every caller: 3 million turns and calls (``bounds.MAX_WORK``),
functions within each other to 20,000 levels of their bodies (``bounds.MAX_LEVELS``: some 2,000 calls of a short
function), lists and texts of a million items and characters, values of 100 levels, 0.2 seconds for a pattern. An
expression may have 100 levels of brackets and, but in the dialect "dugnad", a chain of operators of any length.
"""

from dugnad.rulebook.feel.compiler import Compiled, compile_expression
from dugnad.rulebook.feel.diagnostics import Diagnostic, Fault, FeelSyntaxError
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.parser import parse, parse_type, parse_unary_tests
from dugnad.rulebook.feel.grammar.scope import scope_of
from dugnad.rulebook.feel.names import free_names, free_paths
from dugnad.rulebook.feel.operators import equal, same_value
from dugnad.rulebook.feel.typed import (
    PLAIN_TYPES,
    Constrained,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    coerced,
    resolve,
)
from dugnad.rulebook.feel.values import FunctionValue, Months, Range, Unknown, Value, to_value, unknown

__all__ = [
    "PLAIN_TYPES",
    "Compiled",
    "Constrained",
    "ContextType",
    "Diagnostic",
    "Fault",
    "FeelSyntaxError",
    "FeelType",
    "FunctionType",
    "FunctionValue",
    "ListType",
    "Months",
    "Node",
    "Range",
    "RangeType",
    "Unknown",
    "Value",
    "coerced",
    "compile_expression",
    "equal",
    "free_names",
    "free_paths",
    "parse",
    "parse_type",
    "parse_unary_tests",
    "resolve",
    "same_value",
    "scope_of",
    "to_value",
    "unknown",
]
