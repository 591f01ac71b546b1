"""What an expression is by column: one value, or the rows of a list, or a value of each of its rows.

One value has three states. SQL's NULL means *unknown*, which in FEEL spreads just as NULL does. FEEL's own
null is marked by `null`, since it equals itself and is no unknown. `doubt` marks rows where the exact
evaluator would note an error, or where its rounding decides: such rows go to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias

from dugnad.rulebook.columns.cells.number import Number
from dugnad.rulebook.columns.cells.sql import Flag, Sql, both, certain, is_null, is_there, negated
from dugnad.rulebook.columns.plan.frames import Frame


class Kind(Enum):
    """The types a column can hold; TEXTS is a list of texts, NULL FEEL's null written as such."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    MONTHS = "years and months duration"
    DAYS = "days and time duration"
    TEXTS = "list of texts"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value. `frame` is where it lives, None for a constant; `number` is there for numbers and durations.

    `sure`: never NULL. `literal` is the value of a constant that is no number.
    """

    kind: Kind
    sql: Sql
    frame: Frame | None = None
    number: Number | None = None
    null: Flag = None
    doubt: Flag = None
    sure: bool = False
    literal: Any = None

    @property
    def unknown(self) -> Flag:
        """Give the condition that nobody knows it."""
        if self.sure or self.kind is Kind.NULL:
            return None
        missing = is_null(self.sql)
        return missing if self.null is None else both(missing, negated(self.null))

    @property
    def known(self) -> Sql:
        """Give the condition that it has a value, neither unknown nor null."""
        return is_there(self.sql)

    def doubted(self, doubt: Flag) -> "Cell":
        """Give the same value with this doubt instead."""
        return replace(self, doubt=doubt)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of persons: the rows of `frame` for which `keep` holds, for each row of `owner`.

    `keep` is None for all rows. `lost`, in the owner, is true where nobody knows the list. `origin` is the
    relation whose attributes the rows have, `name` the list they come from. `gaps` are where `lost` comes from.
    """

    frame: Frame
    keep: Sql | None
    owner: Frame
    origin: Frame
    name: str
    lost: Flag = None
    gaps: tuple[tuple[Frame, Sql], ...] = ()

    @property
    def taken(self) -> Sql | None:
        """Give the condition of a row's being in the list, never NULL."""
        return None if self.keep is None else certain(self.keep)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the list `name`: `frame` is where its attributes are read, `origin` where they stand."""

    frame: Frame
    origin: Frame
    name: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Each:
    """A value of each row of a list."""

    rows: Rows
    cell: Cell


@dataclass(frozen=True, slots=True)
class Distinct:
    """The different values among those of each row of a list."""

    rows: Rows
    cell: Cell


@dataclass(frozen=True, slots=True)
class Ordered:
    """A value of each row of a list, sorted."""

    rows: Rows
    cell: Cell


@dataclass(frozen=True, slots=True)
class Picked:
    """One person of a list: that of the row where `here`, which is never NULL, is true."""

    rows: Rows
    here: Sql


@dataclass(frozen=True, slots=True)
class Several:
    """A list written out: `[a, b, c]`."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Several values by name: what a table with several outputs gives."""

    cells: Mapping[str, Cell]


Thing: TypeAlias = Cell | Rows | Entry | Each | Distinct | Ordered | Picked | Several | Record
"""Whatever an expression may be."""
