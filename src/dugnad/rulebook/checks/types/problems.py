"""A problem in an expression, and the words for it."""

from dataclasses import dataclass
from decimal import Decimal

from dugnad.rulebook.checks.types.model import NULL, Type, of
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import Value, kind_of
from dugnad.rulebook.located import Severity, suggest


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a node. `code`, `what`, `mend` and `severity` are those of a finding."""

    node: Node
    code: str
    what: str
    mend: str
    severity: Severity = "error"


def of_value(value: Value) -> Type:
    """Return the type of a constant."""
    kind = kind_of(value)
    if kind == "number":
        exact = Decimal(value)
        return Type(
            frozenset((kind,)),
            values=frozenset((exact,)),
            low=exact,
            high=exact,
            whole=exact == exact.to_integral_value(),
        )
    if kind == "string":
        return Type(frozenset((kind,)), values=frozenset((value,)))
    return NULL if value is None else of(kind)


def because(left: Type, right: Type) -> str:
    """Say what the left side can be, where it is one of a few texts."""
    for one in (left, right):
        if one.values is not None and len(one.values) > 1:
            return f"; it is one of {', '.join(sorted(map(str, one.values)))}"
    return ""


def nearest(left: Type, right: Type) -> str:
    """Suggest the value that was meant, where one side lists what it can be."""
    for one, other in ((left, right), (right, left)):
        if one.values is not None and other.values is not None and len(other.values) == 1:
            (wanted,) = other.values
            if isinstance(wanted, str):
                return suggest(wanted, map(str, one.values))
    return "Remove the comparison, or compare with something it can be."
