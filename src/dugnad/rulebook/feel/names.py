"""What an expression reads: the names that come from outside it, and the paths below them."""

from collections.abc import Callable
from typing import Any

from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children

Paths = set[tuple[str, ...]]


def free_names(node: Node) -> set[str]:
    """Give the names an expression reads: no local names, no built-in functions, not the input ``?``.

    Inside a filter a name may be a property of the item; such a name is given only if nothing tells that it
    is one.
    """
    return {path[0] for path in free_paths(node)}


def free_paths(node: Node) -> Paths:
    """Give what an expression reads as paths: ``("barn", "alder")`` for ``barn.alder`` and ``for b in barn
    return b.alder``.
    """
    found: Paths = set()
    _walk(node, {}, found)
    return {
        path for path in found if not any(other != path and other[: len(path)] == path for other in found)
    }


_Bound = dict[str, tuple[str, ...] | None]


def _walk(node: Node, bound: _Bound, found: Paths) -> tuple[str, ...] | None:
    """Collect reads; gives the path this node's value (or its items) comes from, where there is one."""
    while isinstance(node, nodes.Arithmetic):
        _walk(node.right, bound, found)
        node = node.left
    rule = _RULES.get(type(node))
    if rule is not None:
        return rule(node, bound, found)
    for part in children(node):
        _walk(part, bound, found)
    return None


def _name(node: nodes.Name, bound: _Bound, found: Paths) -> tuple[str, ...] | None:
    if node.of_item:
        base = bound.get("item")
        path = (*base, node.name) if base else None
    elif node.name in bound:
        return bound[node.name]
    else:
        hidden = node.name == "?" or (node.name in REGISTRY and not node.declared)
        path = None if hidden else (node.name,)
    if path:
        found.add(path)
    return path


def _path(node: nodes.Path, bound: _Bound, found: Paths) -> tuple[str, ...] | None:
    base = _walk(node.base, bound, found)
    path = (*base, node.name) if base else None
    if path:
        found.add(path)
    return path


def _filter(node: nodes.Filter, bound: _Bound, found: Paths) -> tuple[str, ...] | None:
    base = _walk(node.base, bound, found)
    _walk(node.condition, bound | {"item": base}, found)
    return base


def _loop(node: nodes.For | nodes.Quantified, bound: _Bound, found: Paths) -> None:
    inner = dict(bound)
    for iteration in node.iterations:
        inner[iteration.name] = _walk(iteration.source, inner, found)
    _walk(node.body, inner | {"partial": None}, found)


def _context(node: nodes.ContextOf, bound: _Bound, found: Paths) -> None:
    inner = dict(bound)
    for key, item in zip(node.keys, node.items, strict=True):
        itself: _Bound = {key: None} if isinstance(item, nodes.Function) else {}
        inner[key] = _walk(item, inner | itself, found)


def _function(node: nodes.Function, bound: _Bound, found: Paths) -> None:
    _walk(node.body, bound | dict.fromkeys(node.parameters), found)


_RULES: dict[type[Node], Callable[[Any, _Bound, Paths], tuple[str, ...] | None]] = {
    nodes.Name: _name,
    nodes.Path: _path,
    nodes.Filter: _filter,
    nodes.For: _loop,
    nodes.Quantified: _loop,
    nodes.ContextOf: _context,
    nodes.Function: _function,
}
