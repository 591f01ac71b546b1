"""The trace as data: each step with its law, what it read, what came of it, and what became of every row.

Made from an outcome when someone asks; nothing here is stored, and equal outcomes give equal accounts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome, Raw, Traced, brief
from dugnad.rulebook.trace import outcome_of

Became: TypeAlias = Literal["fulfilled", "not fulfilled", "undecided", "not read"]
Origin: TypeAlias = Literal["fact", "rate", "open", "step", "expression"]


@dataclass(frozen=True, slots=True)
class Read:
    """One thing a step read: its name, value and unit, and where it comes from."""

    name: str
    value: Value
    unit: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class CellRead:
    """One cell of a row: the input's label, the test as written, and whether it held."""

    input: str
    test: str
    became: Became


@dataclass(frozen=True, slots=True)
class RowRead:
    """One row of a table (counted from 1), whether it applies, its law, its cells."""

    number: int
    became: Became
    law: str
    cells: tuple[CellRead, ...]

    @property
    def failing(self) -> tuple[CellRead, ...]:
        """The cells that did not hold."""
        return tuple(cell for cell in self.cells if cell.became == "not fulfilled")


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: for which item (`key`, None for all), by which law, from what, to what.

    law: the section, as written; act: the law or regulation of the rules, for sections that do not name another.
    outcome: fulfilled, not fulfilled, undecided or computed. formula: as written, empty for a table.
    rows: of a table, those the decision looked at; with hit policy F none after the row that applies.
    """

    name: str
    key: str | None
    law: str
    formula: str
    inputs: tuple[Read, ...]
    output: Value
    unit: str
    outcome: str
    rows: tuple[RowRead, ...]
    set_by_person: bool
    act: str = ""

    @property
    def hits(self) -> tuple[RowRead, ...]:
        """The rows that apply."""
        return tuple(row for row in self.rows if row.became == "fulfilled")

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it, as docs/reference/account.schema.json says; persons by their key only."""
        data: dict[str, object] = {
            "step": self.name,
            "key": self.key,
            **_law_data(self.law, self.act),
            "inputs": {
                read.name: {"value": brief(read.value), "unit": read.unit, "from": read.origin}
                for read in self.inputs
            },
            "output": brief(self.output),
            "unit": self.unit,
            "outcome": self.outcome,
            "set by person": self.set_by_person,
        }
        if self.formula:
            data["formula"] = self.formula
        if self.rows:
            data["rows"] = [_row_data(row, self.act) for row in self.rows]
        return data


def account(rules: Ruleset, outcome: Outcome) -> tuple[Entry, ...]:
    """Return every step of an outcome in working order."""
    pairs = zip(outcome.raw, outcome.trace, strict=True)
    return tuple(_entry(rules, raw, traced) for raw, traced in pairs)


def account_data(rules: Ruleset, outcome: Outcome) -> list[dict[str, object]]:
    """Return `account` as JSON can hold it."""
    return [entry.as_data() for entry in account(rules, outcome)]


def rows_of(raw: Raw) -> tuple[RowRead, ...]:
    """Return what became of the rows of a table; nothing for a formula."""
    op, _, value, detail, _ = raw
    if op.table is None or detail is None:
        return ()
    return tuple(_rows(op, op.table.explain(detail, value)["rows"]))


def _entry(rules: Ruleset, raw: Raw, traced: Traced) -> Entry:
    op, _, value, _, by_person = raw
    step = op.step
    return Entry(
        name=op.name,
        key=traced.key,
        law=traced.law,
        formula=" ".join(step.formula.text.split()) if step.formula else "",
        inputs=() if by_person else tuple(_reads(rules, traced.inputs)),
        output=value,
        unit=step.unit,
        outcome=outcome_of(value),
        rows=rows_of(raw),
        set_by_person=by_person,
        act=rules.source.law,
    )


def _reads(rules: Ruleset, inputs: Mapping[str, Value]) -> Iterator[Read]:
    source, units = rules.source, rules.words.units
    attributes = {fact.attribute for fact in rules.book.facts.values()}
    for name, value in inputs.items():
        origin: Origin = "expression"
        if name in source.steps:
            origin = "step"
        elif name in rules.rates.rates:
            origin = "rate"
        elif name in source.open:
            origin = "open"
        elif name in rules.book.facts or name in attributes:
            origin = "fact"
        yield Read(name, exact(value), units.get(name, ""), origin)


def exact(value: Value) -> Value:
    """Return a whole number, as a program may give one, as the rules' own numbers are."""
    return Decimal(value) if type(value) is int else value


def _rows(op: StepOp, rows: list[dict[str, object]]) -> Iterator[RowRead]:
    for row in rows:
        number, cells = row["row"], row["cells"]
        if isinstance(number, int) and isinstance(cells, list):
            read = tuple(CellRead(cell["input"], cell["test"], cell["outcome"]) for cell in cells)
            yield RowRead(number, _became(row["outcome"]), op.laws[number - 1], read)


def _became(said: object) -> Became:
    if said == "fulfilled":
        return "fulfilled"
    return "undecided" if said == "undecided" else "not fulfilled"


def _row_data(row: RowRead, act: str) -> dict[str, object]:
    cells = [{"input": cell.input, "test": cell.test, "outcome": cell.became} for cell in row.cells]
    return {"row": row.number, "outcome": row.became, **_law_data(row.law, act), "cells": cells}


def _law_data(text: str, act: str) -> dict[str, object]:
    """Return law and section apart; a reference may name another law than the rules': "forvaltningsloven § 13"."""
    other, sign, _ = text.partition("§")
    named = other.strip() if sign else ""
    section = text[len(other) :] if named else text
    return {"law": named or act, "section": section.strip()}
