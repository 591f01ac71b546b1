"""Control points against each other, as far as truth tables can tell: always, never, twice, and all cases at once."""

from collections.abc import Iterator, Sequence
from itertools import product

from dugnad.rulebook.checks.reading import Part, Reading
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.located import Finding

MOST_QUESTIONS = 12
"""Questions in one truth table: 4,096 rows."""
Column = tuple[bool, ...]
"""Whether a condition holds in each row of the table."""


def odd_stops(reading: Reading) -> Iterator[Finding]:
    """Find control points that always or never stop, that say the same, or that leave no case automatic."""
    parts = [part for part in reading.parts if part.role == "stop"]
    seen: list[tuple[Part, Column]] = []
    for part in parts:
        columns = _columns([part])
        if columns is None:
            continue
        (column,) = columns
        if all(column):
            what = f"'{part.name}' always stops: no case is ever automatic"
            yield Finding.at(part.place(), "stops-always", what, "Write when it is to stop.")
        elif not any(column):
            what = f"'{part.name}' never stops"
            yield Finding.at(
                part.place(), "stops-never", what, "Write when it is to stop, or remove it.", "warning"
            )
        else:
            yield from _beside(part, [other for other, _ in seen])
            seen.append((part, column))


def _beside(part: Part, others: Sequence[Part]) -> Iterator[Finding]:
    """Compare a control point with those before it."""
    for other in others:
        columns = _columns([other, part])
        if columns is None:
            continue
        if columns[0] == columns[1]:
            what = f"'{part.name}' stops exactly where '{other.name}' does"
            yield Finding.at(part.place(), "stops-twice", what, "Remove one of them.", "warning")
        elif all(map(max, *columns)):
            what = f"every case stops, at '{other.name}' or at '{part.name}'"
            yield Finding.at(
                part.place(), "stops-always", what, "Let some cases pass, or let a person decide all."
            )


def _columns(parts: Sequence[Part]) -> tuple[Column, ...] | None:
    """Return a truth table's columns; None where there are too many questions."""
    questions: dict[str, None] = {}
    for part in parts:
        questions.update(dict.fromkeys(_questions(part, part.node)))
    if len(questions) > MOST_QUESTIONS:
        return None
    rows = [dict(zip(questions, row, strict=True)) for row in product((True, False), repeat=len(questions))]
    return tuple(tuple(_holds(part, part.node, row) for row in rows) for part in parts)


def _questions(part: Part, node: Node) -> Iterator[str]:
    inner = _inner(node)
    if inner is None:
        yield part.said(node)
    for child in inner or ():
        yield from _questions(part, child)


def _holds(part: Part, node: Node, answers: dict[str, bool]) -> bool:
    inner = _inner(node)
    if inner is None:
        return answers[part.said(node)]
    found = [_holds(part, child, answers) for child in inner]
    if isinstance(node, nodes.Literal):
        return node.value is True
    if isinstance(node, nodes.Logic):
        return all(found) if node.op == "and" else any(found)
    if isinstance(node, nodes.Compare):
        same = isinstance(node.right, nodes.Literal) and node.right.value is True
        return found[0] is (same is (node.op == "="))
    return not found[0]


def _inner(node: Node) -> tuple[Node, ...] | None:
    """Return what a condition is made of; None for a question of its own."""
    if isinstance(node, nodes.Literal) and isinstance(node.value, bool):
        return ()
    if isinstance(node, nodes.Logic):
        return node.items
    if isinstance(node, nodes.Call) and isinstance(node.target, nodes.Name) and node.target.name == "not":
        return node.arguments if len(node.arguments) == 1 else None
    if isinstance(node, nodes.Compare) and node.op in ("=", "!=") and isinstance(node.right, nodes.Literal):
        return (node.left,) if isinstance(node.right.value, bool) else None
    return None
