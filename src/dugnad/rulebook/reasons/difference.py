"""A difference that would have changed a decision, as a record: which facts, how much, which row, what then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.reasons.account import CellRead
from dugnad.rulebook.rules.facts import to_data

Bound: TypeAlias = Literal["at most", "at least", "exactly"]


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact thought different: `after` does it, `edge`, the next value towards what is, does not.

    bound: whether every value tried beyond `after` does it too, or this one is all that can be said.
    limit: whether `edge` is a limit the rules name (a rate), so that one may say "under" it.
    """

    name: str
    key: str | None
    before: Value
    after: Value
    edge: Value
    unit: str
    bound: Bound
    limit: bool

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        values = {"before": self.before, "after": self.after, "edge": self.edge}
        told = {name: to_data(value) for name, value in values.items()}
        return {"name": self.name, "key": self.key, "unit": self.unit, "bound": self.bound, **told}


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that would have given another outcome, verified by deciding again.

    outcome: what it would have been. step, row, law: the first table where another row would have applied (row 0:
    rules without tables, the formula of the outcome). failing: the cells of that row that fail now. amounts: by item
    (None: the whole), what it is and would have been.
    """

    changed: tuple[Changed, ...]
    outcome: str
    step: str
    key: str | None
    row: int
    law: str
    failing: tuple[CellRead, ...]
    amounts: Mapping[str | None, tuple[Value, Value]]

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "changed": [one.as_data() for one in self.changed],
            "outcome": self.outcome,
            "step": self.step,
            "key": self.key,
            "row": self.row,
            "law": self.law,
            "failing": [{"input": cell.input, "test": cell.test} for cell in self.failing],
            "amounts": [
                {"key": key, "is": to_data(now), "would be": to_data(then)}
                for key, (now, then) in self.amounts.items()
            ],
        }
