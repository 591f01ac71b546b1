"""Rules as a lawyer reads them: each step with its title, its section of law, its formula or its table."""

from dataclasses import dataclass

from dugnad.catalogue.types import Adopted
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.source import Scope

SCOPES: tuple[Scope, ...] = ("common", "each", "after")


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step. `header` and `rows` are its table, empty where it is a formula."""

    name: str
    title: str
    law: str
    unit: str
    formula: str
    rounding: str
    policy: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def step_pages(adopted: Adopted, language: str) -> list[tuple[Scope, list[StepPage]]]:
    """Return the steps of the rules in working order: once for the whole, for each item, and last."""
    return [(scope, [_step(op, language) for op in adopted.ruleset.operations(scope)]) for scope in SCOPES]


def _step(op: StepOp, language: str) -> StepPage:
    step = op.step
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    if op.table is not None:
        table = op.table.table
        header = (
            *(column.label for column in table.inputs),
            *(f"→ {column.name}" for column in table.outputs),
            "hjemmel" if language != "en" else "law",
        )
        rows = tuple(
            (*(cell.text for cell in (*row.inputs, *row.outputs)), ", ".join(row.annotations.values()))
            for row in table.rows
        )
    return StepPage(
        name=step.name,
        title=step.title.get(language, ""),
        law=step.law,
        unit=step.unit,
        formula=step.formula.text if step.formula else "",
        rounding=step.round.text if step.round else "",
        policy=op.table.table.hit_policy.name if op.table is not None else "",
        header=header,
        rows=rows,
    )
