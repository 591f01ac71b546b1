"""DMN's decision tables → the rulebook's (DMN 1.5, chapter 8)."""

from collections.abc import Iterator

from dugnad.rulebook.dmn import model
from dugnad.rulebook.dmn.execution.base import Base
from dugnad.rulebook.dmn.execution.nodes import Allowed, TableOf
from dugnad.rulebook.feel.compiler.builder import Builder
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.scope import Scope
from dugnad.rulebook.feel.typed import ANY, FeelType, ListType
from dugnad.rulebook.tables.model import Cell, HitPolicy, Input, Output, Row, Table, TableError
from dugnad.rulebook.tables.prepare import prepare

_AGGREGATED = {
    "SUM": HitPolicy.SUM,
    "MIN": HitPolicy.MIN,
    "MAX": HitPolicy.MAX,
    "COUNT": HitPolicy.COUNT,
}
_LISTS = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})


def policy_of(box: model.DecisionTable) -> HitPolicy:
    """Give the hit policy; DMN takes UNIQUE for granted."""
    if box.hit_policy == "COLLECT" and box.aggregation is not None:
        return _AGGREGATED[box.aggregation]
    return HitPolicy.named(box.hit_policy or "UNIQUE")


def table_node(base: Base, box: model.DecisionTable, scope: Scope, asked: str | None = None) -> Node:
    """Give a table as a node; one with something wrong in it is reported, every error, and refused.

    ``asked`` is the type of the value around it, where the table names none.
    """
    strange = next(filter(None, map(base.foreign, _texts(box))), None)
    if strange is not None:
        return strange
    names = [output.name or output.label or f"output {at}" for at, output in enumerate(box.outputs, 1)]
    try:
        policy = policy_of(box)
    except (KeyError, ValueError):
        mend = "Write UNIQUE, ANY, PRIORITY, FIRST, COLLECT or another."
        return _refused(base, box, "has no hit policy that DMN knows", mend)
    if len(set(names)) < len(names):
        return _refused(
            base, box, "has two outputs of one name", "Give one of them another; a value would be lost."
        )
    kinds = [_output_type(base, output, name) for output, name in zip(box.outputs, names, strict=True)]
    start = base.text("", box.line)
    table = Table(
        inputs=tuple(_input(base, clause, scope) for clause in box.inputs),
        outputs=tuple(
            _output(base, box, clause, name, asked) for clause, name in zip(box.outputs, names, strict=True)
        ),
        rows=tuple(_row(base, box, rule) for rule in box.rules),
        hit_policy=policy,
        name=base.element,
        law=base.law,
        dialect="dmn",
        start=start,
        end=start,
    )
    cells = tuple(None if kind == ANY or _of_all_rows(policy, kind) else kind for kind in kinds)
    builder = Builder(names=frozenset(scope.all_names()), types=base.visible, missing="null")
    try:
        prepared = prepare(table, builder, scope)
    except TableError as error:
        _report(base, error, box)
        return _refused(base, box, "has errors", "Correct the cells named.")
    return TableOf(start, start, prepared, builder.size, cells)


def _refused(base: Base, box: model.DecisionTable, what: str, mend: str) -> Node:
    return base.refused(box.line, "syntax", f"The table of “{base.element}” {what}.", mend)


def _texts(box: model.DecisionTable) -> Iterator[model.UnaryTests | model.LiteralExpression]:
    """Give every text of a table but its input expressions."""
    yield from (clause.values for clause in box.inputs if clause.values)
    yield from (clause.values for clause in box.outputs if clause.values)
    yield from (clause.default for clause in box.outputs if clause.default)
    for rule in box.rules:
        yield from rule.inputs
        yield from rule.outputs


def _of_all_rows(policy: HitPolicy, kind: FeelType) -> bool:
    """Tell whether a column's type must be meant for the whole result, not for one row's cell."""
    return policy is HitPolicy.COUNT or (policy in _LISTS and isinstance(kind, ListType))


def _report(base: Base, error: TableError, box: model.DecisionTable) -> None:
    """Report everything wrong in the cells, each at its line."""
    for problem in error.problems:
        place = base.places.at(problem.error.start)
        line = place.line if place and place.line else box.line
        row = f"row {problem.row}" if problem.row else "the head"
        what = f"In {row} of the table of “{base.element}”: {problem.error}"
        base.report(base.file, line, what, "Correct it there.")


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
        said = " ".join(allowed.text.split())
        node = Allowed(node.start, node.end, node, base.types.narrowed(ANY, allowed, said), said)
    label = clause.label or (box.text if box and box.text else "")
    return Input(label.strip(), node, None if allowed is None else _cell(base, allowed, ""))


def _output_type(base: Base, clause: model.OutputClause, name: str) -> FeelType:
    """Give the type of an output column, narrowed by the values it says it can have."""
    kind = base.types.named(clause.type_ref, clause.line)
    if clause.values is None or clause.values.text.strip() == "-":
        return kind
    return base.types.narrowed(kind, clause.values, f"{name} (one of {' '.join(clause.values.text.split())})")


def _output(
    base: Base, box: model.DecisionTable, clause: model.OutputClause, name: str, asked: str | None
) -> Output:
    values = clause.values or _values_of(base, box, clause, asked)
    return Output(
        name,
        _cell(base, values, "") if values is not None and values.text.strip() not in ("", "-") else None,
        _cell(base, clause.default, "null") if clause.default is not None else None,
    )


def _values_of(
    base: Base, box: model.DecisionTable, clause: model.OutputClause, asked: str | None
) -> model.UnaryTests | None:
    """Give the allowed values of a column's type: they rank outputs where the column itself names none (8.2.11).

    A single column has the type of the table (8.3.3), one of several that of the part with its name.
    """
    if clause.type_ref:
        return base.types.values(clause.type_ref)
    return base.types.values(asked, "" if len(box.outputs) == 1 else clause.name or "")


def _row(base: Base, box: model.DecisionTable, rule: model.Rule) -> Row:
    heads = [clause.name or f"annotation {at}" for at, clause in enumerate(box.annotations, 1)]
    texts = [(entry.text or "").strip() for entry in rule.annotations]
    notes = dict(zip(heads, texts, strict=False))
    said = (rule.description or "").strip()
    if said and not (any(texts) and all(text in said for text in texts)):
        notes["description"] = said
    return Row(
        tuple(_cell(base, entry, "-") for entry in rule.inputs),
        tuple(_cell(base, entry, "null") for entry in rule.outputs),
        notes,
    )


def _cell(base: Base, box: model.UnaryTests | model.LiteralExpression, empty: str) -> Cell:
    text = box.text if box.text is not None and box.text.strip() else empty
    return Cell(text, base.text(text, box.line))
