"""`dugnad rules cover SERVICE`: rows × examples, and what none of them reaches."""

import argparse
from collections.abc import Iterator

from dugnad.catalogue.checking import try_folder
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.terminal import console, table
from dugnad.rulebook.ruleset import Outcome

_SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the service."""
    parser.add_argument(
        "service", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    parser.add_argument("--only-gaps", action="store_true", help="only what no example reaches")


def run(arguments: argparse.Namespace) -> int:
    """Print each row with the examples that reach it; 1 where some row is reached by none."""
    with chosen(arguments.service) as found:
        outcomes = _outcomes(found)
        rows = list(_rows(found, outcomes))
        gaps = [row for row in rows if row[3] == "0"]
        shown = gaps if arguments.only_gaps else rows
        paper = console()
        if shown:
            heading = ("step", "row", "cells", "reached", "by")
            paper.print(table(f"{found.service.slug}: {len(outcomes)} examples", heading, shown))
        paper.print(
            f"{len(rows) - len(gaps)} of {len(rows)} rows and control points are reached.", markup=False
        )
        return int(bool(gaps))


def _outcomes(found: Chosen) -> dict[str, Outcome]:
    try:
        report = try_folder(found.folder, found.folder.parent.parent / "tailoring")
    except ValueError as error:
        raise RefusedError(f"{found.shown} does not load: {error}") from None
    return {one.name: one.outcome for one in report.results if one.outcome is not None}


def _rows(found: Chosen, outcomes: dict[str, Outcome]) -> Iterator[tuple[str, str, str, str, str]]:
    reached: dict[tuple[str, int], dict[str, None]] = {}
    stopped: dict[str, list[str]] = {}
    for name, outcome in outcomes.items():
        for traced in outcome.trace:
            for hit in traced.rows:
                reached.setdefault((traced.name, hit), {})[name] = None
        for point in outcome.stops:
            stopped.setdefault(point.name, []).append(name)
    rules = found.rules()
    for scope in ("common", "each", "after"):
        for op in rules.operations(scope):
            for number, row in enumerate(op.table.table.rows if op.table else (), 1):
                cells = " | ".join(cell.text for cell in (*row.inputs, *row.outputs))
                by = list(reached.get((op.step.name, number), ()))
                yield op.step.name, str(number), cells, str(len(by)), _some(by)
    for stop in found.service.source.stops:
        by = stopped.get(stop.name, [])
        yield stop.name, "stop", stop.when.text, str(len(by)), _some(by)


def _some(names: list[str]) -> str:
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more
