"""`dugnad rules explain SERVICE`: decide one case and say why, step by step, and what would have changed it."""

import argparse
import json

from dugnad.cli.rules.asked import case
from dugnad.cli.rules.asked.case import Decided
from dugnad.cli.rules.run import STOPPED, show
from dugnad.cli.rules.terminal import console
from dugnad.rulebook.reasons.account import account_data
from dugnad.rulebook.reasons.changes import what_would_change
from dugnad.rulebook.reasons.telling import Told, tell
from dugnad.rulebook.reasons.wishes import wished


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the case."""
    case.add_arguments(parser)
    parser.add_argument("--short", action="store_true", help="only the sentences of the letter")


def run(arguments: argparse.Namespace) -> int:
    """Print the steps in words; 1 where automation stops. Raises RefusedError."""
    with case.decided(arguments) as found:
        changes = what_would_change(
            found.rules, found.given.facts, found.outcome, on=found.given.on, disputed=found.given.disputed
        )
        wishes = [
            wished(found.rules, found.outcome, one, arguments.lang, _outcomes(found, arguments.lang))
            for one in changes
        ]
        if arguments.json:
            told = [{"sentence": wish, **one.as_data()} for wish, one in zip(wishes, changes, strict=True)]
            data = {"steps": account_data(found.rules, found.outcome), "would have changed it": told}
            print(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            show(found, arguments.lang)
            _print(found, wishes, arguments.lang, short=arguments.short)
        return 0 if found.outcome.automatic else STOPPED


def _outcomes(found: Decided, language: str) -> dict[str, str]:
    """Return what the letters call each outcome."""
    return {name: letter.title.get(language, name) for name, letter in found.chosen.service.letters.items()}


def _print(found: Decided, wishes: list[str], language: str, *, short: bool) -> None:
    paper, key = console(), None
    names = {item.key: item.name or item.key for item in found.outcome.items}
    for told in tell(found.rules, found.outcome, language):
        if told.written_by_owner or not short:
            if told.key != key:
                key = told.key
                paper.rule(f"[bold]{names.get(key or '', '')}[/bold]" if key else "", align="left")
            for line in _lines(told, short=short):
                paper.print(line, markup=False)
    for wish in wishes:
        paper.print(f"\n{wish}", markup=False)


def _lines(told: Told, *, short: bool) -> list[str]:
    law = f"  ({told.law})" if told.law else ""
    lines = [f"{told.title}: {told.sentence}{law}" if told.written_by_owner else f"{told.sentence}{law}"]
    if told.numbers:
        lines.append(f"    {told.numbers}")
    return lines if short else [*lines, *(f"    {row}" for row in told.rows)]
