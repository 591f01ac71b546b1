"""The table every engine is given: ten rules, three inputs, one output; and the same as a plain function."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NAMES = ("income", "children", "region")


@dataclass(frozen=True)
class Cell:
    """One test: `<`, `>=`, `=`, a half-open interval `[)`, a closed one `[]`, or anything (`-`)."""

    op: str
    low: Any = None
    high: Any = None

    def feel(self) -> str:
        """As a unary test of FEEL."""
        if self.op == "-":
            return "-"
        if self.op in "[)[]":
            return f"[{self.low}..{self.high}{self.op[1]}"
        return _constant(self.low) if self.op == "=" else f"{self.op} {self.low}"

    def python(self) -> str:
        """As SpiffWorkflow takes it: Python, `?` for the input."""
        if self.op == "[)":
            return f"{self.low} <= ? < {self.high}"
        if self.op == "[]":
            return f"{self.low} <= ? <= {self.high}"
        return self.feel()

    def condition(self, name: str) -> str:
        """As a whole condition of FEEL."""
        return f"{name} in {self.feel()}" if self.op in "[)[]" else f"{name} {self.op} {_constant(self.low)}"


def _constant(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


ANY, NONE = Cell("-"), Cell("=", 0)
NORTH, SOUTH = Cell("=", "nord"), Cell("=", "sør")
LOW, MIDDLE = Cell("<", 100_000), Cell("[)", 100_000, 200_000)
HIGH, TOP = Cell("[)", 200_000, 400_000), Cell(">=", 400_000)
ROWS: tuple[tuple[tuple[Cell, Cell, Cell], int], ...] = (
    ((LOW, NONE, ANY), 10),
    ((LOW, Cell(">=", 1), ANY), 20),
    ((MIDDLE, NONE, ANY), 30),
    ((MIDDLE, Cell("[]", 1, 2), ANY), 40),
    ((MIDDLE, Cell(">=", 3), ANY), 50),
    ((HIGH, ANY, NORTH), 60),
    ((HIGH, Cell("<", 2), SOUTH), 70),
    ((HIGH, Cell(">=", 2), SOUTH), 80),
    ((TOP, ANY, NORTH), 90),
    ((TOP, ANY, SOUTH), 100),
)


def plain(income: int, children: int, region: str) -> int:
    """The table as a programmer would write it: what every engine must agree with."""
    if income < 100_000:
        return 10 if children == 0 else 20
    if income < 200_000:
        return 30 if children == 0 else 40 if children <= 2 else 50
    if income < 400_000:
        return 60 if region == "nord" else 70 if children < 2 else 80
    return 90 if region == "nord" else 100


def inputs(count: int, seed: int = 2026) -> list[dict[str, Any]]:
    """Random inputs, a third of them on a limit or beside it."""
    chance = random.Random(seed)
    limits = [at + near for at in (100_000, 200_000, 400_000) for near in (-1, 0, 1)]
    return [
        {
            "income": chance.choice(limits) if chance.random() < 1 / 3 else chance.randrange(600_000),
            "children": chance.randrange(6),
            "region": chance.choice(("nord", "sør")),
        }
        for _ in range(count)
    ]


def as_values(one: dict[str, Any]) -> dict[str, Any]:
    """An input as our engine takes it: numbers are decimals."""
    return {name: Decimal(value) if isinstance(value, int) else value for name, value in one.items()}
