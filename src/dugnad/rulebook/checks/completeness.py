"""Gaps and overlaps in tables, found by trying every combination of values at and between the cells' limits.

A column's limits are the constants of its cells; a name in a cell (`< kommunens pris`) stands for a limit of its
own. What lies between two limits behaves alike, so one value between them tells for all. Tables whose headings are
formulas, or that compare dates, are not tried.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice, pairwise, product

from dugnad.rulebook.feel import Node, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.facts import to_data
from dugnad.rulebook.rules.source import Scope
from dugnad.rulebook.trace import Recorder

MAX_COMBINATIONS = 5_000
_OTHER = "something else"
_NAMED = Decimal(1_000_003)
_SHOWN = 3


def incomplete_tables(rules: Ruleset) -> Iterator[Finding]:
    """Find combinations no row takes, and combinations several rows of a UNIQUE table take."""
    scopes: tuple[Scope, ...] = ("common", "each", "after")
    for scope in scopes:
        for op in rules.operations(scope):
            if op.table is not None:
                yield from islice(_tried(rules, op, scope), _SHOWN)


def _tried(rules: Ruleset, op: StepOp, scope: Scope) -> Iterator[Finding]:
    table, step = op.table, op.step
    if table is None or step.table is None:
        return
    names = rules.words.by_scope[scope]
    limits: dict[str, Value] = {}
    columns: list[tuple[str, list[Value]]] = []
    for at, column in enumerate(table.table.inputs):
        cells = [
            parse_unary_tests(row.inputs[at].text, names=names, dialect="dugnad") for row in table.table.rows
        ]
        tried = _candidates(cells, limits, rules.words.units.get(column.label, ""))
        if tried is None or not isinstance(column.expression, nodes.Name):
            return
        columns.append((column.expression.name, tried))
    headings = [name for name, _ in columns]
    for chosen in islice(product(*(tried for _, tried in columns)), MAX_COMBINATIONS):
        recorder = Recorder()
        table({**limits, **dict(zip(headings, chosen, strict=True))}, recorder)
        for one in recorder.diagnostics:
            if one.code in ("no-row", "overlap"):
                where = ", ".join(
                    f"{name} {_worded(value, limits)}" for name, value in zip(headings, chosen, strict=True)
                )
                gap = one.code == "no-row"
                what = f"'{step.name}': {'no row' if gap else 'more than one row'} for {where}"
                mend = (
                    "Add a row for it, or - in a last row of an F table."
                    if gap
                    else "Let the rows exclude each other."
                )
                yield Finding.at(
                    step.table.place, "gap" if gap else "overlap", what, mend, "warning" if gap else "error"
                )


def _worded(value: Value, limits: Mapping[str, Value]) -> str:
    """Return a tried value in words: what stands for a name is no number anyone has written."""
    named = {limit: name for name, limit in limits.items()}
    if isinstance(value, Decimal) and limits and value > _NAMED / 2:
        below = [limit for limit in named if isinstance(limit, Decimal) and limit < value]
        if value in named:
            return f"= {named[value]}"
        return f"> {named[max(below)]}" if below else f"< {named[min(named)]}"
    return f"= {to_data(value)}"


def _candidates(cells: list[Node], limits: dict[str, Value], unit: str) -> list[Value] | None:
    """Return the values to try in a column; None where it cannot be told which."""
    found = [value for cell in cells for value in _constants(cell, limits)]
    if not found:
        return [True, False] if any(True for cell in cells for _ in children(cell)) else [None]
    if all(isinstance(value, bool) for value in found):
        return [True, False]
    if all(isinstance(value, str) for value in found):
        return [*dict.fromkeys(found), _OTHER]
    if all(isinstance(value, Decimal) for value in found):
        return _numbers(sorted(set(found)), cells, unit)
    return None


def _numbers(limits: list[Decimal], cells: list[Node], unit: str) -> list[Value]:
    """Return the limits, a value between each two, one above, and one below where some cell tests downwards."""
    whole = not unit and all(limit == limit.to_integral_value() for limit in limits)
    between = [low + 1 if whole else (low + high) / 2 for low, high in pairwise(limits)]
    tried = {*limits, *between, limits[-1] + 1}
    if any(_tests_downwards(cell) for cell in cells):
        tried.add(limits[0] - 1)
    return sorted(tried)


def _tests_downwards(node: Node) -> bool:
    if isinstance(node, nodes.Test) and node.op in ("<", "<=", "!="):
        return True
    if isinstance(node, nodes.UnaryTests) and (node.negated or not node.tests):
        return True
    return any(_tests_downwards(child) for child in children(node))


def _constants(node: Node, limits: dict[str, Value]) -> Iterator[Value]:
    if isinstance(node, nodes.Literal):
        yield node.value
    elif isinstance(node, nodes.Name) and node.name != "?":
        yield limits.setdefault(node.name, _NAMED * (len(limits) + 1))
    else:
        for child in children(node):
            yield from _constants(child, limits)
