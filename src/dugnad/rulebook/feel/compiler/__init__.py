"""Tree to closures, once; nothing is parsed or walked while deciding.

`python -m bench formulas` measures this beside Python code written out, which takes less than half of it for
a plain formula. But a decision spends most of its time in lists, built-in functions, tables and the trace, which
code would call just the same, and Python's own limits on nesting would become ours. Hence closures.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from dugnad.rulebook.feel.bounds import FIRST_SLOT, ROOM
from dugnad.rulebook.feel.compiler import basics, calls, cells, loops
from dugnad.rulebook.feel.compiler.builder import Builder, Missing, new_env
from dugnad.rulebook.feel.diagnostics import Diagnostic, Fault
from dugnad.rulebook.feel.grammar.cursor import too_deep
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.names import free_names
from dugnad.rulebook.feel.operators import bounded
from dugnad.rulebook.feel.typed import FeelType
from dugnad.rulebook.feel.values import Code, Value

if TYPE_CHECKING:
    from dugnad.rulebook.feel.compiler.recorders import DiagnosticSink

__all__ = ["Compiled", "basics", "calls", "cells", "compile_expression", "loops"]


class Compiled:
    """An expression ready to run: ``compiled(values, recorder)``; safe to share between threads.

    ``reads`` are the names it may read. A name missing from ``values`` is Unknown.
    """

    __slots__ = ("_code", "_grows", "_room", "node", "reads")

    def __init__(self, node: Node, code: Code, builder: Builder) -> None:
        self.node = node
        self.reads = tuple(sorted(free_names(node)))
        self._code = code
        self._grows = builder.grows
        self._room: list[Value] = [None] * (builder.size - FIRST_SLOT)

    def __call__(self, values: Mapping[str, Value], recorder: "DiagnosticSink | None" = None) -> Value:
        """Evaluate; errors give null and are appended to ``recorder.diagnostics``."""
        try:
            value = self._code(new_env(values, recorder, self._room))
            if self._grows:
                bounded(value)
        except Fault as fault:
            if recorder is not None:
                recorder.diagnostics.append(
                    Diagnostic(fault.code, fault.message, self.node.start, self.node.end)
                )
            return None
        except RecursionError:
            if recorder is not None:
                recorder.diagnostics.append(
                    Diagnostic(
                        "too-deep",
                        "The functions call each other without end, or too often within each other.",
                        self.node.start,
                        self.node.end,
                    )
                )
            return None
        return value


def compile_expression(
    node: Node,
    *,
    names: Collection[str] = (),
    types: Mapping[str, FeelType] = MappingProxyType({}),
    missing: Missing = "unknown",
) -> Compiled:
    """Compile a parsed expression or cell. ``names`` hide built-in functions of the same name.
    Raises FeelSyntaxError for one nested too deeply to be run.

    ``types`` are the model's own, by name. A name without a value is Unknown (a fact to ask for), or with
    ``missing="null"`` null and the diagnostic ``unknown-name``, as DMN has it.
    """
    builder = Builder(names=frozenset(names), types=types, missing=missing)
    try:
        with ROOM:
            return Compiled(node, builder.compile(node), builder)
    except RecursionError:
        raise too_deep(node.start, node.end) from None
