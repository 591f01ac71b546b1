"""Headings of tables that say something else than was meant, and refusals that rest on no section of law."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from dugnad.rulebook.checks.outcomes import outcomes_of
from dugnad.rulebook.checks.reading import Reading
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rules.compiling import inside
from dugnad.rulebook.rules.source import Step, Text
from dugnad.rulebook.rules.tabular import LAW_HEADINGS
from dugnad.rulebook.tables import Table

_ALIKE = 0.75
"""From here on two names are one misspelt."""


def odd_headings(reading: Reading) -> Iterator[Finding]:
    """Find sections of law under a heading nobody reads, results misspelt, and refusals without a section of law."""
    for name, table in reading.tables.items():
        step = reading.source.steps[name]
        if step.table is not None:
            yield from _law(step, step.table, table)
            yield from _result(step, step.table, table)
    for one in outcomes_of(reading) if not reading.unread else ():
        if not one.law and reading.source.result.refuses(one.name):
            what = f"the refusal '{one.name}' rests on no section of law"
            mend = "Write it in the row under hjemmel, or in the step as law."
            yield Finding.at(one.place, "no-law", what, mend, "warning")


def _law(step: Step, text: Text, table: Table) -> Iterator[Finding]:
    heads = dict.fromkeys(head for row in table.rows for head in row.annotations)
    if any(head in LAW_HEADINGS for head in heads):
        return
    for head in heads:
        if any(row.annotations.get(head, "").startswith("§") for row in table.rows):
            what = f"the column '{head}' of '{step.name}' has sections of law, but its heading is not hjemmel"
            place = inside(text, text.text.find(head))
            yield Finding.at(
                place, "law-heading", what, "Call it hjemmel: only then the decision names them."
            )


def _result(step: Step, text: Text, table: Table) -> Iterator[Finding]:
    """Find a heading that is nearly the step's name: with one result the step's name is what it is called by."""
    name = table.outputs[0].name
    if (
        len(table.outputs) == 1
        and name != step.name
        and SequenceMatcher(None, name, step.name).ratio() >= _ALIKE
    ):
        what = f"the result of '{step.name}' is headed '{name}'"
        place = inside(text, text.text.find("→"))
        yield Finding.at(place, "heading", what, f"Write → {step.name}.", "warning")
