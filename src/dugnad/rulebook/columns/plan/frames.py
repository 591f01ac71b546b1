"""Relations that grow by columns: the applicants, the entries of each list, the items decided for, pairs.

A frame is a relation whose columns may read each other, columns of the frames it hangs on, and sums over
frames that hang on it. Each such step over a border costs a join or a grouping: the `epoch` of a column counts
the groupings before it, so that everything of one epoch shares one join.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import Flag, Sql, column

KEY = "k"
How = Literal["base", "own", "import", "sum", "any", "count"]


@dataclass(eq=False, slots=True, repr=False)
class Column:
    """One column of a frame. `sql` is what it is made of: a base column's name there, a tree, an aggregate.

    `default` stands where an aggregate had no rows. `needs` are the columns it reads, `over` the rows it sums.
    """

    name: str
    frame: "Frame"
    how: How
    sql: Sql
    epoch: int
    level: int
    needs: tuple["Column", ...]
    default: Sql | None = None
    over: "Frame | None" = None

    def read(self) -> Sql:
        """Give what reads it."""
        return column(self.name)


@dataclass(eq=False, slots=True, repr=False)
class Frame:
    """A relation. `left` is what it hangs on, `right` the rows it is made of where it is no relation itself.

    `relation` is the table it is read from; `keep` the condition on `right` (or on itself) that makes its rows.
    """

    plan: "Plan"
    name: str
    keys: tuple[str, ...]
    relation: str | None
    left: "Frame | None"
    right: "Frame | None"
    keep: Column | None
    depth: int
    start: int
    columns: dict[str, Column] = field(default_factory=dict)
    made: dict[tuple[str, object], Column] = field(default_factory=dict)
    doubts: list[Sql] = field(default_factory=list)

    def chain(self) -> Iterator["Frame"]:
        """Give this frame and all it hangs on, to the applicants."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.left

    def base(self, name: str) -> Column:
        """Read a column of the relation itself."""
        return self._add("base", name, column(name), (), 0, 0)

    def define(self, sql: Sql) -> Sql:
        """Make a column of a tree, so that it is worked out once; a plain column stays as it is."""
        if isinstance(sql, exp.Column) or not any(True for _ in sql.find_all(exp.Column)):
            return sql
        needs = self.plan.read_by(sql)
        epoch = max([self.start, *(one.epoch for one in needs)])
        level = 1 + max((one.level for one in needs if one.epoch == epoch), default=0)
        return self._add("own", sql, sql, needs, epoch, level).read()

    def pull(self, source: Column) -> Column:
        """Bring a column of a frame this one hangs on, or is made of, into this frame."""
        if source.frame is self:
            return source
        if source.frame is not self.right and self.left is not None and source.frame is not self.left:
            source = self.left.pull(source)
        if source.frame not in (self.left, self.right):
            raise LookupError(f"{source.frame.name} cannot be seen from {self.name}")
        epoch = max(self.start, source.epoch)
        return self._add("import", source.name, source.read(), (source,), epoch, 0)

    def gather(self, rows: "Frame", aggregate: Sql, default: Sql | None) -> Sql:
        """Sum up over the rows that hang on this frame."""
        needs = self.plan.read_by(aggregate)
        epoch = 1 + max([rows.start, *(one.epoch for one in needs)])
        key = (rows.name, aggregate, default)
        made = self._add("sum", key, aggregate, needs, max(epoch, self.start), 0)
        made.default, made.over = default, rows
        return made.read()

    def any(self, rows: "Frame", flag: Sql) -> Sql:
        """Tell whether a flag is true of one of the rows that hang on this frame."""
        return self._told("any", rows, flag)

    def count(self, rows: "Frame", flag: Sql) -> Sql:
        """Count the rows that hang on this frame and of which a flag is true."""
        return self._told("count", rows, flag)

    def _told(self, how: How, rows: "Frame", flag: Sql) -> Sql:
        needs = self.plan.read_by(flag)
        epoch = max(self.start, 1 + max([rows.start, *(one.epoch for one in needs)]))
        made = self._add(how, (rows.name, flag), flag, needs, epoch, 0)
        made.over = rows
        return made.read()

    def _add(
        self, how: How, key: object, sql: Sql, needs: tuple[Column, ...], epoch: int, level: int
    ) -> Column:
        known = self.made.get((how, key))
        if known is not None:
            return known
        name = f"{self.name}{len(self.columns)}"
        made = Column(name, self, how, sql, epoch, level, needs)
        self.columns[name] = self.made[how, key] = made
        self.plan.columns[name] = made
        return made

    def doubt(self, flag: Flag) -> None:
        """Note rows that only the exact evaluator can decide."""
        if flag is not None and flag not in self.doubts:
            self.doubts.append(flag)


class Plan:
    """All frames of one statement, in the order they were made."""

    def __init__(self, relation: str) -> None:
        self.columns: dict[str, Column] = {}
        self.main = Frame(self, "m", (KEY,), relation, None, None, None, 0, 0)
        self.frames: list[Frame] = [self.main]
        self._rows: dict[tuple[str, int], Frame] = {}
        self._joined: dict[tuple[str, str, str], Frame] = {}

    def read_by(self, sql: Sql) -> tuple[Column, ...]:
        """Give the columns a tree reads."""
        names = dict.fromkeys(found.name for found in sql.find_all(exp.Column))
        return tuple(self.columns[name] for name in names)

    def rows(self, relation: str, again: int = 0) -> Frame:
        """Give the frame of a list's entries; `again`: another of the same, to compare them with each other."""
        found = self._rows.get((relation, again))
        if found is None:
            name = f"r{len(self._rows)}_"
            found = Frame(self, name, (KEY, f"{name}p"), relation, self.main, None, None, 1, 0)
            self._rows[relation, again] = found
            self.frames.append(found)
        return found

    def chosen(self, rows: Frame, keep: Column | None) -> Frame:
        """Give the frame of those entries for which a condition holds: the items decided for."""
        return self._join(self.main, rows, keep, rows.keys)

    def pairs(self, left: Frame, rows: Frame, keep: Column | None) -> Frame:
        """Give the frame of every row of `left` with every entry of the same applicant's list."""
        return self._join(left, rows, keep, (*left.keys, *rows.keys[1:]))

    def _join(self, left: Frame, rows: Frame, keep: Column | None, keys: tuple[str, ...]) -> Frame:
        name = (left.name, rows.name, keep.name if keep else "")
        found = self._joined.get(name)
        if found is None:
            short = f"j{len(self._joined)}_"
            renamed = keys if left is self.main else (*left.keys, *(f"{short}{key}" for key in rows.keys[1:]))
            start = max(left.start, rows.start, keep.epoch if keep else 0)
            found = Frame(self, short, renamed, None, left, rows, keep, left.depth + 1, start)
            self._joined[name] = found
            self.frames.append(found)
        return found
