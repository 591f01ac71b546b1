"""What a table of DMN says beside its cells, said with cells: priorities as the order of rows, a default as a last row.

A service's table has no list of output values. But the first row that matches, when rows stand by the priority of
their results, is the row of the highest priority; and all that match, so ordered, are in output order.
"""

from collections.abc import Sequence
from dataclasses import replace

from dugnad.rulebook.dmn.model import (
    AnnotationEntry,
    DecisionTable,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)
from dugnad.rulebook.dmn.model.expressions import HitPolicyName
from dugnad.rulebook.dmn.services.inward.boxed import Note, is_feel
from dugnad.rulebook.feel import FeelSyntaxError, Value, free_names, parse
from dugnad.rulebook.feel.compiler import compile_expression
from dugnad.rulebook.feel.operators import same_value

_BY_ORDER: dict[str, HitPolicyName] = {"PRIORITY": "FIRST", "OUTPUT ORDER": "RULE ORDER"}


def carried(table: DecisionTable, note: Note) -> DecisionTable:
    """Return a table as a service can hold it; `note` is told of everything that is said otherwise, or not at all."""
    for column in table.inputs:
        if column.values is not None and column.values.text.strip() not in ("", "-"):
            head = column.label or (column.expression.text if column.expression else "")
            what = f"the values allowed in the column '{head}' are not carried: {_plain(column.values.text)}"
            note(column.values, what, "If the column is a fact, list them there: one of, in facts.yaml.")
    cells: list[UnaryTests | LiteralExpression] = [one.expression for one in table.inputs if one.expression]
    for rule in table.rules:
        cells += (*rule.inputs, *rule.outputs)
    for cell in cells:
        if not is_feel(cell.expression_language):
            note(cell, f"a cell is written in {cell.expression_language}, not in FEEL")
    return _with_last_row(_by_order(table, note), note)


def _by_order(table: DecisionTable, note: Note) -> DecisionTable:
    policy = _BY_ORDER.get(table.hit_policy or "")
    if policy is None:
        for column in table.outputs:
            if column.values is not None and column.values.text.strip() not in ("", "-"):
                what = f"the values the result may have are not carried: {_plain(column.values.text)}"
                note(column.values, what, "The rows say what can come out; leave it so.")
        return table
    try:
        orders = [_constants(column.values.text) if column.values else [] for column in table.outputs]
        ranks = [_rank(rule, orders) for rule in table.rules]
    except (_NotConstantError, FeelSyntaxError) as error:
        what = f"its policy {table.hit_policy} is not carried: {error}"
        note(table, what, f"Put the rows in the order of priority, and write {policy[0]}.")
        return table
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    shown = ", ".join(str(at + 1) for at in order)
    what = f"its policy {table.hit_policy} is carried as {policy}, with the rows in the order {shown}"
    note(table, what, "It gives the same; from now on the order of the rows is the priority.")
    return replace(
        table,
        hit_policy=policy,
        rules=tuple(table.rules[at] for at in order),
        outputs=tuple(replace(column, values=None) for column in table.outputs),
    )


class _NotConstantError(ValueError):
    pass


def _constants(text: str) -> list[Value]:
    node = parse(f"[{text}]", dialect="dmn")
    if free_names(node):
        raise _NotConstantError(f"the output values {_plain(text)} are no plain list")
    found = compile_expression(node, missing="null")({})
    return found if isinstance(found, list) else []


def _rank(rule: Rule, orders: Sequence[list[Value]]) -> tuple[int, ...]:
    """Return the places of a row's results among the output values; what is not among them comes last."""
    ranks = []
    for cell, order in zip(rule.outputs, orders, strict=False):
        if not order:
            ranks.append(0)
            continue
        (value,) = _constants(cell.text or "null") or [None]
        same = (at for at, known in enumerate(order) if same_value(value, known) is True)
        ranks.append(next(same, len(order)))
    return tuple(ranks)


def _with_last_row(table: DecisionTable, note: Note) -> DecisionTable:
    """Say the default as a last row that always matches."""
    if not any(column.default for column in table.outputs):
        return table
    said = ", ".join(_default(column) for column in table.outputs)
    policy = table.hit_policy or "UNIQUE"
    outputs = tuple(replace(column, default=None) for column in table.outputs)
    if policy not in ("UNIQUE", "ANY", "FIRST"):
        what = f"the default {said} is not carried: a table with the policy {policy} collects all its rows"
        note(table, what, "Say it where the result is used: if … = null then … else ….")
        return replace(table, outputs=outputs)
    if policy != "FIRST":
        what = f"the default {said} is carried as a last row, and the policy {policy} as FIRST"
        note(table, what, "Look whether rows overlap: under FIRST the upper one counts, and nobody is told.")
    last = Rule(
        inputs=tuple(UnaryTests(text="-") for _ in table.inputs),
        outputs=tuple(LiteralExpression(text=_default(column)) for column in table.outputs),
        annotations=tuple(AnnotationEntry(text="") for _ in table.annotations),
    )
    return replace(table, hit_policy="FIRST", outputs=outputs, rules=(*table.rules, last))


def _default(column: OutputClause) -> str:
    return _plain(column.default.text or "null") if column.default is not None else "null"


def _plain(text: str) -> str:
    return " ".join(text.split())
