"""Units, checked before anything is calculated: formulas, cells and tailored values against what they say."""

from collections.abc import Iterator, Mapping

from dugnad.rulebook.feel import FeelSyntaxError, Node, parse, parse_unary_tests
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rules.compiling import StepOp, inside
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.source import Scope, Text
from dugnad.rulebook.tables import Cell
from dugnad.rulebook.units import Unit, UnitConflict, unit_named, unit_of

_WITHOUT = ("", "number")


def mixed_units(rules: Ruleset) -> Iterator[Finding]:
    """Find mix-ups in a service: kr and øre, month and year, an amount where hours should be."""
    measures = _Measures(rules)
    for scope in ("common", "each", "after"):
        for op in rules.operations(scope):
            yield from measures.step(op, scope)
    for stop in rules.source.stops:
        yield from measures.formula(stop.when, "after", "")
    for place in rules.source.open.values():
        if not place.one_of:
            for text in (place.otherwise, place.at_least, place.at_most):
                yield from measures.formula(text, "each", place.unit) if text else ()
    yield from tailored_units(rules)


def tailored_units(rules: Ruleset) -> Iterator[Finding]:
    """Find mix-ups in what an organisation has set: kr/år where the open place is kr/måned."""
    measures = _Measures(rules)
    for name, dated in rules.patch.open.items():
        place = rules.source.open[name]
        for _, text in dated if not place.one_of else ():
            yield from measures.formula(text, "each", place.unit)


def known_unit(name: str) -> Unit | None:
    """Return the unit of this name, a quotient such as måned/år too; None for numbers without unit.

    Raises ValueError for a unit nobody knows.
    """
    if name in _WITHOUT:
        return None
    try:
        return unit_named(name)
    except ValueError:
        top, slash, bottom = name.partition("/")
        if not slash:
            raise
    powers = dict(unit_named(top).dimensions)
    powers |= {part: -power for part, power in unit_named(bottom).dimensions}
    return Unit(name, tuple(sorted(powers.items())))


class _Measures:
    def __init__(self, rules: Ruleset) -> None:
        self.names = rules.words.by_scope
        self.units = dict(_known(rules.words.units))

    def formula(self, text: Text, scope: Scope, declared: str) -> Iterator[Finding]:
        node = self._parsed(text.text, scope, test=False)
        if node is not None:
            found = unit_of(node, self.units)
            yield from self._judged(found, declared, text, 0)

    def step(self, op: StepOp, scope: Scope) -> Iterator[Finding]:
        step = op.step
        if step.formula is not None:
            yield from self.formula(step.formula, scope, step.unit)
        for says in step.says:
            yield from self.formula(says.when, scope, "") if says.when else ()
        if op.table is None or step.table is None:
            return
        table = op.table.table
        for row in table.rows:
            for column, cell in zip(table.inputs, row.inputs, strict=True):
                yield from self._cell(column.expression, cell, step.table, scope)
            for cell in row.outputs:
                node = self._parsed(cell.text, scope, test=False)
                if node is not None:
                    yield from self._judged(unit_of(node, self.units), step.unit, step.table, cell.start)

    def _cell(self, heading: Node, cell: Cell, text: Text, scope: Scope) -> Iterator[Finding]:
        node = self._parsed(cell.text, scope, test=True)
        wanted, found = unit_of(heading, self.units), unit_of(node, self.units) if node is not None else None
        if isinstance(found, Unit) and isinstance(wanted, Unit) and not found.same(wanted):
            yield _finding(text, cell.start, f"{wanted.name} is compared with {found.name}")
        elif isinstance(found, UnitConflict):
            yield _finding(text, cell.start, found.message)

    def _judged(
        self, found: Unit | UnitConflict | None, declared: str, text: Text, start: int
    ) -> Iterator[Finding]:
        if isinstance(found, UnitConflict):
            yield _finding(text, start, found.message)
            return
        wanted = _unit_or_none(declared)
        if found is not None and wanted is not None and not found.same(wanted):
            yield _finding(text, start, f"this is {found.name}, but {wanted.name} is declared")

    def _parsed(self, text: str, scope: Scope, *, test: bool) -> Node | None:
        read = parse_unary_tests if test else parse
        try:
            return read(text, names=self.names[scope], dialect="dugnad")
        except FeelSyntaxError:
            return None


def _known(units: Mapping[str, str]) -> Iterator[tuple[str, Unit]]:
    for name, written in units.items():
        unit = _unit_or_none(written)
        if unit is not None:
            yield name, unit


def _unit_or_none(written: str) -> Unit | None:
    """Take an unknown unit for none: `known_unit` lets the check report it where it is declared."""
    try:
        return known_unit(written)
    except ValueError:
        return None


def _finding(text: Text, start: int, what: str) -> Finding:
    mend = "Convert one of them, or declare the right unit."
    return Finding.at(inside(text, start), "unit", what, mend)
