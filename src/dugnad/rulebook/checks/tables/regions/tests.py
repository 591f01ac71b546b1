"""A cell as a formula over simple questions: how the input compares with a constant, with a name, or as written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from dugnad.rulebook.feel import Range, compile_expression, free_names
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children
from dugnad.rulebook.feel.values import Value, is_context
from dugnad.rulebook.trace import Recorder


@dataclass(frozen=True, slots=True)
class WithConstant:
    """The input compared with a constant."""

    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class WithName:
    """The input compared with something known only when deciding; `text` names it, the same for the same thing."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class AsWritten:
    """A test that cannot be taken apart."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where all of these do; of none, always."""

    parts: tuple["Formula", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where one of these does; of none, never."""

    parts: tuple["Formula", ...] = ()


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Holds where none of these does."""

    parts: tuple["Formula", ...]


Formula: TypeAlias = WithConstant | WithName | AsWritten | AllOf | AnyOf | NoneOf
ALWAYS, NEVER = AllOf(), AnyOf()
_PURE = frozenset({"date", "time", "date and time", "duration", "years and months duration", "number", "abs"})
"""Functions that may be worked out beforehand: the same result always, and at once."""
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
Written: TypeAlias = Callable[[Node], str]
"""From a node to its text in the cell."""


class Reader:
    """Reads the cells of one column. `scalar` tells of a node whether it stands for one value, not a list."""

    def __init__(self, scalar: Callable[[Node], bool]) -> None:
        self.scalar = scalar

    def cell(self, node: Node, text: str) -> Formula:
        """Take a parsed cell apart; `text` is what it was parsed from."""
        if not isinstance(node, nodes.UnaryTests):
            return AsWritten(text)
        if not node.tests:
            return ALWAYS
        parts = tuple(self.test(test, text) for test in node.tests)
        return NoneOf(parts) if node.negated else AnyOf(parts)

    def test(self, node: Node, text: str) -> Formula:
        """Take one test apart."""
        if isinstance(node, nodes.Test):
            return self.compared(node.op, node.operand, text)
        if mentions_input(node):
            return self.spoken(node, text)
        if isinstance(node, nodes.RangeOf) and not is_constant(node):
            low = self.compared(">=" if node.low_included else ">", node.low, text)
            high = self.compared("<=" if node.high_included else "<", node.high, text)
            return AllOf((low, high))
        return self.compared("=", node, text)

    def compared(self, op: str, operand: Node, text: str) -> Formula:
        """Compare the input with what a node stands for."""
        if is_constant(operand):
            found = constant(operand)
            return NEVER if found is FAILED else with_value(op, found, written(operand, text))
        if mentions_input(operand) or not self.scalar(operand):
            return AsWritten(f"{op} {written(operand, text)}" if op != "=" else written(operand, text))
        return WithName(op, written(operand, text))

    def spoken(self, node: Node, text: str) -> Formula:
        """Take apart a test that says `?`."""
        found: Formula | None = None
        if isinstance(node, nodes.Compare):
            found = self.comparison(node, text)
        elif isinstance(node, nodes.Logic) and all(map(mentions_input, node.items)):
            parts = tuple(self.spoken(part, text) for part in node.items)
            found = AllOf(parts) if node.op == "and" else AnyOf(parts)
        elif isinstance(node, nodes.Between) and is_input(node.operand):
            found = AllOf((self.compared(">=", node.low, text), self.compared("<=", node.high, text)))
        elif isinstance(node, nodes.In) and is_input(node.operand):
            found = AnyOf(tuple(self.test(test, text) for test in node.tests))
        elif isinstance(node, nodes.Call) and _is_not(node.target):
            found = NoneOf(tuple(self.spoken(part, text) for part in node.arguments))
        return AsWritten(written(node, text)) if found is None else found

    def comparison(self, node: nodes.Compare, text: str) -> Formula | None:
        """Take apart a comparison with `?` on one side."""
        if is_input(node.left) and not mentions_input(node.right):
            return self.compared(node.op, node.right, text)
        if is_input(node.right) and not mentions_input(node.left):
            return self.compared(_MIRRORED[node.op], node.left, text)
        return None


FAILED = object()
"""A constant that has no value: the cell can never match."""


def with_value(op: str, value: Value, text: str) -> Formula:
    """Compare the input with a constant: one value, an interval, or any of a list."""
    if isinstance(value, Range) and op == "=":
        ends: list[Formula] = []
        if value.low is not None:
            ends.append(WithConstant(">=" if value.low_included else ">", value.low))
        if value.high is not None:
            ends.append(WithConstant("<=" if value.high_included else "<", value.high))
        return AllOf(tuple(ends))
    if isinstance(value, list) and op == "=":
        return AnyOf(tuple(with_value(op, item, text) for item in value))
    if isinstance(value, Range | list) or is_context(value):
        return AsWritten(f"{op} {text}")
    return WithConstant(op, value)


def _is_not(node: Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "not"


def is_input(node: Node) -> bool:
    """Tell whether a node is the input itself."""
    return isinstance(node, nodes.Name) and node.name == "?"


def mentions_input(node: Node) -> bool:
    """Tell whether a node speaks of the input."""
    return is_input(node) or any(map(mentions_input, children(node)))


def is_constant(node: Node) -> bool:
    """Tell whether a node's value can be worked out beforehand."""
    if isinstance(node, nodes.Literal):
        return True
    if isinstance(node, nodes.RangeOf):
        return is_constant(node.low) and is_constant(node.high)
    if isinstance(node, nodes.Name):
        return False
    return not mentions_input(node) and not free_names(node) and all(map(_is_plain, _within(node)))


def _within(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _within(child)


def _is_plain(node: Node) -> bool:
    if isinstance(node, nodes.Call):
        return isinstance(node.target, nodes.Name) and node.target.name in _PURE
    return not isinstance(node, nodes.For | nodes.Quantified | nodes.Function | nodes.Filter)


def constant(node: Node) -> Value:
    """Work a constant out; FAILED where it has no value."""
    if isinstance(node, nodes.Literal):
        return node.value
    if (
        isinstance(node, nodes.RangeOf)
        and isinstance(node.low, nodes.Literal)
        and isinstance(node.high, nodes.Literal)
    ):
        ends = (node.low.value, node.high.value)
        if all(type(end) is Decimal for end in ends) and ends[0] <= ends[1]:
            return Range(*ends, node.low_included, node.high_included)
    recorder = Recorder()
    value = compile_expression(node)({}, recorder)
    return FAILED if recorder.diagnostics else value


def written(node: Node, text: str) -> str:
    """Return the text of a node, with spaces evened out."""
    return " ".join(text[node.start : node.end].split())


def constants(formula: Formula) -> Iterator[WithConstant]:
    """Give the comparisons with constants within a formula."""
    if isinstance(formula, WithConstant):
        yield formula
    elif isinstance(formula, AllOf | AnyOf | NoneOf):
        for part in formula.parts:
            yield from constants(part)


def names(formula: Formula) -> Iterator[WithName]:
    """Give the comparisons with names within a formula."""
    if isinstance(formula, WithName):
        yield formula
    elif isinstance(formula, AllOf | AnyOf | NoneOf):
        for part in formula.parts:
            yield from names(part)


def as_written(formula: Formula) -> Iterator[AsWritten]:
    """Give the tests within a formula that cannot be taken apart."""
    if isinstance(formula, AsWritten):
        yield formula
    elif isinstance(formula, AllOf | AnyOf | NoneOf):
        for part in formula.parts:
            yield from as_written(part)
