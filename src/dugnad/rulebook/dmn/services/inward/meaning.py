"""What an expression says, without the marks editors leave in it: ids, labels, types, layout, foreign elements."""

from dataclasses import fields
from typing import TypeAlias

from dugnad.rulebook.dmn.model import (
    Child,
    Context,
    DecisionTable,
    Expression,
    LiteralExpression,
    Part,
    Rule,
    UnaryTests,
)

Meaning: TypeAlias = tuple[object, ...]
_MARKS = frozenset(
    {"id", "label", "type_ref", "attributes", "foreign", "inner", "line", "extensions", "description", "orientation",
     "output_label", "expression_language"}
)  # fmt: skip


def meaning(expression: Part | None) -> Meaning:
    """Return the same value for expressions, or other parts of a model, that say the same."""
    return _of(expression) if expression is not None else ()


def _of(part: Part) -> Meaning:
    if isinstance(part, DecisionTable):
        return (
            "table",
            part.hit_policy or "UNIQUE",
            part.aggregation,
            tuple((_text(one.expression), _text(one.values)) for one in part.inputs),
            tuple(
                (one.name if len(part.outputs) > 1 else None, _text(one.default), _text(one.values))
                for one in part.outputs
            ),
            tuple(one.name for one in part.annotations),
            tuple(rule_meaning(rule) for rule in part.rules),
        )
    if isinstance(part, LiteralExpression | UnaryTests) and not getattr(part, "imported_values", None):
        return ("text", _plain(part.text))
    if isinstance(part, Child):
        return ("child", meaning(part.expression))
    found: list[object] = [type(part).__name__]
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in _MARKS or value in (None, ()):
            continue
        items = value if isinstance(value, tuple) else (value,)
        found.append((field.name, tuple(_of(one) if isinstance(one, Part) else one for one in items)))
    return tuple(found)


def rule_meaning(rule: Rule) -> Meaning:
    """Return what one row of a table says: its tests, its results and its annotations."""
    return (
        tuple(_plain(one.text) for one in rule.inputs),
        tuple(_plain(one.text) for one in rule.outputs),
        tuple((one.text or "").strip() for one in rule.annotations),
    )


def unwrapped(expression: Expression | None) -> Expression | None:
    """Return the table or formula inside the context that rounds it; anything else as it is."""
    if isinstance(expression, Context) and len(expression.entries) > 1:
        return expression.entries[0].expression
    return expression


def _text(expression: LiteralExpression | UnaryTests | None) -> str:
    return _plain(expression.text) if expression is not None else ""


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
