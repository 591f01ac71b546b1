"""A decision table written as a Markdown table, read into a `Table`; a cell keeps its offset in the text.

The first heading is the hit policy; headings up to the first `→` are inputs, those with `→` outputs, the rest
are annotations. A heading `hjemmel` or `law` is the row's section of law.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dugnad.rulebook.feel import FeelSyntaxError, Node, parse
from dugnad.rulebook.tables import Cell, HitPolicy, Input, Output, Row, Table

MOST_BARS = 1_000_000
"""Signs between cells at most: beyond, it is no table that anyone reads, and it is refused before it is taken apart."""
LAW_HEADINGS = ("hjemmel", "law")
_RULE_LINE = re.compile(r"[\s|:-]+")


class TabularError(ValueError):
    """The text is no table; `start` is the offset where it goes wrong, `mend` how to write it."""

    def __init__(self, what: str, start: int, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.start = start
        self.mend = mend


@dataclass(frozen=True, slots=True)
class _Heads:
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    notes: tuple[Cell, ...]


def read_table(text: str, *, name: str, law: str, names: Collection[str]) -> Table:
    """Read a Markdown table. Raises TabularError for its form, FeelSyntaxError for an input heading."""
    if text.count("|") > MOST_BARS:
        raise TabularError("the table is too large", 0, "Split it, or look the values up.")
    lines = [line for line in _lines(text) if line]
    if len(lines) < 2:  # noqa: PLR2004 - a head and at least one row
        folded = text.count("| |") > 1
        mend = (
            "Write table: | so that each row keeps its line."
            if folded
            else "Write | F | input | → output | law |."
        )
        raise TabularError("a table needs a head and at least one row", 0, mend)
    policy, *heads = lines[0]
    try:
        hit = HitPolicy.named(policy.text)
    except ValueError:
        mend = "Write U (one row matches) or F (the first that matches) there; or A, R, C, C+, C<, C>, C#."
        raise TabularError(f"'{policy.text}' is no hit policy", policy.start, mend) from None
    shape = _heads(heads)
    return Table(
        inputs=tuple(Input(cell.text, _heading(cell, names)) for cell in shape.inputs),
        outputs=tuple(Output(cell.text.removeprefix("→").strip()) for cell in shape.outputs),
        rows=tuple(_row(cells, shape) for cells in lines[1:]),
        hit_policy=hit,
        name=name,
        law=law,
        end=len(text),
    )


def _lines(text: str) -> Iterator[list[Cell]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and not _RULE_LINE.fullmatch(line.strip()):
            yield list(_cells(line, start))
        start += len(line)


def _cells(line: str, start: int) -> Iterator[Cell]:
    body = line.rstrip()
    if not body.lstrip().startswith("|") or not body.endswith("|"):
        raise TabularError("a row of a table begins and ends with |", start, "Put | around the cells.")
    at = line.index("|") + 1
    for part in _split(body[at:-1]):
        yield Cell(part.strip(), start + at + len(part) - len(part.lstrip()))
        at += len(part) + 1


def _split(row: str) -> Iterator[str]:
    """Split at bars, but not inside a text in quotation marks."""
    begin, quoted = 0, False
    for at, sign in enumerate(row):
        if sign == '"':
            quoted = not quoted
        elif sign == "|" and not quoted:
            yield row[begin:at]
            begin = at + 1
    yield row[begin:]


def _heads(cells: list[Cell]) -> _Heads:
    arrows = [at for at, cell in enumerate(cells) if cell.text.startswith("→")]
    if not arrows:
        start = cells[-1].start if cells else 0
        raise TabularError("the table has no output", start, "Write → before the heading of the result.")
    first, last = arrows[0], arrows[-1] + 1
    return _Heads(tuple(cells[:first]), tuple(cells[first:last]), tuple(cells[last:]))


def _heading(cell: Cell, names: Collection[str]) -> Node:
    try:
        return parse(cell.text, names=names, dialect="dugnad")
    except FeelSyntaxError as error:
        raise error.moved(cell.start) from None


def _row(cells: list[Cell], shape: _Heads) -> Row:
    wanted = 1 + len(shape.inputs) + len(shape.outputs) + len(shape.notes)
    if len(cells) != wanted:
        what = f"the row has {len(cells)} cells, the head {wanted}"
        raise TabularError(what, cells[0].start, "Write one cell for each heading; - means anything.")
    inputs = cells[1 : 1 + len(shape.inputs)]
    outputs = cells[1 + len(shape.inputs) : wanted - len(shape.notes)]
    notes = cells[wanted - len(shape.notes) :]
    said = {head.text: cell.text for head, cell in zip(shape.notes, notes, strict=True) if cell.text}
    return Row(tuple(inputs), tuple(outputs), said)


def law_of(table: Table, row: int) -> str:
    """Return the section of law of a row (counted from 0), or an empty text."""
    notes = table.rows[row].annotations
    return next((notes[head] for head in LAW_HEADINGS if head in notes), "")
