"""What is written otherwise than it was meant: 1-4 for an interval, ends the wrong way round, no day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from dugnad.rulebook.checks.types.problems import Problem
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node

Said = Callable[[Node], str]
_ENDS = 2
_PARTS_OF_A_DATE = 3


def no_interval(node: Node, said: Said) -> Problem | None:
    """Find a test that is one number less another: 1-4, [1-4]."""
    inner = node.items[0] if isinstance(node, nodes.ListOf) and len(node.items) == 1 else node
    if not isinstance(inner, nodes.Arithmetic) or inner.op != "-":
        return None
    if not all(isinstance(side, nodes.Literal) for side in (inner.left, inner.right)):
        return None
    low, high = said(inner.left), said(inner.right)
    what = f"'{said(node)}' is a subtraction: {low} less {high}"
    return Problem(node, "dash", what, f"An interval is written [{low}..{high}].")


def backwards(node: nodes.RangeOf | nodes.Between, said: Said) -> Problem | None:
    """Find an interval whose ends, as written, stand the wrong way round."""
    ends = [end.value for end in (node.low, node.high) if isinstance(end, nodes.Literal)]
    if len(ends) < _ENDS or type(ends[0]) is not type(ends[1]) or type(ends[0]) not in (Decimal, str, date):
        return None
    if ends[0] <= ends[1]:
        return None
    what = f"'{said(node)}' holds nothing: it begins after it ends"
    return Problem(node, "never-matches", what, "Write the lower end first, as [1..5].")


def no_day(node: nodes.Call, said: Said) -> Problem | None:
    """Find a date(year, month, day) that no calendar has, as far as month and day are written out."""
    if node.named is not None or len(node.arguments) != _PARTS_OF_A_DATE:
        return None
    year, month, day = (one.value if isinstance(one, nodes.Literal) else None for one in node.arguments)
    shown = 2024 if type(year) is not Decimal else year
    try:
        date(
            int(shown),
            1 if type(month) is not Decimal else int(month),
            1 if type(day) is not Decimal else int(day),
        )
    except (ValueError, OverflowError):
        what = f"'{said(node)}' is no day of any year"
        return Problem(node, "arguments", what, "Write date(year, month, day): the month before the day.")
    return None
