"""The relations a population lies in: one row for each applicant, one for each entry of each of their lists.

`<applicants>` has the key `k` and a column for every fact; a list of persons is there as a boolean, true where
the list is known, and its entries stand in a relation of the list's name with `k`, the position `p` from 1, and
a column for every attribute. Numbers are whole hundredths. NULL means that nobody knows. `apart` marks an
applicant some value of whom no column can hold: the exact evaluator decides that one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import Sql, coalesce
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions.cell import Cell, Entry, Kind, Rows, Thing
from dugnad.rulebook.columns.expressions.lists import MOST_ENTRIES
from dugnad.rulebook.columns.expressions.translator import Translator
from dugnad.rulebook.columns.plan.frames import Frame
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.rules.facts import Fact, FactBook

APPLICANTS = "søkere"
APART = "apart"
DECIMALS = 2
LARGEST = 10**10
"""Hundredths: amounts up to a hundred million kroner."""
LARGEST_OF = {"timer/uke": 168 * 100, "%": 10**6, "fraction": 10**6, "måned/år": 1200, "år": 10**5}
"""Hundredths, by unit: what is larger goes to the exact evaluator, and 64 bits are enough for what is left."""
EARLIEST, LATEST = date(1700, 1, 1), date(2300, 1, 1)
LONGEST = 2_000
KINDS = {
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "text": Kind.TEXT,
    "date": Kind.DATE,
    "list": Kind.TEXTS,
}
_TYPES = {
    Kind.NUMBER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.TEXTS: "ARRAY<TEXT>",
}


class _ApartError(ValueError):
    """A value no column can hold as it is."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which facts of a service stand in which columns.

    `given` are facts that are the same for everybody and stand in no column: the day of the application.
    """

    book: FactBook
    given: Mapping[str, Value]

    def facts(self, list_name: str | None = None) -> list[Fact]:
        """Give the facts that have a column: of the applicant, or of a list's entries."""
        wanted = [fact for fact in self.book.facts.values() if fact.of_list == list_name]
        return [fact for fact in wanted if list_name is not None or fact.name not in self.given]

    def lists(self) -> list[str]:
        """Give the lists of persons."""
        return [fact.name for fact in self.book.facts.values() if fact.kind == "persons"]

    def tables(self, target: Target) -> dict[str, str]:
        """Give CREATE TABLE for each relation, by its name."""
        made = {APPLICANTS: [("k", "BIGINT"), (APART, "BOOLEAN")]}
        made[APPLICANTS] += [(fact.name, _type_of(fact)) for fact in self.facts()]
        for name in self.lists():
            columns = [(fact.attribute, _type_of(fact)) for fact in self.facts(name)]
            made[name] = [("k", "BIGINT"), ("p", "INT"), *columns]
        return {name: _create(name, columns, target) for name, columns in made.items()}

    def rows(self, key: int, facts: Mapping[str, Value]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Give the rows of one applicant: (relation, values in the order of its columns)."""
        # A name that is no fact is a step a person has set.
        apart = any(name not in self.book.facts for name in facts)
        facts = self.book.complete(facts)
        main: list[Any] = []
        entries: list[tuple[str, tuple[Any, ...]]] = []
        for fact in self.facts():
            value = facts.get(fact.name)
            try:
                if fact.kind == "persons":
                    entries += self._entries(key, fact.name, value)
                    main.append(isinstance(value, list))
                else:
                    main.append(_stored(fact, value))
            except _ApartError:
                apart = True
                main.append(None)
        yield APPLICANTS, (key, apart, *main)
        yield from entries

    def _entries(self, key: int, name: str, value: Value) -> list[tuple[str, tuple[Any, ...]]]:
        if not isinstance(value, list):
            return []
        if len(value) > MOST_ENTRIES or not all(isinstance(item, Mapping) for item in value):
            raise _ApartError
        columns = self.facts(name)
        return [
            (name, (key, at, *(_stored(fact, item.get(fact.attribute)) for fact in columns)))
            for at, item in enumerate(value, 1)
        ]

    def restore(
        self, main: Mapping[str, Any], entries: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> dict[str, Value]:
        """Give the facts of one applicant back from the rows, {column: value}, for the exact evaluator."""
        found: dict[str, Value] = dict(self.given)
        for fact in self.facts():
            stored = main.get(fact.name)
            if fact.kind != "persons":
                found[fact.name] = _restored(fact, stored)
            elif stored:
                columns = self.facts(fact.name)
                rows = sorted(entries.get(fact.name, ()), key=lambda row: row["p"])
                found[fact.name] = [
                    {one.attribute: _restored(one, row.get(one.attribute)) for one in columns} for row in rows
                ]
        return found

    def fact(self, translator: Translator, name: str) -> Thing:
        """Read a fact of the applicant."""
        fact = self.book.facts[name]
        if name in self.given:
            return translator.literal(self.given[name])
        main = translator.plan.main
        column = main.base(name).read()
        if fact.kind != "persons":
            return _cell(translator, fact, column, main)
        rows = translator.plan.rows(name)
        lost = main.define(exp.Not(this=exp.Paren(this=coalesce(column, exp.Boolean(this=False)))))
        return Rows(rows, None, main, rows, name, lost, ((main, lost),))

    def attribute(self, translator: Translator, entry: Entry, name: str) -> Thing:
        """Read an attribute of a list's entry, in the frame where it is looked at."""
        fact = self.book.facts.get(f"{entry.name}.{name}")
        if fact is None:
            raise NotByColumn(f"“{name}” of {entry.name} stands in no column")
        column = entry.frame.pull(entry.origin.base(name))
        return _cell(translator, fact, column.read(), entry.frame)

    def entry(self, rows: Rows) -> Entry:
        """Give the entry of each row of a list."""
        names = frozenset(fact.attribute for fact in self.book.attributes(rows.name))
        return Entry(rows.frame, rows.origin, rows.name, names)


def _cell(translator: Translator, fact: Fact, column: Sql, frame: Frame) -> Cell:
    kind = KINDS.get(fact.kind)
    if kind is None:
        raise NotByColumn(f"“{fact.name}” is a {fact.kind}")
    absent = fact.absent
    sure = type(absent) is not Unknown
    if sure:
        value = translator.literal(_scaled(absent, fact.unit) if kind is Kind.NUMBER else absent)
        column = coalesce(column, value.sql)
    if kind is Kind.NUMBER:
        largest = LARGEST_OF.get(fact.unit, LARGEST)
        number = translator.numbers.column(column, -largest, largest, DECIMALS)
        return translator.number(kind, number, frame, sure=sure)
    return Cell(kind, column, frame, sure=sure)


def _type_of(fact: Fact) -> str:
    return "BOOLEAN" if fact.kind == "persons" else _TYPES[KINDS[fact.kind]]


def _create(name: str, columns: Sequence[tuple[str, str]], target: Target) -> str:
    made = exp.Create(
        kind="TABLE",
        this=exp.Schema(
            this=exp.Table(this=exp.to_identifier(name, quoted=True)),
            expressions=[
                exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=exp.DataType.build(kind))
                for column, kind in columns
            ],
        ),
    )
    return target.written(made)


def _scaled(value: Value, unit: str) -> Decimal:
    scaled: Decimal = Decimal(value) * 10**DECIMALS
    if scaled != scaled.to_integral_value() or abs(scaled) > LARGEST_OF.get(unit, LARGEST):
        raise _ApartError
    return scaled


def _stored(fact: Fact, value: Value) -> Any:
    """Give a value as its column holds it; None for an unknown one. Raises _ApartError where it cannot."""
    if value is None or type(value) is Unknown:
        return None
    kind = KINDS[fact.kind]
    if kind is Kind.NUMBER and isinstance(value, Decimal):
        return int(_scaled(value, fact.unit))
    if kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    if kind is Kind.DATE and type(value) is date and EARLIEST <= value <= LATEST:
        return value
    if kind is Kind.TEXT and _is_text(value):
        return value
    if (
        kind is Kind.TEXTS
        and isinstance(value, list)
        and len(value) <= MOST_ENTRIES
        and all(map(_is_text, value))
    ):
        return list(value)
    raise _ApartError


def _restored(fact: Fact, stored: Any) -> Value:
    if stored is not None and KINDS[fact.kind] is Kind.NUMBER:
        return Decimal(stored).scaleb(-DECIMALS)
    return stored


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and "\0" not in value
