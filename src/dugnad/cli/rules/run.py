"""`dugnad rules run SERVICE`: decide one case and say what came of it, in short or as data."""

import argparse
import json

from rich.markup import escape

from dugnad.cli.rules.asked import case
from dugnad.cli.rules.asked.case import Decided
from dugnad.cli.rules.terminal import console, table
from dugnad.cli.rules.wording import LABELS
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.words import format_value

STOPPED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the case."""
    case.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the outcome; 1 where automation stops, as a person must decide. Raises RefusedError."""
    with case.decided(arguments) as found:
        if arguments.json:
            print(json.dumps(found.outcome.as_data(), ensure_ascii=False, indent=2))
        else:
            show(found, arguments.lang)
        return 0 if found.outcome.automatic else STOPPED


def show(found: Decided, language: str) -> None:
    """Print the outcome in short: what, for whom, where automation stopped, by which sections."""
    outcome, paper = found.outcome, console()
    named = escape(outcome.outcome or LABELS[language]["no outcome"])
    paper.print(f"[bold]{named}[/bold]  {outcome.on}, {found.chosen.service.slug}")
    headings, rows = _items(found, language)
    if rows:
        paper.print(table("", headings, rows))
    labels = LABELS[language]
    for stop in outcome.stops:
        law = f" ({stop.law})" if stop.law else ""
        why = stop.why.get(language, "")
        paper.print(f"{labels['stopped']}: [bold]{escape(stop.name)}[/bold].{escape(f' {why}{law}')}")
    if outcome.because:
        paper.print(f"{labels['law'].capitalize()}: {'; '.join(outcome.because)}", markup=False)


def _items(found: Decided, language: str) -> tuple[list[str], list[list[str]]]:
    """Return the results for each item: what it is called, and the amount and period the service names."""
    outcome, source = found.outcome, found.rules.source
    wanted = [name for name in (source.result.amount, source.result.start, source.result.end) if name]
    units = found.rules.words.units

    def worded(value: Value, name: str) -> str:
        return format_value(value, units.get(name, ""), language)

    if outcome.items:
        rows = [
            [item.name or item.key, *(worded(item.known.get(name), name) for name in wanted)]
            for item in outcome.items
        ]
        return [LABELS[language]["for"], *wanted], rows
    here = [name for name in wanted if name in outcome.known]
    return here, [[worded(outcome.known[name], name) for name in here]] if here else []
