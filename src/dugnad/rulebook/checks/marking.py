"""Which way an expression went: every branch of an `if` marked, the expression run again, the marks read off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from dugnad.rulebook.feel import Compiled, FunctionValue, compile_expression
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children
from dugnad.rulebook.feel.values import Env, Value
from dugnad.rulebook.trace import Recorder

Way = Literal["then", "else"]


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of one `if`: which, and where its condition and its value stand in the text."""

    way: Way
    condition: Node
    value: Node


class Marked:
    """An expression whose branches tell that they were taken. `branches` are in the order of the text."""

    def __init__(self, node: Node, names: frozenset[str]) -> None:
        self.branches: tuple[Branch, ...] = tuple(_branches(node))
        marks = {id(branch.value): _mark(at) for at, branch in enumerate(self.branches)}
        self._compiled: Compiled | None = None
        if self.branches:
            self._compiled = compile_expression(_marked(node, marks), names=names | frozenset(marks.values()))

    def taken(self, values: Mapping[str, Value]) -> set[int]:
        """Run on `values`; return the numbers of the branches taken, as they stand in `branches`."""
        found: set[int] = set()
        if self._compiled is not None:
            functions = {_mark(at): _noting(at, found) for at in range(len(self.branches))}
            self._compiled({**values, **functions}, Recorder())
        return found


def _mark(number: int) -> str:
    """Name a mark as no rule can name anything."""
    return f"\0branch {number}"


def _noting(number: int, found: set[int]) -> FunctionValue:
    def call(_env: Env, arguments: list[Value]) -> Value:
        found.add(number)
        return arguments[0]

    return FunctionValue(("value",), call)


def _branches(node: Node) -> Iterator[Branch]:
    if isinstance(node, nodes.If):
        yield from _branches(node.condition)
        yield Branch("then", node.condition, node.yes)
        yield from _branches(node.yes)
        yield Branch("else", node.condition, node.no)
        yield from _branches(node.no)
        return
    for child in children(node):
        yield from _branches(child)


def _marked(node: Node, marks: Mapping[int, str]) -> Node:
    """Return the tree with `mark(value)` where a marked value stands. The call notes it only when it is run."""
    changed: dict[str, Any] = {}
    for field in fields(node):
        part = getattr(node, field.name)
        if isinstance(part, Node):
            changed[field.name] = _marked(part, marks)
        elif isinstance(part, tuple) and any(isinstance(item, Node) for item in part):
            changed[field.name] = tuple(
                _marked(item, marks) if isinstance(item, Node) else item for item in part
            )
    made = replace(node, **changed) if changed else node
    name = marks.get(id(node))
    if name is None:
        return made
    target = nodes.Name(node.start, node.end, name, declared=True)
    return nodes.Call(node.start, node.end, target, (made,))
