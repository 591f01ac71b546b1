"""Rates and open places by column: what holds on the day, in the organisation that decides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from sqlglot import exp

from dugnad.rulebook.columns.cells.number import Number
from dugnad.rulebook.columns.cells.sql import (
    Flag,
    Sql,
    any_flag,
    binary,
    both,
    certain,
    choice,
    column,
    either,
    is_null,
    negated,
    nothing,
    truth,
    whole,
)
from dugnad.rulebook.columns.cells.sql import day as written_day
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import Int, NotByColumn
from dugnad.rulebook.columns.expressions import logic
from dugnad.rulebook.columns.expressions.cell import Cell, Kind
from dugnad.rulebook.columns.expressions.translator import Translator
from dugnad.rulebook.rates import Rate, RateValue
from dugnad.rulebook.rules.compiling import Patch
from dugnad.rulebook.rules.source import Open, Text

BASE = "grunnlag"
ORGANISATION = "organisasjon"
MOST_VARIANTS = 8
"""So many different texts of an open place become branches; more must be plain numbers, looked up in a table."""
Variant = tuple[tuple[date, str], ...]


@dataclass
class Settings:
    """What organisations have set, as columns joined to the applicants by the organisation that decides.

    `columns` are (name, type, value by organisation, the value of all others). `shaky` says, of an applicant,
    where something is in force that the organisation has not confirmed.
    """

    patches: Mapping[str, Patch]
    by: str
    columns: list[tuple[str, str, dict[str, Sql], Sql]] = field(default_factory=list)
    shaky: list[Sql] = field(default_factory=list)

    def add(self, kind: str, values: Mapping[str, Sql], otherwise: Sql) -> str:
        """Add a column; gives its name."""
        for name, known, listed, other in self.columns:
            if (known, listed, other) == (kind, values, otherwise):
                return name
        name = f"sats{len(self.columns)}"
        self.columns.append((name, kind, dict(values), otherwise))
        return name

    def relation(self, applicants: str, target: Target) -> exp.Select | None:
        """Give the applicants with what their organisation has set; None where nobody set anything."""
        if not self.columns:
            return None
        names = [ORGANISATION, *(name for name, *_ in self.columns)]
        rows: list[Sql] = []
        for code in sorted(self.patches):
            cells: list[Sql] = [exp.Literal.string(code)]
            for _, kind, values, otherwise in self.columns:
                value = values.get(code, otherwise)
                plain = value.this if isinstance(value, exp.Cast) else value
                # The first row gives the types.
                cells.append(plain.copy() if rows else exp.cast(plain.copy(), _type(kind, target)))
            rows.append(exp.Tuple(expressions=cells))
        table = exp.Values(
            expressions=rows,
            alias=exp.TableAlias(this=exp.to_identifier("o"), columns=[exp.to_identifier(n) for n in names]),
        )
        on = binary(exp.EQ, column(ORGANISATION, "o"), column(self.by, "t"))
        others = [
            exp.alias_(
                choice([(is_null(column(ORGANISATION, "o")), otherwise)], column(name, "o")),
                name,
                quoted=True,
            )
            for name, _, _, otherwise in self.columns
        ]
        source = exp.Table(this=exp.to_identifier(applicants, quoted=True), alias=exp.TableAlias(this="t"))
        every = exp.Column(this=exp.Star(), table=exp.to_identifier("t"))
        return exp.select(every, *others).from_(source).join(table, on=on, join_type="left")


def _type(kind: str, target: Target) -> str:
    return target.wide if kind == "WIDE" else kind


@dataclass(frozen=True)
class Opening:
    """Makes cells of rates and open places. `day` is the day whose rates count, `on` the day of the decision."""

    translator: Translator
    patches: Mapping[str, Patch]
    settings: Settings
    on: date
    day: Callable[[], Cell]

    def rate(self, rate: Rate, *, soft: bool) -> Cell:
        """Give a rate on its day. `soft`: what nobody has confirmed is unknown."""
        day = self.day()
        if day.literal is not None:
            value = rate.on(day.literal)
            return self._value(rate, value, truth(True), soft=soft) if value else self._no_rate()
        frame = day.frame
        branches = [
            (when, self._value(rate, value, certain(when), soft=soft))
            for at, value in enumerate(rate.values)
            for when in (self._in_force(day, rate.values, at),)
        ]
        cells = self.translator.meet(day, *(cell for _, cell in branches))[1][1:]
        paired = [(when, cell) for (when, _), cell in zip(branches, cells, strict=True)]
        made = self.translator.choose(paired, None, frame)
        gap = negated(certain(either(*(when for when, _ in paired))))
        return made.doubted(any_flag(made.doubt, both(day.known, gap)))

    def _no_rate(self) -> Cell:
        """Give what there is where there is no rate: a row that needs it goes to the exact evaluator."""
        empty = self.translator.numbers.constant(0)
        number = Number(Int(nothing("BIGINT"), 0, 0), empty.unit)
        return self.translator.number(Kind.NUMBER, number, self.translator.plan.main, doubt=truth(True))

    @staticmethod
    def _in_force(day: Cell, values: Sequence[RateValue], at: int) -> Sql:
        parts = [binary(exp.GTE, day.sql, written_day(values[at].start))]
        if at + 1 < len(values):
            parts.append(binary(exp.LT, day.sql, written_day(values[at + 1].start)))
        until = values[at].until
        if until is not None:
            parts.append(binary(exp.LTE, day.sql, written_day(until)))
        return both(*parts)

    def _value(self, rate: Rate, value: RateValue, where: Sql, *, soft: bool) -> Cell:
        cell = self.translator.literal(value.value)
        if value.verified or not soft:
            return cell
        confirmed = {
            code: truth((rate.name, value.start) in patch.confirms) for code, patch in self.patches.items()
        }
        return self.where_confirmed(cell, confirmed, where)

    def where_confirmed(self, cell: Cell, confirmed: Mapping[str, Sql], where: Sql) -> Cell:
        """Give a value where the organisation has confirmed it; elsewhere it is unknown.

        `where`, of an applicant: it would be in force.
        """
        main = self.translator.plan.main
        if not any(flag == truth(True) for flag in confirmed.values()):
            self.settings.shaky.append(where)
            unknown = Number(Int(nothing("BIGINT"), 0, 0), Fraction(1))
            number = unknown if cell.number is not None else None
            return Cell(cell.kind, nothing(_SQL_KINDS[cell.kind]), main, number)
        name = self.settings.add("BOOLEAN", confirmed, truth(False))
        brought = self.translator.bring(cell, cell.frame or main)
        flag = logic.boolean(main.base(name).read(), main, sure=True)
        self.settings.shaky.append(both(where, negated(flag.sql)))
        frame, (holds, value) = self.translator.meet(flag, brought)
        return self.translator.choose([(holds.sql, value)], None, frame)

    def variants(self, place: Open) -> dict[Variant, list[str]]:
        """Give what organisations have set for a place: dated texts, and who has set them."""
        found: dict[Variant, list[str]] = {}
        for code, patch in self.patches.items():
            dated = patch.open.get(place.name)
            if dated:
                key = tuple((start, text.text) for start, text in dated)
                found.setdefault(key, []).append(code)
        return found

    def place(
        self,
        place: Open,
        *,
        early: bool,
        otherwise: Callable[[], Cell],
        read: Callable[[Text], Cell],
        limits: Callable[[], list[tuple[str, Cell]]],
    ) -> Cell:
        """Give an open place: the organisation's value within its bounds, or the service's own."""
        variants = self.variants(place)
        if not variants:
            return otherwise()
        day = self.translator.literal(self.on) if early else self.day()
        texts = {
            (start, text.text): text
            for patch in self.patches.values()
            for start, text in patch.open.get(place.name, ())
        }
        bound = limits()
        if len(variants) > MOST_VARIANTS:
            return self._looked_up(variants, day, texts, read, otherwise, bound)
        index = {code: whole(at) for at, codes in enumerate(variants.values(), 1) for code in codes}
        name = self.settings.add("INT", index, whole(0))
        main = self.translator.plan.main
        chosen = main.base(name).read()
        conditions: list[Cell] = []
        values: list[Cell] = []
        for at, variant in enumerate(variants, 1):
            mine = binary(exp.EQ, chosen, whole(at))
            for since, cell in self._dated(variant, day, texts, read, bound):
                conditions.append(logic.boolean(both(mine, certain(since)), main, sure=True))
                values.append(cell)
        frame, met = self.translator.meet(*conditions, *values, otherwise())
        pairs = [(when.sql, cell) for when, cell in zip(met, met[len(values) : -1], strict=False)]
        return self.translator.choose(pairs, met[-1], frame)

    def not_set(self, place: Open) -> Sql:
        """Tell, of an applicant, whether the organisation has set nothing for a place, or nothing yet."""
        set_by = {
            code: truth(True)
            for code, patch in self.patches.items()
            if any(
                start <= min(self.on, self.day().literal or date.min)
                for start, _ in patch.open.get(place.name, ())
            )
        }
        if not set_by or self.day().literal is None:
            return truth(True)
        name = self.settings.add("BOOLEAN", set_by, truth(False))
        return negated(self.translator.plan.main.base(name).read())

    def _dated(
        self,
        variant: Variant,
        day: Cell,
        texts: Mapping[tuple[date, str], Text],
        read: Callable[[Text], Cell],
        limits: list[tuple[str, Cell]],
    ) -> list[tuple[Sql, Cell]]:
        """Give the dated values of one variant, the latest first, each with the condition that it has begun."""
        made: list[tuple[Sql, Cell]] = []
        for start, text in reversed(variant):
            if day.literal is not None and start > day.literal:
                continue
            cell = self._bounded(read(texts[start, text]), limits)
            if day.literal is not None:
                return [*made, (truth(True), cell)]
            made.append((binary(exp.GTE, day.sql, written_day(start)), cell))
        return made

    def _bounded(self, cell: Cell, limits: list[tuple[str, Cell]]) -> Cell:
        """Leave a value beyond its bounds to the exact evaluator."""
        flags: list[Flag] = []
        for op, limit in limits:
            if limit.kind is not cell.kind:
                continue
            beyond = logic.compared(self.translator, op, cell, limit)
            one, two = (part.number.constant if part.number else None for part in (cell, limit))
            if one is not None and two is not None:
                if (one < two) if op == "<" else (one > two):
                    flags.append(truth(True))
                continue
            _, (cell, outside) = self.translator.meet(cell, beyond)
            flags.append(any_flag(certain(outside.sql), outside.doubt))
        return cell.doubted(any_flag(cell.doubt, *flags))

    def _looked_up(
        self,
        variants: Mapping[Variant, list[str]],
        day: Cell,
        texts: Mapping[tuple[date, str], Text],
        read: Callable[[Text], Cell],
        otherwise: Callable[[], Cell],
        limits: list[tuple[str, Cell]],
    ) -> Cell:
        if day.literal is None:
            raise NotByColumn("many organisations set this, and its day differs from person to person")
        values: dict[str, Fraction] = {}
        for variant, codes in variants.items():
            cells = self._dated(variant, day, texts, read, [])
            number = cells[-1][1].number if cells else None
            value = number.constant if number is not None else None
            if cells and value is None:
                raise NotByColumn("many organisations set this, and not all as a plain number")
            values |= {code: value for code in codes if value is not None}
        unit = Fraction(1, lcm(*(value.denominator for value in values.values())))
        tops = {code: int(value / unit) for code, value in values.items()}
        name = self.settings.add(
            "BIGINT", {code: whole(top) for code, top in tops.items()}, nothing("BIGINT")
        )
        main = self.translator.plan.main
        top = Int(main.base(name).read(), min(tops.values()), max(tops.values()))
        set_here = self.translator.number(Kind.NUMBER, Number(top, unit), main)
        set_here = self._bounded(set_here, limits)
        has = negated(is_null(main.base(name).read()))
        frame, (own, other) = self.translator.meet(set_here, otherwise())
        has = negated(is_null(own.sql)) if frame is not main else has
        return self.translator.choose([(has, own)], other, frame)


_SQL_KINDS: Mapping[Kind, Any] = {
    Kind.NUMBER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.MONTHS: "BIGINT",
    Kind.DAYS: "BIGINT",
}
