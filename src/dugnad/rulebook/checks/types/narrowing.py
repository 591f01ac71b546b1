"""What a condition says of missing values: after `x != null`, x is there."""

from collections.abc import Callable, Iterator, Mapping

from dugnad.rulebook.checks.types.model import Type, present
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node

Local = Mapping[str, Type]


def narrowed(condition: Node, local: Local, type_of: Callable[[str, Local], Type], *, holds: bool) -> Local:
    """Return the local names where the condition holds (or does not): those it says are there, as present."""
    found = {name: present(type_of(name, local)) for name in _there(condition, holds=holds)}
    return {**local, **found} if found else local


def _there(node: Node, *, holds: bool) -> Iterator[str]:
    """Give the names that are not missing where the condition holds (or does not)."""
    if isinstance(node, nodes.Logic) and (node.op == "and") is holds:
        for item in node.items:
            yield from _there(item, holds=holds)
    elif isinstance(node, nodes.Compare) and node.op in ("=", "!=") and (node.op == "!=") is holds:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, nodes.Name) and isinstance(other, nodes.Literal) and other.value is None:
                yield one.name
    elif isinstance(node, nodes.Known) and node.known is holds and isinstance(node.operand, nodes.Name):
        yield node.operand.name
    elif isinstance(node, nodes.Call) and isinstance(node.target, nodes.Name) and node.target.name == "not":
        for argument in node.arguments:
            yield from _there(argument, holds=not holds)
