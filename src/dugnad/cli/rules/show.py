"""`dugnad rules show SERVICE`: every table and formula in working order, with its section of law."""

import argparse
from collections.abc import Iterator

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.refused import none_such
from dugnad.cli.rules.terminal import console, table
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.source import Scope, Step
from dugnad.rulebook.rules.words import LANGUAGES

_HEADS: dict[Scope, str] = {"common": "calculate", "each": "calculate each", "after": "conclude"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the service, a step, a language."""
    parser.add_argument(
        "service", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    parser.add_argument("--step", metavar="NAME", help="only this step")
    parser.add_argument("--lang", choices=LANGUAGES, default="nb", help="language of titles and sentences")


def run(arguments: argparse.Namespace) -> int:
    """Print the steps. Raises RefusedError for a service or step that is not there."""
    with chosen(arguments.service) as found:
        if arguments.step is not None and arguments.step not in found.service.source.steps:
            raise none_such(f"step in {found.service.slug}", arguments.step, found.service.source.steps)
        paper = console()
        if arguments.step is None:
            for part in _head(found, arguments.lang):
                paper.print(part)
        for scope, head in _HEADS.items():
            ops = [op for op in found.rules().operations(scope) if arguments.step in (None, op.step.name)]
            if ops and arguments.step is None:
                paper.rule(f"[bold]{head}[/bold]", align="left")
            for op in ops:
                for part in _step(op, arguments.lang):
                    paper.print(part)
    return 0


def _head(found: Chosen, language: str) -> Iterator[RenderableType]:
    service, source = found.service, found.service.source
    title = service.info.title.get(language, service.slug)
    yield f"[bold]{escape(title)}[/bold]  {escape(service.slug)}, {source.law}, version {service.version[:12]}"
    if source.stops:
        rows = [(stop.name, stop.when.text, stop.law) for stop in source.stops]
        yield table("Control points: automation stops, a person decides", ("name", "when", "law"), rows)
    if source.open:
        yield table("Open to tailoring", ("name", "unit", "otherwise", "within", "law"), _open(found))


def _open(found: Chosen) -> Iterator[tuple[str, str, str, str, str]]:
    for place in found.service.source.open.values():
        bounds = [
            f"{word} {text.text}"
            for word, text in (("at least", place.at_least), ("at most", place.at_most))
            if text
        ]
        within = ", ".join(bounds) or " | ".join(place.one_of)
        yield place.name, place.unit, place.otherwise.text, within, place.law


def _step(op: StepOp, language: str) -> Iterator[RenderableType]:
    step = op.step
    title = step.title.get(language, "")
    notes = [part for part in (title, step.unit, step.law) if part]
    yield f"\n[bold]{escape(step.name)}[/bold]" + (
        f"  [dim]{escape(' · '.join(notes))}[/dim]" if notes else ""
    )
    if op.table is not None:
        yield _decision_table(op)
    elif step.formula is not None:
        yield f"  = {escape(' '.join(step.formula.text.split()))}"
    if step.round is not None:
        yield f"  [dim]rounded: {escape(step.round.text)}[/dim]"
    yield from _sentences(step, language)


def _sentences(step: Step, language: str) -> Iterator[RenderableType]:
    for says in step.says:
        when = f"({says.when.text}) " if says.when and says.when.text != "true" else ""
        yield f"  [italic]{escape(when)}{escape(says.words.get(language, ''))}[/italic]"


def _decision_table(op: StepOp) -> Table:
    written = op.table.table if op.table is not None else None
    if written is None:
        return Table()
    notes = list(dict.fromkeys(name for row in written.rows for name in row.annotations))
    headings = (
        written.hit_policy.value,
        *(column.label for column in written.inputs),
        *(f"→ {column.name}" for column in written.outputs),
        *notes,
    )
    rows = (
        (
            str(number),
            *(cell.text for cell in (*row.inputs, *row.outputs)),
            *(row.annotations.get(name, "") for name in notes),
        )
        for number, row in enumerate(written.rows, 1)
    )
    return table("", headings, rows)
