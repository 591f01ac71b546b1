"""A decision table as written: cells are texts with their place in the file."""

from dataclasses import dataclass, field
from enum import Enum

from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar.cursor import Dialect
from dugnad.rulebook.feel.grammar.nodes import Node


class HitPolicy(Enum):
    """How the rows that match become one result (DMN 1.5, 8.2.11)."""

    UNIQUE = "U"
    ANY = "A"
    PRIORITY = "P"
    FIRST = "F"
    RULE_ORDER = "R"
    OUTPUT_ORDER = "O"
    COLLECT = "C"
    SUM = "C+"
    MIN = "C<"
    MAX = "C>"
    COUNT = "C#"

    @classmethod
    def named(cls, text: str) -> "HitPolicy":
        """Read ``U``, ``C+``, ``C #`` or DMN's long names (``RULE ORDER``). Raises ValueError."""
        word = " ".join(text.upper().split())
        by_name = {policy.name.replace("_", " "): policy for policy in cls}
        return by_name[word] if word in by_name else cls(word.replace(" ", ""))


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell; ``start`` is its offset in the file, for error messages."""

    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """An input column. ``values`` are the allowed values (a unary test), where the table states them."""

    label: str
    expression: Node
    values: Cell | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column. ``values`` in falling priority (policies P and O need them); ``default`` where no
    row matches.
    """

    name: str
    values: Cell | None = None
    default: Cell | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a test per input, an expression per output, and annotations (label → text), the law among
    them.
    """

    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    annotations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. With one output the result is its value, with more a context of them.

    ``start`` and ``end`` are the table's place in the file, for errors that concern several rows.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    name: str = ""
    law: str = ""
    dialect: Dialect = "dugnad"
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One thing wrong in a table. ``row`` counts from 1; 0 is the head. ``column`` counts inputs, then
    outputs, from 0.
    """

    row: int
    column: int
    error: FeelSyntaxError


class TableError(ValueError):
    """Everything that is wrong in a table, at once; offsets are those of the file."""

    def __init__(self, problems: tuple[TableProblem, ...]) -> None:
        super().__init__("; ".join(f"row {problem.row}: {problem.error}" for problem in problems))
        self.problems = problems
