"""From frames to one statement: a common table expression for each frame and epoch, joined by their keys."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial, reduce

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import (
    Sql,
    binary,
    both,
    choice,
    coalesce,
    column,
    either,
    truth,
    whole,
)
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.plan.frames import KEY, Column, Frame, Plan

POSITION = "p"
BITS = 62
"""So many flags share one number."""


class Emitter:
    """Writes the columns that are needed, and no others.

    `before` comes before the names of its table expressions. `among` is one with the keys of the applicants that
    are worked on; None for everyone.
    """

    def __init__(
        self, plan: Plan, target: Target, wanted: Iterable[Sql], *, before: str = "", among: str | None = None
    ) -> None:
        self.before = before
        self.among = among
        self.plan = plan
        self.target = target
        self.last_use: dict[Column, int] = {}
        self.summed: set[Frame] = set()
        self.parts: list[tuple[str, exp.Query]] = []
        self.at: dict[Frame, str] = {}
        self.light: set[str] = set()
        self.bits: dict[Column, tuple[str, int]] = {}
        self.end = 1 + max((one.epoch for one in plan.columns.values()), default=0)
        for sql in wanted:
            for one in plan.read_by(sql):
                self._need(one, self.end)
        for frame in plan.frames:
            if frame.keep is not None and self._used(frame):
                self._need(frame.keep, frame.start)

    def _used(self, frame: Frame) -> bool:
        return frame in self.summed or any(one in self.last_use for one in frame.columns.values())

    def _need(self, one: Column, until: int) -> None:
        known = self.last_use.get(one, -1)
        if until <= known:
            return
        self.last_use[one] = until
        if known >= 0:
            return
        at = one.epoch if one.over is None else one.epoch - 1
        if one.over is not None:
            self.summed.add(one.over)
        for need in one.needs:
            self._need(need, at)
        for frame in {one.frame, _summed_over(one), *(need.frame for need in one.needs)}:
            if frame.keep is not None:
                self._need(frame.keep, frame.start)

    def emit(self) -> list[tuple[str, exp.Query]]:
        """Give the table expressions in order; `at` then names the last one of each frame."""
        for epoch in range(self.end):
            for frame in self.plan.frames:
                new = [one for one in frame.columns.values() if one in self.last_use and one.epoch == epoch]
                begins = frame not in self.at and epoch == frame.start and self._live(frame)
                if new or begins:
                    self._epoch(frame, epoch, new)
        return self.parts

    def keys(self, frame: Frame, flag: Sql) -> exp.Select:
        """Give the keys of the applicants of those rows for which a flag is true, after `emit`."""
        source = self.at.get(frame, frame.relation or "")
        return exp.select(column(KEY, "t")).from_(_named(source, "t")).where(*self._demands(flag))

    def _live(self, frame: Frame) -> bool:
        """Tell whether anybody asks for a row of this frame."""
        if frame is self.plan.main:
            return True
        hanging = (
            other for other in self.plan.frames if frame in (other.left, other.right) and self._live(other)
        )
        return self._used(frame) or any(True for _ in hanging)

    def _epoch(self, frame: Frame, epoch: int, new: Sequence[Column]) -> None:
        source = self._source(frame, epoch, new)
        carried = [
            one
            for one in frame.columns.values()
            if one.epoch < epoch and self.last_use.get(one, -1) >= epoch and frame in self.at
        ]
        picked: list[Sql] = [*self._keys(frame), *(column(one.name, "t") for one in carried)]
        picked += [self._first(one) for one in new if one.how != "own"]
        select = source.select(*picked, copy=False)
        shown = [one.name for one in carried] + [one.name for one in new if one.how != "own"]
        levels = sorted({one.level for one in new if one.how == "own"})
        for level in levels:
            made = [one for one in new if one.how == "own" and one.level == level]
            names = [*frame.keys, *shown]
            fenced = select.offset(0, copy=False) if self.target.dialect == "postgres" else select
            select = exp.select(*(column(name) for name in names)).from_(
                fenced.subquery("t", copy=False), copy=False
            )
            select = select.select(
                *(exp.alias_(one.sql.copy(), one.name, quoted=True, copy=False) for one in made), copy=False
            )
            shown += [one.name for one in made]
        name = f"{self.before}{frame.name}e{epoch}"
        self.parts.append((name, select))
        self.at[frame] = name
        if epoch == 0 and frame.relation is not None and frame is not self.plan.main:
            self.light.add(name)

    def _keys(self, frame: Frame) -> list[Sql]:
        if frame in self.at or frame.relation is not None:
            names = [KEY, POSITION] if frame not in self.at and len(frame.keys) > 1 else list(frame.keys)
            pairs = zip(names, frame.keys, strict=True)
            return [exp.alias_(column(name, "t"), key, quoted=True) for name, key in pairs]
        left, right = frame.left, frame.right
        if left is None or right is None:
            return []
        if left is self.plan.main:
            return [column(key, "t") for key in frame.keys]
        own = [exp.alias_(column(key, "l"), key, quoted=True) for key in left.keys]
        others = zip(right.keys[1:], frame.keys[len(left.keys) :], strict=True)
        return [*own, *(exp.alias_(column(name, "t"), key, quoted=True) for name, key in others)]

    def _first(self, one: Column) -> Sql:
        if one.how == "base":
            return exp.alias_(column(one.sql.name, "t"), one.name, quoted=True)
        if one.how == "import":
            source = one.needs[0].frame
            side = (
                "t"
                if source is one.frame.right and one.frame not in self.at
                else self._side(one.frame, source)
            )
            return exp.alias_(column(one.needs[0].name, side), one.name, quoted=True)
        if one.how == "any":
            name, bit = self.bits[one]
            packed = coalesce(column(name, self._summed(one)), whole(0))
            held = binary(exp.NEQ, binary(exp.BitwiseAnd, packed, whole(1 << bit)), whole(0))
            return exp.alias_(held, one.name, quoted=True)
        read = column(one.name, self._summed(one))
        default = whole(0) if one.how == "count" else one.default
        value = read if default is None else coalesce(read, default)
        return exp.alias_(value, one.name, quoted=True)

    @staticmethod
    def _side(frame: Frame, source: Frame) -> str:
        return "l" if source is frame.left else "r"

    def _summed(self, one: Column) -> str:
        return f"s_{_summed_over(one).name}"

    def _source(self, frame: Frame, epoch: int, new: Sequence[Column]) -> exp.Select:
        sides = {self._side(frame, one.needs[0].frame) for one in new if one.how == "import"}
        select = exp.Select()
        if frame in self.at:
            select = select.from_(_named(self.at[frame], "t"), copy=False)
            for side, other in (("l", frame.left), ("r", frame.right)):
                if side in sides and other is not None:
                    keys = other.keys if side == "l" else (other.keys[0],)
                    pairs = [(key, key) for key in keys]
                    if side == "r":
                        pairs += list(zip(other.keys[1:], frame.keys[-len(other.keys) + 1 :], strict=True))
                    select = self._join(select, other, side, pairs)
        elif frame.relation is not None:
            select = select.from_(_named(frame.relation, "t"), copy=False)
            # Joined to applicants who are chosen, rows are chosen too.
            if self.among is not None and "l" not in sides:
                chosen = exp.select(column(KEY)).from_(exp.to_identifier(self.among))
                select = select.where(exp.In(this=column(KEY, "t"), query=exp.Subquery(this=chosen)))
            if "l" in sides and frame.left is not None:
                select = self._join(select, frame.left, "l", [(KEY, KEY)])
        else:
            select = self._made_of(frame, sides)
        return self._with_sums(select, frame, epoch, new)

    def _made_of(self, frame: Frame, sides: set[str]) -> exp.Select:
        left, right = frame.left, frame.right
        if left is None or right is None:
            raise LookupError(frame.name)
        select = exp.Select().from_(_named(self.at[right], "t"))
        if left is not self.plan.main or "l" in sides:
            select = self._join(select, left, "l", [(KEY, KEY)])
        return select.where(*self._demands(frame.keep.read())) if frame.keep is not None else select

    def _demands(self, sql: Sql) -> Iterator[Sql]:
        """Split a condition: where rows are chosen NULL is as good as false, and plain parts can be looked up early."""
        if isinstance(sql, exp.And):
            yield from self._demands(sql.left)
            yield from self._demands(sql.right)
        elif isinstance(sql, exp.Paren) or (
            isinstance(sql, exp.Coalesce) and sql.expressions == [truth(False)]
        ):
            yield from self._demands(sql.this)
        elif isinstance(sql, exp.Column) and self.plan.columns[sql.name].how == "own":
            yield from self._demands(self.plan.columns[sql.name].sql)
        else:
            yield sql.transform(lambda node: column(node.name, "t") if isinstance(node, exp.Column) else node)

    def _join(
        self, select: exp.Select, other: Frame, alias: str, keys: Sequence[tuple[str, str]]
    ) -> exp.Select:
        on = both(
            *(exp.EQ(this=column(theirs, alias), expression=column(ours, "t")) for theirs, ours in keys)
        )
        return select.join(_named(self.at[other], alias), on=on, copy=False)

    def _with_sums(self, select: exp.Select, frame: Frame, epoch: int, new: Sequence[Column]) -> exp.Select:
        groups: dict[Frame, list[Column]] = {}
        for one in new:
            if one.over is not None:
                groups.setdefault(one.over, []).append(one)
        for rows, made in groups.items():
            keys = [column(key) for key in frame.keys]
            grouped = (
                exp.select(*keys).from_(_named(self.at[rows], "t")).group_by(*(key.copy() for key in keys))
            )
            if rows.relation is not None and all(one.how == "any" for one in made):
                # Rows of which nothing is true change nothing; most are such. (Of pairs it costs more than it saves.)
                grouped = grouped.where(either(*(one.sql for one in made)))
            sums = [(_aggregate(one), one.name) for one in made if one.how != "any"]
            sums += self._packed([one for one in made if one.how == "any"])
            grouped = grouped.select(*(exp.alias_(sql, name, quoted=True) for sql, name in sums))
            name = f"{self.before}{rows.name}{frame.name}s{epoch}"
            self.parts.append((name, grouped))
            alias = f"s_{rows.name}"
            on = both(*(exp.EQ(this=column(key, alias), expression=column(key, "t")) for key in frame.keys))
            select = select.join(_named(name, alias), on=on, join_type="left", copy=False)
        return select

    def _packed(self, flags: Sequence[Column]) -> Iterator[tuple[Sql, str]]:
        """Put flags into the bits of a number: one aggregate for many."""
        for start in range(0, len(flags), BITS):
            some = flags[start : start + BITS]
            name = f"{some[0].name}b"
            self.bits |= {one: (name, bit) for bit, one in enumerate(some)}
            parts = [choice([(one.sql, whole(1 << bit))], whole(0)) for bit, one in enumerate(some)]
            yield exp.BitwiseOrAgg(this=reduce(partial(binary, exp.Add), parts)), name


def _aggregate(one: Column) -> Sql:
    if one.how == "sum":
        return one.sql.copy()
    every = one.sql == truth(True)
    return exp.Count(this=exp.Star() if every else choice([(one.sql, whole(1))]), big_int=True)


def _summed_over(one: Column) -> Frame:
    return one.over or one.frame


def _named(name: str, alias: str) -> exp.Expr:
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
    )


def statement(
    parts: Sequence[tuple[str, exp.Query]], final: exp.Select, light: Collection[str] = ()
) -> exp.Select:
    """Put the table expressions before the last select.

    Those in `light` are cheaper read anew by each reader, who needs few of their columns, than kept in memory.
    """
    for name, select in parts:
        final = final.with_(name, as_=select, materialized=False if name in light else None, copy=False)
    return final
