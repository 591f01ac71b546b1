"""What the judgement of a service's tables says, as findings."""

from collections.abc import Iterator, Mapping

from dugnad.rulebook.checks.reading import Part, Reading
from dugnad.rulebook.checks.tables.axis import ANYTHING, Domain, Listed
from dugnad.rulebook.checks.tables.feasible import Bounds
from dugnad.rulebook.checks.tables.judging import Context, Judged, Overlap, judge
from dugnad.rulebook.checks.tables.words import either, region_words
from dugnad.rulebook.checks.types.inference import Inference
from dugnad.rulebook.checks.types.model import Type
from dugnad.rulebook.checks.types.service import ServiceTypes
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.located import Finding, Place, suggest
from dugnad.rulebook.rules.compiling import inside
from dugnad.rulebook.rules.source import Step, Text
from dugnad.rulebook.tables import HitPolicy, Table

_SINGLE_KINDS = 1


def judged_tables(types: ServiceTypes) -> Iterator[Finding]:
    """Find gaps, overlaps, rows that never decide and columns that decide nothing, in every table."""
    reading = types.reading
    for name, table in reading.tables.items():
        step = reading.source.steps[name]
        if step.table is not None and not _unread(reading, name, table):
            found = judge(table, context_of(types, step))
            yield from _Told(types.reading, step, step.table, table, found).findings()


def _unread(reading: Reading, name: str, table: Table) -> bool:
    """Tell whether a cell could not be parsed: the compiler has said so, and the rest cannot be judged."""
    cells = sum(part.role == "cell" for part in reading.of("step", name))
    return cells < len(table.rows) * len(table.inputs)


def context_of(types: ServiceTypes, step: Step) -> Context:
    """Return what is known around a step's table: its names, its inputs' domains, its names' bounds."""
    reading = types.reading
    names = reading.words.by_scope[step.scope]

    def type_of(node: Node) -> Type:
        return Inference(lambda name: types.name(name, step.scope), lambda _node: "").of(node, {})

    def scalar(node: Node) -> bool:
        found = type_of(node)
        return (
            isinstance(node, nodes.Name | nodes.Path)
            if not found.kinds
            else not found.can_be(("list", "range"))
        )

    def bounds(text: str) -> Bounds:
        found = types.name(text, step.scope)
        return (found.low, found.high) if found is not None else (None, None)

    headings = [part for part in reading.of("step", step.name) if part.role == "heading"]
    domains = [domain_of(types.part(part), reading.words.units.get(part.written, "")) for part in headings]
    return Context(names, domains, scalar, bounds)


def domain_of(found: Type, unit: str = "") -> Domain:
    """Return what an input can be, from what is known of its type."""
    if len(found.present) != _SINGLE_KINDS:
        return Domain(unit=unit) if unit else ANYTHING
    (kind,) = found.present
    values = None
    if found.values is not None:
        values = tuple(sorted(found.values))
    return Domain(kind, found.whole, found.low, found.high, values, found.nullable, unit)


class _Told:
    """One table's judgement, told."""

    def __init__(self, reading: Reading, step: Step, text: Text, table: Table, found: Judged) -> None:
        self.step = step
        self.text = text
        self.table = table
        self.found = found
        self.units: Mapping[str, str] = reading.words.units
        self.cells: dict[tuple[int, int], Part] = {
            (part.row, part.column): part for part in reading.of("step", step.name) if part.role == "cell"
        }

    def findings(self) -> Iterator[Finding]:
        name = self.step.name
        yield from self.gaps()
        for overlap in self.found.overlaps:
            yield self.overlap(overlap)
        for row, column in self.found.never:
            yield self.never(row, column)
        for row, takers in self.found.masked.items():
            numbers = [str(taker + 1) for taker in takers]
            who = f"row {numbers[0]} takes" if len(numbers) == 1 else f"rows {either(numbers, 'and')} take"
            what = f"row {row + 1} of '{name}' is never reached: {who} all it would match"
            yield Finding.at(
                self.row(row),
                "unreachable",
                what,
                "Move it up, narrow the row before, or remove it.",
                "warning",
            )
        for row, other in self.found.needless.items():
            what = (
                f"row {row + 1} of '{name}' changes nothing: row {other + 1} says the same of all it matches"
            )
            yield Finding.at(
                self.row(row), "needless-row", what, "Remove it, or let it say something else.", "warning"
            )
        for first, second in self.found.same:
            what = f"row {second + 1} of '{name}' says the same as row {first + 1}"
            yield Finding.at(self.row(second), "duplicate-row", what, "Remove one of them.", "warning")
        for column in self.found.idle:
            what = f"the column '{self.table.inputs[column].label}' of '{name}' decides nothing"
            mend = "Remove the column, or write in a row what it demands."
            yield Finding.at(self.head(), "idle-column", what, mend, "warning")
        yield from self.unjudged()

    def never(self, row: int, column: int) -> Finding:
        """Tell of a cell that can match nothing, and of what may have been meant."""
        part = self.cells[row, column]
        label = self.table.inputs[column].label
        what = f"row {row + 1} of '{self.step.name}' can never match: {label} is never {part.written}"
        first = next((axis for axis in self.found.axes if axis.column == column), None)
        texts = [one for one in first.values if isinstance(one, str)] if isinstance(first, Listed) else []
        known = [one for one in texts if f'"{one}"' != part.written]
        mend = suggest(part.written.strip('"'), known) if known else "Mend the cell, or remove the row."
        return Finding.at(part.place(), "never-matches", what, mend)

    def gaps(self) -> Iterator[Finding]:
        found = self.found
        more = " (and more)" if found.more and len(found.gaps) > 1 else ""
        for gap in found.gaps:
            where = region_words(found.axes, gap, self.units)
            what = f"no row of '{self.step.name}' decides: {where}{more}"
            mend = "Add a row for it, or a last row with - in an F table."
            yield Finding.at(self.head(), "gap", what, mend, "warning")

    def overlap(self, one: Overlap) -> Finding:
        where = region_words(self.found.axes, one.where, self.units)
        verb = "both match" if one.certain else "may both match"
        what = f"rows {one.first + 1} and {one.second + 1} of '{self.step.name}' {verb}: {where}"
        if self.table.hit_policy is HitPolicy.ANY:
            what += "; they do not give the same"
            mend = "Let the rows exclude each other, or give the same."
        else:
            mend = "Let the rows exclude each other, or make it an F table: the first row that matches."
        return Finding.at(self.row(one.second), "overlap", what, mend, "error" if one.certain else "warning")

    def unjudged(self) -> Iterator[Finding]:
        for reason in self.found.unjudged:
            what = f"'{self.step.name}' cannot be judged in full: {reason}"
            mend = "Write the cells with constants and names, or split the table."
            yield Finding.at(self.head(), "not-judged", what, mend, "information")

    def head(self) -> Place:
        """Return the place of the table's first line."""
        return inside(self.text, len(self.text.text) - len(self.text.text.lstrip()))

    def row(self, number: int) -> Place:
        """Return the place of a row's first cell."""
        row = self.table.rows[number]
        return inside(self.text, (*row.inputs, *row.outputs)[0].start)
