"""The statement of a whole service: outcome, control points, amounts and periods of everyone, in one select."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dugnad.rulebook.columns.cells import whole as integers
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
    is_there,
    negated,
    nothing,
    truth,
    whole,
)
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import Int, NotByColumn
from dugnad.rulebook.columns.expressions import lists
from dugnad.rulebook.columns.expressions.cell import Cell, Kind, Rows, Thing
from dugnad.rulebook.columns.plan.emitting import Emitter, statement
from dugnad.rulebook.columns.plan.frames import KEY, Frame
from dugnad.rulebook.columns.relations import APART, APPLICANTS, Layout
from dugnad.rulebook.columns.service.compiling import Asked, Compiler, NotCompiled, missing
from dugnad.rulebook.columns.service.opening import BASE
from dugnad.rulebook.rules.deciding import MISSING
from dugnad.rulebook.rules.source import Text
from dugnad.rulebook.rules.working import FAILED, UNCONFIRMED

RESULT = ("k", "tvil", "utfall", "stopp", "p", "øre", "fra", "til")
"""The columns of the result: applicant, whether the exact evaluator must decide, outcome, control points as bits,
position of the item (NULL without items), amount in øre, from, to. One row for each item, or one without any."""
MOST_STOPS = 58
CHOSEN = "aktuelle"
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class ServiceColumns:
    """A service as SQL. `stops` are the control points by their bit, the service's own first.

    `items`: it decides for each of a list; else for the applicant as a whole.
    """

    sql: str
    target: Target
    layout: Layout
    stops: tuple[str, ...]
    items: bool

    def names(self, bits: int) -> tuple[str, ...]:
        """Give the names of the control points in a number of the result."""
        return tuple(name for at, name in enumerate(self.stops) if bits >> at & 1)


def compile_service(asked: Asked, target: Target) -> ServiceColumns:
    """Compile a service for one database. Raises NotCompiled, with the place, where it cannot be."""
    return _Statement(asked, target).made()


class _Statement:
    def __init__(self, asked: Asked, target: Target) -> None:
        self.compiler = Compiler(asked, target)
        self.wants = asked.wants
        self.everyone = asked.everyone
        self.target = target
        self.source = asked.rules.source
        self.main = self.compiler.plan.main
        self.missing: dict[Frame, list[Sql]] = {}
        self.blocked: dict[Frame, list[Sql]] = {}
        self.unclear: dict[Frame, list[Sql]] = {}
        rates = asked.rules.rates.rates.values()
        unconfirmed = any(not value.verified for rate in rates for value in rate.values)
        self.twice = unconfirmed or any(not place.verified for place in self.source.open.values())

    def made(self) -> ServiceColumns:
        """Work out everything the result needs, and write it."""
        item = self.compiler.item_frame
        bits, outcome = self._judged()
        amount = self._amount() if "øre" in self.wants else nothing("BIGINT")
        start, end = (
            self._date(getattr(self.source.result, one)) if name in self.wants else nothing("DATE")
            for name, one in (("fra", "start"), ("til", "end"))
        )
        self.main.doubt(certain(self.main.base(APART).read()))
        doubt = self.main.define(self._doubt())
        sql = self._written([doubt, outcome, bits, amount, start, end], item)
        names = (*(stop.name for stop in self.source.stops), MISSING, UNCONFIRMED, FAILED)
        return ServiceColumns(sql, self.target, self.compiler.layout, names, item is not None)

    def _judged(self) -> tuple[Sql, Sql]:
        """Give the control points and the outcome, as far as they are wanted."""
        outcome = self._outcome() if self.wants & {"utfall", "stopp", "stoppet"} else nothing("TEXT")
        if not self.wants & {"stopp", "stoppet"}:
            return nothing("BIGINT"), outcome
        stops = self._stops()
        for name in self.source.steps:
            self._look_at(self._thing(name, soft=False), self._thing(name, soft=True) if self.twice else None)
        lost, blocked = self._gathered(self.missing), self._gathered(self.blocked)
        # What is unknown anyway may lack a confirmation besides: only the names tell, and a column has none.
        shaky = any_flag(*self.compiler.settings.shaky)
        if shaky is not None and "stopp" in self.wants:
            self.main.doubt(both(shaky, self._gathered(self.unclear)))
        return self.main.define(self._bits(stops, outcome, lost, blocked)), outcome

    def _thing(self, name: str, *, soft: bool) -> Thing:
        return self.compiler.placed(name, None, lambda: self.compiler.thing(name, soft=soft))  # type: ignore[no-any-return] # what the lambda gives

    def _look_at(self, hard: Thing, soft: Thing | None) -> None:
        """Note where a value is unknown, and where it is only because nobody has confirmed a rate."""
        first = missing(hard)
        for frame, flag in first:
            if flag is not None:
                self.missing.setdefault(frame, []).append(flag)
        second = missing(soft) if soft is not None else first
        for (frame, known), (_, shy) in zip(first, second, strict=False):
            if shy is None or shy == known:
                continue
            self.blocked.setdefault(frame, []).append(shy if known is None else both(shy, negated(known)))
            if known is not None:
                self.unclear.setdefault(frame, []).append(both(shy, known))

    def _stops(self) -> list[Sql]:
        if len(self.source.stops) > MOST_STOPS:
            raise NotCompiled("stop", None, 0, f"more than {MOST_STOPS} control points")
        made: list[Sql] = []
        for stop in self.source.stops:
            cells: list[Cell] = []
            for soft in (False, True) if self.twice else (False,):
                found = self.compiler.placed(
                    stop.name, stop.when, lambda soft=soft, stop=stop: self._condition(stop.when, soft=soft)
                )
                cells.append(found)
            self._look_at(cells[0], cells[-1])
            made.append(certain(cells[0].sql))
        return made

    def _condition(self, text: Text, *, soft: bool) -> Cell:
        found = self.compiler.formula(text, "after", soft=soft)
        if not isinstance(found, Cell) or found.kind is not Kind.BOOLEAN:
            raise NotByColumn("a control point that is no condition")
        settled = self.compiler.translator.settle(found)
        self.main.doubt(settled.null)
        return settled

    def _outcome(self) -> Sql:
        name = self.source.result.outcome
        if name not in self.source.steps:
            return nothing("TEXT")
        found = self._thing(name, soft=False)
        if isinstance(found, Cell) and found.kind is Kind.TEXT and found.frame in (None, self.main):
            return found.sql
        if isinstance(found, Cell) and found.kind is Kind.NULL:
            return nothing("TEXT")
        raise NotCompiled(name, self.source.steps[name].formula, 0, "the outcome is no text")

    def _amount(self) -> Sql:
        """Give the amount in øre; rows where it is no whole number of them are in doubt."""
        found = self._named(self.source.result.amount, Kind.NUMBER)
        if found is None or found.number is None:
            return nothing("BIGINT")
        numbers = self.compiler.translator.numbers
        number = numbers.multiply(found.number, numbers.constant(HUNDREDTHS))
        down, _ = numbers.round(number, 0, "floor")
        frame = found.frame or self.main
        if down is not number:
            uneven, _ = numbers.compare(exp.NEQ, down, number)
            frame.doubt(any_flag(number.rough, certain(uneven)))
        by = Int.of(int(down.unit), self.target)
        top = integers.multiply(down.top, by, self.target)
        return frame.define(exp.cast(top.sql.copy(), "BIGINT"))

    def _date(self, name: str) -> Sql:
        found = self._named(name, Kind.DATE)
        return nothing("DATE") if found is None else found.sql

    def _named(self, name: str, kind: Kind) -> Cell | None:
        if not name or name not in self.compiler.ops:
            return None
        found = self._thing(name, soft=False)
        if isinstance(found, Cell) and found.kind in (kind, Kind.NULL):
            return found if found.kind is kind else None
        raise NotCompiled(name, None, 0, f"the result is no {kind.value}")

    def _gathered(self, flags: dict[Frame, list[Sql]]) -> Sql:
        """Join flags of all frames in the applicant's."""
        joined: list[Flag] = []
        for frame, listed in flags.items():
            joined.append(self._folded(listed) if frame is self.main else self._up(frame, any_flag(*listed)))
        return self._folded([flag for flag in joined if flag is not None]) or truth(False)

    def _folded(self, flags: Sequence[Sql]) -> Flag:
        """Join flags of the applicants, those of one epoch first: one column is carried on instead of many."""
        groups: dict[int, list[Sql]] = {}
        for flag in flags:
            groups.setdefault(self._epoch(flag), []).append(flag)
        folded = (any_flag(*listed) for _, listed in sorted(groups.items()))
        return any_flag(*(flag and self.main.define(flag) for flag in folded))

    def _epoch(self, sql: Sql) -> int:
        return max((one.epoch for one in self.compiler.plan.read_by(sql)), default=0)

    def _up(self, frame: Frame, flag: Flag) -> Flag:
        while frame is not self.main and frame.left is not None and flag is not None:
            rows = Rows(frame, None, frame.left, frame, "")
            flag, frame = lists.found(rows, frame.define(flag)), frame.left
        return flag

    def _doubt(self) -> Sql:
        for frame in reversed(self.compiler.plan.frames[1:]):
            if frame.left is not None:
                flag = any_flag(*frame.doubts)
                rows = Rows(frame, None, frame.left, frame, "")
                frame.left.doubt(lists.found(rows, flag and frame.define(flag)))
        return self._folded(self.main.doubts) or truth(False)

    def _bits(self, stops: Sequence[Sql], outcome: Sql, lost: Sql, blocked: Sql) -> Sql:
        lost, blocked = self.main.define(lost), self.main.define(blocked)
        stopped = self.main.define(self._folded(stops) or truth(False))
        failed = both(negated(stopped), negated(lost), negated(blocked), is_null(outcome))
        total = self._sum(
            [*enumerate(stops)], [both(lost, negated(stopped)), blocked, failed], len(self.source.stops)
        )
        return total if total is not None else whole(0)

    def _sum(self, stops: list[tuple[int, Sql]], others: list[Sql], first: int) -> Sql | None:
        """Add up the bits, those of one epoch first."""
        groups: dict[int, Sql] = {}
        for at, flag in [*stops, *enumerate(others, first)]:
            if flag == truth(False):
                continue
            bit = choice([(flag, whole(1 << at))], whole(0))
            epoch = self._epoch(flag)
            groups[epoch] = binary(exp.Add, groups[epoch], bit) if epoch in groups else bit
        total: Sql | None = None
        for _, part in sorted(groups.items()):
            made = self.main.define(part)
            total = made if total is None else binary(exp.Add, total, made)
        return total

    def _written(self, wanted: Sequence[Sql], item: Frame | None) -> str:
        settings = self.compiler.settings.relation(APPLICANTS, self.target)
        if settings is None:
            self.main.relation = APPLICANTS
        among, early = self._chosen(item)
        emitter = Emitter(self.compiler.plan, self.target, [*wanted, *self._rows_of(item)], among=among)
        tables = [*early, *emitter.emit()]
        if settings is not None:
            tables.insert(0, (BASE, settings))
        position = column(item.keys[1], "i") if item is not None and item in emitter.at else nothing("INT")
        doubt, outcome, bits, *rest = (self._seen(one, item) for one in wanted)
        if item is not None:
            rest = [choice([(is_there(position), one)]) for one in rest]
        picked = [column(KEY, "m"), doubt, outcome, bits, position, *rest]
        select = exp.select(
            *(exp.alias_(one, name, quoted=True) for one, name in zip(picked, RESULT, strict=True))
        )
        select = select.from_(_table(emitter.at[self.main], "m"))
        if item is not None and item in emitter.at:
            on = binary(exp.EQ, column(KEY, "i"), column(KEY, "m"))
            select = select.join(_table(emitter.at[item], "i"), on=on, join_type="left")
        if among is not None:
            select = select.where(either(is_there(position), doubt))
        # Few rows are kept sooner than read anew.
        light = {BASE, *(emitter.light if among is None else ())} if self.target.hints else ()
        return self.target.written(statement(tables, select, light))

    def _chosen(self, item: Frame | None) -> tuple[str | None, list[tuple[str, exp.Query]]]:
        """Find those who have an item, or might have: the table expression with their keys, and all it needs."""
        if self.everyone or item is None:
            return None, []
        flags = [*self.compiler.choosing, (self.main, certain(self.main.base(APART).read()))]
        emitter = Emitter(self.compiler.plan, self.target, [flag for _, flag in flags], before="v")
        tables = emitter.emit()
        first, *others = (emitter.keys(frame, flag) for frame, flag in flags)
        keys: exp.Query = first
        for other in others:
            keys = exp.union(keys, other, distinct=False)
        return CHOSEN, [*tables, (CHOSEN, keys)]

    @staticmethod
    def _rows_of(item: Frame | None) -> Iterator[Sql]:
        if item is not None and item.keep is not None:
            yield item.keep.read()

    def _seen(self, sql: Sql, item: Frame | None) -> Sql:
        """Name columns by the table they stand in."""

        def named(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column) and not node.table:
                mine = item is not None and self.compiler.plan.columns[node.name].frame is item
                return column(node.name, "i" if mine else "m")
            return node

        return sql.copy().transform(named)


def _table(name: str, alias: str) -> exp.Table:
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
    )
