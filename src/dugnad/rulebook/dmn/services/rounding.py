"""The box that rounds, for editors that have no boxes: a formula on one line, a table as a decision of its own; and
both read back as the box they were.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dugnad.rulebook.dmn.model import (
    Context,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    DrgElement,
    Expression,
    InformationItem,
    InformationRequirement,
    LiteralExpression,
    Reference,
)

UNROUNDED = "urundet"
ROUNDED = "avrundet"
_TABLE = "__urundet"
"""What the id of a table's own decision ends in."""


def on_one_line(expression: Expression | None) -> Expression | None:
    """Return a formula with its rounding as one formula; anything else, a table that is rounded too, as it is."""
    parts = _parts(expression)
    if parts is None:
        return expression
    inner, rounding = parts
    return LiteralExpression(text=f"{{{UNROUNDED}: {inner}{_end(rounding)}")


def boxed(mine: Expression | None, theirs: Expression | None) -> Expression | None:
    """Return their formula as the box that rounds it, where it is `mine` on one line, changed or not."""
    parts = _parts(mine)
    if parts is None or not isinstance(mine, Context) or not isinstance(theirs, LiteralExpression):
        return theirs
    text, start, end = (theirs.text or "").strip(), f"{{{UNROUNDED}: ", _end(parts[1])
    if not text.startswith(start) or not text.endswith(end):
        return theirs
    inner = replace(theirs, text=text[len(start) : -len(end)])
    return replace(mine, entries=(replace(mine.entries[0], expression=inner), mine.entries[1]))


def _parts(expression: Expression | None) -> tuple[str, str] | None:
    """Return a formula and how it is rounded; None for anything else."""
    if not isinstance(expression, Context) or len(expression.entries) != 2:  # noqa: PLR2004 - the two of such a box
        return None
    first, last = expression.entries
    named = first.variable is not None and first.variable.name == UNROUNDED
    if not (
        named
        and isinstance(first.expression, LiteralExpression)
        and isinstance(last.expression, LiteralExpression)
    ):
        return None
    return first.expression.text or "null", last.expression.text or "null"


def _end(rounding: str) -> str:
    return f", {ROUNDED}: {rounding}}}.{ROUNDED}"


def without_boxes(drg: Iterable[DrgElement]) -> tuple[DrgElement, ...]:
    """Return the elements of a model with no box that rounds in them."""
    elements = tuple(drg)
    names = {one.id or "": one.name for one in elements}
    tables = {one.id or "": one for one in elements if isinstance(one, Decision) and _table(one) is not None}
    apart = {id_: one for id_, one in tables.items() if f"{one.name} {UNROUNDED}" not in names.values()}
    made: list[DrgElement] = []
    for one in elements:
        if isinstance(one, Decision) and one.id in apart:
            made += _apart(one, names)
        elif isinstance(one, Decision):
            made.append(replace(one, expression=on_one_line(one.expression)))
        elif isinstance(one, DecisionService):
            held = (to.id for to in (*one.output_decisions, *one.encapsulated_decisions))
            more = tuple(Reference(href=f"#{id_}{_TABLE}") for id_ in held if id_ in apart)
            made.append(replace(one, encapsulated_decisions=(*one.encapsulated_decisions, *more)))
        else:
            made.append(one)
    return tuple(made)


def with_boxes(theirs: Definitions, mine: Definitions) -> Definitions:
    """Return a model with every table that `mine` rounds in its box again."""
    boxes = {one.id or "": one for one in mine.drg if isinstance(one, Decision) and _table(one) is not None}
    apart = {f"{id_}{_TABLE}" for id_ in boxes} & {one.id for one in theirs.drg}
    made: list[DrgElement] = []
    for one in theirs.drg:
        table = theirs.find(f"{one.id}{_TABLE}") if isinstance(one, Decision) else None
        if isinstance(one, Decision) and isinstance(table, Decision) and one.id in boxes:
            made.append(replace(one, expression=_box(boxes[one.id].expression, one, table)))
        elif isinstance(one, DecisionService):
            kept = tuple(to for to in one.encapsulated_decisions if to.id not in apart)
            made.append(replace(one, encapsulated_decisions=kept))
        elif one.id not in apart:
            made.append(one)
    return replace(theirs, drg=tuple(made))


def _table(one: Decision) -> DecisionTable | None:
    box = one.expression
    if not isinstance(box, Context) or len(box.entries) != 2:  # noqa: PLR2004 - the two of such a box
        return None
    first = box.entries[0]
    named = first.variable is not None and first.variable.name == UNROUNDED
    return first.expression if named and isinstance(first.expression, DecisionTable) else None


def _apart(one: Decision, names: Mapping[str, str]) -> Iterator[Decision]:
    """Give the decision with the table, and the one that rounds what it gives."""
    table = _table(one)
    assert isinstance(one.expression, Context)  # noqa: S101 - as _table found
    assert table is not None  # noqa: S101 - the caller has looked
    rounding = one.expression.entries[1].expression
    text = (rounding.text or "") if isinstance(rounding, LiteralExpression) else ""
    id_, name = f"{one.id}{_TABLE}", f"{one.name} {UNROUNDED}"
    said = " ".join(_texts(table))
    yield Decision(
        id=id_,
        name=name,
        description=f"Før avrunding: {one.name}",
        variable=InformationItem(name=name, type_ref=one.variable.type_ref if one.variable else None),
        information=tuple(
            replace(need, id=f"needs_{id_}__{to}")
            for need, to in _needs(one)
            if _speaks_of(said, names[to]) or not _speaks_of(text, names[to])
        ),
        expression=table,
    )
    kept = (need for need, to in _needs(one) if _speaks_of(text, names[to]))
    need = InformationRequirement(id=f"needs_{one.id}__{id_}", required_decision=Reference(href=f"#{id_}"))
    rounded = LiteralExpression(text=text.replace(UNROUNDED, name))
    yield replace(one, information=(*kept, need), expression=rounded)


def _needs(one: Decision) -> Iterator[tuple[InformationRequirement, str]]:
    for need in one.information:
        to = need.required_decision or need.required_input
        if to is not None:
            yield need, to.id


def _texts(table: DecisionTable) -> Iterator[str]:
    yield from ((clause.expression.text or "") for clause in table.inputs if clause.expression)
    for rule in table.rules:
        yield from (cell.text for cell in rule.inputs)
        yield from ((cell.text or "") for cell in rule.outputs)


def _speaks_of(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _box(mine: Expression | None, outer: Decision, table: Decision) -> Expression | None:
    assert isinstance(mine, Context)  # noqa: S101 - as _table found
    if not isinstance(outer.expression, LiteralExpression):
        return outer.expression
    rounding = replace(outer.expression, text=(outer.expression.text or "").replace(table.name, UNROUNDED))
    first, last = mine.entries
    return replace(
        mine, entries=(replace(first, expression=table.expression), replace(last, expression=rounding))
    )
