"""What an expression is like, before it is said: what kind of value it gives, whether it is a condition, how it binds."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from dugnad.rulebook.feel import Compiled
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import Months, Value
from dugnad.rulebook.reasons.naming import Naming

BOUNDS = {"max": "latest", "min": "earliest"}
"""FEEL's largest and smallest, and what they are of dates."""
_CONDITIONS = (nodes.Logic, nodes.Compare, nodes.In, nodes.Between, nodes.Known, nodes.Quantified)
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


def kind_of(naming: Naming, known: Mapping[str, Value], node: Node) -> str:
    """Return what kind of value a node gives, as far as can be told: date, text or number; else empty."""
    if isinstance(node, nodes.Name):
        return naming.kind(node.name) or _kind(known.get(node.name)) or _of_step(naming, known, node.name)
    if isinstance(node, nodes.Path):
        return naming.kind(node.name)
    if isinstance(node, nodes.Literal):
        return _kind(node.value)
    same = _alike(node)
    if same is not None:
        return kind_of(naming, known, same)
    return "date" if called(node) == "date" else ""


def _alike(node: Node) -> Node | None:
    """Return a part that gives the same kind of value as the whole."""
    if isinstance(node, nodes.Arithmetic):
        return node.left
    if isinstance(node, nodes.If):
        return node.yes
    is_bound = isinstance(node, nodes.Call) and called(node) in BOUNDS and bool(node.arguments)
    return node.arguments[0] if isinstance(node, nodes.Call) and is_bound else None


def _of_step(naming: Naming, known: Mapping[str, Value], name: str) -> str:
    """Return what a step gives that has not been worked out: as its formula says."""
    step = naming.rules.source.steps.get(name)
    ops = naming.rules.operations(step.scope) if step is not None and step.table is None else ()
    runs = (op.run for op in ops if op.name == name)
    return next((kind_of(naming, known, run.node) for run in runs if isinstance(run, Compiled)), "")


def _kind(value: Value) -> str:
    if isinstance(value, date):
        return "date"
    if isinstance(value, str):
        return "text"
    return "number" if isinstance(value, Decimal) else ""


def is_condition(node: Node) -> bool:
    """Tell whether a node is told as a clause: something is so, or is not."""
    return isinstance(node, _CONDITIONS) or called(node) == "not"


def called(node: Node) -> str:
    """Return the name of the function a node calls; empty for any other node."""
    if isinstance(node, nodes.Call) and isinstance(node.target, nodes.Name):
        return node.target.name
    return ""


def is_number(node: Node, number: int) -> bool:
    """Tell whether a node is this number, written out."""
    return isinstance(node, nodes.Literal) and node.value == number


def is_duration(node: Node) -> bool:
    """Tell whether a node is a duration, written out."""
    return isinstance(node, nodes.Literal) and isinstance(node.value, Months | timedelta)


def binds_looser(side: Node, op: str, *, is_right: bool) -> bool:
    """Tell whether a side of a sign needs brackets: it binds looser, or as tight but after a minus or a division."""
    if not isinstance(side, nodes.Arithmetic):
        return isinstance(side, nodes.If)
    own, other = _STRENGTH[side.op], _STRENGTH[op]
    return own < other or (own == other and is_right and op in ("-", "/", "**"))
