"""One table's judgement, told as findings: each mistake once, with all the rows it concerns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dugnad.rulebook.checks.reading import Part, Reading
from dugnad.rulebook.checks.tables.judging import Judged, Overlap
from dugnad.rulebook.checks.tables.regions.axis import Listed
from dugnad.rulebook.checks.tables.regions.boxes import Whole
from dugnad.rulebook.checks.tables.since import since
from dugnad.rulebook.checks.tables.words import either, region_words
from dugnad.rulebook.located import Finding, Place, suggest
from dugnad.rulebook.rules.compiling import inside
from dugnad.rulebook.rules.source import Step, Text
from dugnad.rulebook.tables import HitPolicy, Table

MOST_ROWS = 6
"""Rows named one by one."""


class Told:
    """What was found in one table, in words."""

    def __init__(self, reading: Reading, step: Step, text: Text, table: Table, found: Judged) -> None:
        self.reading = reading
        self.step = step
        self.text = text
        self.table = table
        self.found = found
        self.units: Mapping[str, str] = reading.words.units
        self.cells: dict[tuple[int, int], Part] = {
            (part.row, part.column): part for part in reading.of("step", step.name) if part.role == "cell"
        }

    def findings(self) -> Iterator[Finding]:
        """Give every mistake once. What no row decides is told with the row that was meant to, where there is one."""
        found = self.found
        groups = list(grouped(found.overlaps))
        missing = self.missing() if any(one.certain for one in found.overlaps) or found.never else ""
        for at, group in enumerate(groups):
            yield self.overlap(group, missing if not at else "")
        for at, (row, column) in enumerate(found.never):
            yield self.never(row, column, missing if not at and not groups else "")
        if not missing:
            yield from self.gaps()
        yield from self.masked()
        for row, other in found.needless.items():
            what = f"row {row + 1} of '{self.step.name}' changes nothing: row {other + 1} says the same of all it matches"
            mend = "Remove it, or let it say something else."
            yield Finding.at(self.row(row), "needless-row", what, mend, "warning")
        for first, second in found.same:
            what = f"row {second + 1} of '{self.step.name}' says the same as row {first + 1}"
            yield Finding.at(self.row(second), "duplicate-row", what, "Remove one of them.", "warning")
        for column in () if found.masked else found.idle:
            what = f"the column '{self.table.inputs[column].label}' of '{self.step.name}' decides nothing"
            mend = "Remove the column, or write in a row what it demands."
            yield Finding.at(self.head(), "idle-column", what, mend, "warning")
        yield from self.unjudged()

    def never(self, row: int, column: int, missing: str) -> Finding:
        """Tell of a cell that can match nothing, and of what may have been meant."""
        part = self.cells[row, column]
        label = self.table.inputs[column].label
        what = (
            f"row {row + 1} of '{self.step.name}' can never match: {label} is never {part.written}{missing}"
        )
        first = next((axis for axis in self.found.axes if axis.column == column), None)
        texts = [one for one in first.values if isinstance(one, str)] if isinstance(first, Listed) else []
        known = [one for one in texts if f'"{one}"' != part.written]
        mend = suggest(part.written.strip('"'), known) if known else "Mend the cell, or remove the row."
        return Finding.at(part.place(), "never-matches", what, mend)

    def missing(self) -> str:
        """Say what no row decides, as the end of a sentence about something else."""
        gaps = [self.region(gap) for gap in self.found.gaps]
        return f"; and no row decides: {'; '.join(gaps[:2])}" if gaps else ""

    def region(self, gap: Whole) -> str:
        """Say where a gap is, and from when, where it depends on a rate."""
        words = region_words(self.found.axes, gap, self.units)
        return words + since(self.found.axes, gap, self.reading.rates)

    def gaps(self) -> Iterator[Finding]:
        """Tell of each region that no row decides."""
        found = self.found
        more = " (and more)" if found.more and len(found.gaps) > 1 else ""
        for gap in found.gaps:
            what = f"no row of '{self.step.name}' decides: {self.region(gap)}{more}"
            mend = "Add a row for it, or a last row with - in an F table."
            yield Finding.at(self.head(), "gap", what, mend, "warning")

    def masked(self) -> Iterator[Finding]:
        """Tell of rows that never decide, those together that the same rows take all from."""
        by_takers: dict[tuple[int, ...], list[int]] = {}
        for row, takers in self.found.masked.items():
            by_takers.setdefault(takers, []).append(row)
        for takers, rows in by_takers.items():
            who = f"{self.rows(takers)} {'takes' if len(takers) == 1 else 'take'} all"
            verb, whom = ("is", "it") if len(rows) == 1 else ("are", "they")
            what = f"{self.rows(rows)} of '{self.step.name}' {verb} never reached: {who} {whom} would match"
            mend = "Move it up, narrow the row before, or remove it."
            yield Finding.at(self.row(rows[0]), "unreachable", what, mend, "warning")

    def overlap(self, group: Sequence[Overlap], missing: str) -> Finding:
        """Tell of rows that match at once; of several pairs that share a row, at that row."""
        one, certain = group[0], any(pair.certain for pair in group)
        pairs = Counter(row for pair in group for row in (pair.first, pair.second))
        where = region_words(self.found.axes, one.where, self.units)
        name, may = self.step.name, "" if certain else "may "
        if len(group) == 1:
            place = one.second
            words = f"{self.rows((one.first, one.second))} of '{name}' {may}both match: {where}"
        else:
            place = pairs.most_common(1)[0][0]
            others = self.rows(sorted(row for row in pairs if row != place))
            verb = "also matches" if certain else "may also match"
            words = f"row {place + 1} of '{name}' {verb} what {others} match: {where}"
        if self.table.hit_policy is HitPolicy.ANY:
            words += "; they do not give the same"
        what = words + missing
        return Finding.at(
            self.row(place), "overlap", what, self.mended(group), "error" if certain else "warning"
        )

    def mended(self, group: Sequence[Overlap]) -> str:
        """Say how rows that match at once can be mended."""
        one = group[0]
        if len(group) == 1 and self.written(one.first) == self.written(one.second):
            return f"Remove row {one.second + 1}: it says the same as row {one.first + 1}."
        if self.table.hit_policy is HitPolicy.ANY:
            return "Let the rows exclude each other, or give the same."
        return "Let the rows exclude each other, or make it an F table: the first row that matches."

    def unjudged(self) -> Iterator[Finding]:
        """Tell of what could not be judged."""
        for reason in self.found.unjudged:
            what = f"'{self.step.name}' cannot be judged in full: {reason}"
            mend = "Write the cells with constants and names, or split the table."
            yield Finding.at(self.head(), "not-judged", what, mend, "information")

    def rows(self, rows: Sequence[int]) -> str:
        """Name rows: row 3, rows 2 and 3, rows 2 to 9."""
        numbers = [row + 1 for row in rows]
        if len(numbers) == 1:
            return f"row {numbers[0]}"
        if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:  # noqa: PLR2004 - a run
            return f"rows {numbers[0]} to {numbers[-1]}"
        return f"rows {either([str(one) for one in numbers], 'and')}"

    def written(self, row: int) -> list[str]:
        """Return a row's cells as they are written."""
        one = self.table.rows[row]
        return [" ".join(cell.text.split()) for cell in (*one.inputs, *one.outputs)]

    def head(self) -> Place:
        """Return the place of the table's first line."""
        return inside(self.text, len(self.text.text) - len(self.text.text.lstrip()))

    def row(self, number: int) -> Place:
        """Return the place of a row's first cell."""
        row = self.table.rows[number]
        return inside(self.text, (*row.inputs, *row.outputs)[0].start)


def grouped(overlaps: Sequence[Overlap]) -> Iterator[tuple[Overlap, ...]]:
    """Put pairs together that share a row: most often that row alone is wrong."""
    left = list(overlaps)
    while left:
        counts = Counter(row for pair in left for row in (pair.first, pair.second))
        row, _ = counts.most_common(1)[0]
        yield tuple(pair for pair in left if row in (pair.first, pair.second))
        left = [pair for pair in left if row not in (pair.first, pair.second)]
