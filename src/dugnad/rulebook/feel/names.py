"""What an expression reads: the names that come from outside it, and the paths below them."""

from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children

Paths = set[tuple[str, ...]]


def free_names(node: Node) -> set[str]:
    """Give the names an expression reads: no local names, no built-in functions, not the input ``?``.

    Inside a filter a name may be a property of the item; such a name is given only if nothing tells that it is one.
    """
    return {path[0] for path in free_paths(node)}


def free_paths(node: Node) -> Paths:
    """Give what an expression reads as paths: ``("barn", "alder")`` for ``barn.alder`` and ``for b in barn return b.alder``."""
    found: Paths = set()
    _walk(node, {}, found)
    return {
        path for path in found if not any(other != path and other[: len(path)] == path for other in found)
    }


_Bound = dict[str, tuple[str, ...] | None]


def _walk(node: Node, bound: _Bound, found: Paths) -> tuple[str, ...] | None:
    """Collect reads; gives the path this node's value (or its items) comes from, where there is one."""
    if isinstance(node, nodes.Name):
        return _name(node.name, bound, found)
    if isinstance(node, nodes.Path):
        base = _walk(node.base, bound, found)
        path = (*base, node.name) if base else None
        if path:
            found.add(path)
        return path
    if isinstance(node, nodes.Filter):
        base = _walk(node.base, bound, found)
        _walk(node.condition, bound | {"item": base}, found)
        return base
    if isinstance(node, (nodes.For, nodes.Quantified)):
        inner: _Bound = dict(bound)
        for iteration in node.iterations:
            inner[iteration.name] = _walk(iteration.source, inner, found)
        _walk(node.body, inner | {"partial": None}, found)
        return None
    if isinstance(node, nodes.ContextOf):
        inner = dict(bound)
        for key, item in zip(node.keys, node.items, strict=True):
            inner[key] = _walk(item, inner, found)
        return None
    if isinstance(node, nodes.Function):
        _walk(node.body, bound | dict.fromkeys(node.parameters), found)
        return None
    for part in children(node):
        _walk(part, bound, found)
    return None


def _name(name: str, bound: _Bound, found: Paths) -> tuple[str, ...] | None:
    if name in bound:
        return bound[name]
    if name == "?" or name in REGISTRY:
        return None
    found.add((name,))
    return (name,)
