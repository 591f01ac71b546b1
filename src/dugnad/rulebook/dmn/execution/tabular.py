"""DMN's decision tables → the rulebook's (DMN 1.5, chapter 8)."""

from dugnad.rulebook.dmn import model
from dugnad.rulebook.dmn.execution.base import Base
from dugnad.rulebook.dmn.execution.nodes import TableOf, Typed
from dugnad.rulebook.feel.compiler.builder import Builder
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.scope import Scope
from dugnad.rulebook.feel.typed import ANY, Constrained, FeelType
from dugnad.rulebook.tables.model import Cell, HitPolicy, Input, Output, Row, Table, TableError
from dugnad.rulebook.tables.prepare import prepare

_AGGREGATED = {
    "SUM": HitPolicy.SUM,
    "MIN": HitPolicy.MIN,
    "MAX": HitPolicy.MAX,
    "COUNT": HitPolicy.COUNT,
}
_UNTYPED = frozenset({HitPolicy.COUNT})


def policy_of(box: model.DecisionTable) -> HitPolicy:
    """Give the hit policy; DMN takes UNIQUE for granted."""
    if box.hit_policy == "COLLECT" and box.aggregation is not None:
        return _AGGREGATED[box.aggregation]
    return HitPolicy.named(box.hit_policy or "UNIQUE")


def table_node(base: Base, box: model.DecisionTable, scope: Scope) -> Node:
    """Give a table as a node; one with something wrong in it is reported, every error, and refused."""
    try:
        policy = policy_of(box)
    except (KeyError, ValueError):
        what = f"The table of “{base.element}” has no hit policy that DMN knows."
        return base.refused(
            box.line, "syntax", what, "Write UNIQUE, ANY, PRIORITY, FIRST, COLLECT or another."
        )
    names = [output.name or output.label or f"output {at}" for at, output in enumerate(box.outputs, 1)]
    kinds = [base.types.named(output.type_ref, output.line) for output in box.outputs]
    start = base.text("", box.line)
    table = Table(
        inputs=tuple(_input(base, clause, scope) for clause in box.inputs),
        outputs=tuple(
            _output(base, clause, name, kind)
            for clause, name, kind in zip(box.outputs, names, kinds, strict=True)
        ),
        rows=tuple(_row(base, box, rule) for rule in box.rules),
        hit_policy=policy,
        name=base.element,
        law=base.law,
        dialect="dmn",
        start=start,
        end=start,
    )
    asked = tuple(None if kind == ANY or policy in _UNTYPED else kind for kind in kinds)
    node = TableOf(start, start, table, scope, asked)
    return (
        node
        if _sound(base, node, box)
        else base.refused(
            box.line, "syntax", f"The table of “{base.element}” has errors.", "Correct the cells named."
        )
    )


def _sound(base: Base, node: TableOf, box: model.DecisionTable) -> bool:
    """Compile once to report everything wrong in the cells."""
    try:
        prepare(node.table, Builder(types=base.visible, missing="null"), node.scope)
    except TableError as error:
        for problem in error.problems:
            place = base.places.at(problem.error.start)
            line = place.line if place and place.line else box.line
            row = f"row {problem.row}" if problem.row else "the head"
            what = f"In {row} of the table of “{base.element}”: {problem.error}"
            base.report(base.file, line, what, "Correct it there.")
        return False
    return True


def _input(base: Base, clause: model.InputClause, scope: Scope) -> Input:
    box = clause.expression
    node = (
        base.literal(box, scope)
        if box
        else base.refused(
            clause.line, "no-logic", f"An input of “{base.element}” has no expression.", "Write one."
        )
    )
    if box is not None:
        node = base.typed(node, base.types.named(box.type_ref, box.line))
    allowed = clause.values
    if allowed is not None and allowed.text.strip() not in ("", "-"):
        kind = base.types.narrowed(ANY, allowed, f"one of {' '.join(allowed.text.split())}")
        node = Typed(node.start, node.end, node, kind)
    label = clause.label or (box.text if box and box.text else "")
    return Input(label.strip(), node, None if allowed is None else _cell(base, allowed, ""))


def _output(base: Base, clause: model.OutputClause, name: str, kind: FeelType) -> Output:
    values = clause.values or _values_of(base, clause.type_ref)
    if isinstance(kind, Constrained) and clause.values is not None:
        kind = kind.base
    return Output(
        name,
        _cell(base, values, "") if values is not None and values.text.strip() not in ("", "-") else None,
        _cell(base, clause.default, "null") if clause.default is not None else None,
    )


def _values_of(base: Base, ref: str | None) -> model.UnaryTests | None:
    """Give the allowed values of a type: they rank outputs where the column itself names none (8.2.11)."""
    item = base.types.items.get(ref or "")
    return item.allowed_values if item is not None else None


def _row(base: Base, box: model.DecisionTable, rule: model.Rule) -> Row:
    heads = [clause.name or f"annotation {at}" for at, clause in enumerate(box.annotations, 1)]
    texts = [(entry.text or "").strip() for entry in rule.annotations]
    notes = dict(zip(heads, texts, strict=False))
    if rule.description and rule.description.strip():
        notes["description"] = rule.description.strip()
    return Row(
        tuple(_cell(base, entry, "-") for entry in rule.inputs),
        tuple(_cell(base, entry, "null") for entry in rule.outputs),
        notes,
    )


def _cell(base: Base, box: model.UnaryTests | model.LiteralExpression, empty: str) -> Cell:
    text = box.text if box.text is not None and box.text.strip() else empty
    return Cell(text, base.text(text, box.line))
