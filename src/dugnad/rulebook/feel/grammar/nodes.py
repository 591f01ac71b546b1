"""The tree of a FEEL expression. Every node knows where in the text it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar, cast
from typing import Literal as OneOf

from dugnad.rulebook.feel.values import Value

_N = TypeVar("_N", bound="Node")


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression; ``start`` and ``end`` are character offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant; ``unit`` is the unit it was written with in the dugnad dialect."""

    value: Value
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name.

    ``of_item``: inside a filter, and taken for a property of the filter's item. ``declared``: among the names given or
    bound here, so that it hides a built-in function.
    """

    name: str
    of_item: bool = False
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``base.name``."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``base[condition]``: by number or by condition."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``target(arguments)``; ``named`` where written ``name: value``."""

    target: Node
    arguments: tuple[Node, ...]
    named: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Span(Node):
    """``low..high`` as what a ``for`` runs over: up or down, both ends included."""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """One ``name in source`` of for, some and every."""

    name: str
    source: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for … return body``."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some|every … satisfies body``."""

    kind: OneOf["some", "every"]
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``a and b and …`` or ``a or b or …``."""

    op: OneOf["and", "or"]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``+``, ``-``, ``*``, ``/``, ``**``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``operand between low and high``."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``operand in tests``."""

    operand: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Known(Node):
    """``operand is known`` / ``operand is unknown`` (dugnad dialect)."""

    operand: Node
    known: bool


@dataclass(frozen=True, slots=True)
class TypeRef(Node):
    """A type after ``instance of``: a name, with parts for list, context, function and range.

    ``gives``: a function whose result type is said; that is its last part.
    """

    name: str
    parts: tuple["TypeRef", ...] = ()
    keys: tuple[str, ...] = ()
    gives: bool = False


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``operand instance of type``."""

    operand: Node
    type: TypeRef


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """``[a, b, c]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """``{a: 1, b: a + 1}``."""

    keys: tuple[str, ...]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Function(Node):
    """``function(a: number, b) body``; ``external`` ones are refused when called."""

    parameters: tuple[str, ...]
    types: tuple[TypeRef | None, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """``[a..b)`` and its kin."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Test(Node):
    """``< 5``: a test of the input where one is tested, a range where a value is wanted."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The content of a table cell: any of the tests, none of them, or (no tests) anything."""

    tests: tuple[Node, ...]
    negated: bool = False


_BOX_LEVELS = 30
"""What a box of a model, as a table, counts for: it is run by more than one function of ours."""
_PARTS: dict[type[Node], tuple[str, ...]] = {}


def _parts_of(kind: type[Node]) -> tuple[str, ...]:
    """Name the fields of a kind of node that may hold nodes."""
    found = _PARTS.get(kind)
    if found is None:
        found = _PARTS[kind] = tuple(
            field.name
            for field in fields(kind)
            if (isinstance(field.type, type) and issubclass(field.type, Node))
            or str(field.type).startswith("tuple")
        )
    return found


def children(node: Node) -> list[Node]:
    """Give the nodes directly below this one, in the order of the text."""
    found: list[Node] = []
    for name in _parts_of(type(node)):
        part = getattr(node, name)
        if isinstance(part, Node):
            found.append(part)
        elif part.__class__ is tuple:
            found += [item for item in part if isinstance(item, Node)]
    return found


def chain(node: Node) -> tuple[Node, list[Arithmetic]]:
    """Give the first operand of ``a + b - c …`` and its steps from left to right, each with its right operand."""
    steps: list[Arithmetic] = []
    while isinstance(node, Arithmetic):
        steps.append(node)
        node = node.left
    return node, steps[::-1]


def walk(node: Node) -> Iterator[Node]:
    """Give the node and all below it, in no particular order, however many there are."""
    todo = [node]
    while todo:
        part = todo.pop()
        yield part
        todo.extend(children(part))


def height(node: Node) -> int:
    """Count the levels of a tree; a chain of operators is one."""
    first, steps = chain(node)
    parts = [first, *(step.right for step in steps)] if steps else children(node)
    if not parts:
        return 1 if isinstance(node, Literal | Name | ListOf | ContextOf) else _BOX_LEVELS
    return 1 + max(map(height, parts))


def moved(node: _N, by: int) -> _N:
    """Give the same tree for a text that stands ``by`` characters into a larger one."""
    if by == 0:
        return node
    if isinstance(node, Arithmetic):
        return _moved_chain(node, by)
    changed: dict[str, Any] = {"start": node.start + by, "end": node.end + by}
    for name in _parts_of(type(node)):
        part = getattr(node, name)
        if isinstance(part, Node):
            changed[name] = moved(part, by)
        elif isinstance(part, tuple) and any(isinstance(item, Node) for item in part):
            changed[name] = tuple(moved(item, by) if isinstance(item, Node) else item for item in part)
    return replace(node, **changed)


def _moved_chain(node: _N, by: int) -> _N:
    """Move a chain of operators from its first operand on: it may be longer than Python's stack is deep."""
    first, steps = chain(node)
    whole: Any = moved(first, by)
    for step in steps:
        right = moved(step.right, by)
        whole = replace(step, start=step.start + by, end=step.end + by, left=whole, right=right)
    return cast("_N", whole)
