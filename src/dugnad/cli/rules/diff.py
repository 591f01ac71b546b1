"""`dugnad rules diff OLD NEW`: what changed, in words; with `--population` for whom, where and for how much."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from dugnad.cli.progress import progress
from dugnad.cli.rules.asked.case import day, whole
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.comparing import Difference, differences
from dugnad.cli.rules.population import paper as papers
from dugnad.cli.rules.population import told
from dugnad.cli.rules.population.people import opened
from dugnad.cli.rules.population.sweeping import Question, Side, swept
from dugnad.cli.rules.population.tally import Tally, tallied
from dugnad.cli.rules.terminal import console, table, write_whole
from dugnad.connectors.norway.reference import municipalities


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the two versions, and whom to run them on."""
    parser.add_argument(
        "old", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    parser.add_argument("new", help="the same, as it is to be")
    parser.add_argument("--json", action="store_true", help="write data instead of words")
    parser.add_argument(
        "--population",
        metavar="FILE|N",
        help="run both on a synthetic Norway: a file of `dugnad population`, or a number of persons",
    )
    parser.add_argument("--on", type=day, metavar="DATE", help="the day of the applications (default: today)")
    parser.add_argument("--households", type=whole, metavar="N", help="ask only so many, evenly chosen")
    parser.add_argument(
        "--processes", type=whole, metavar="N", help="side by side (default: the cores there are)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the page and the map are written")


def run(arguments: argparse.Namespace) -> int:
    """Print what changed; 0 where nothing did, 1 where something did (as diff does). Raises RefusedError."""
    with chosen(arguments.old) as old, chosen(arguments.new) as new:
        found = differences(old.service, new.service)
        tally = _counted(arguments, old, new) if arguments.population else None
        if arguments.json:
            data = {"changed": [asdict(one) for one in found], **(told.as_data(tally) if tally else {})}
            print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        else:
            _print(old, new, found)
            if tally is not None:
                told.show(tally, _per(new))
        if tally is not None:
            _write(arguments, old, new, tally)
    return int(bool(found))


def _print(old: Chosen, new: Chosen, found: tuple[Difference, ...]) -> None:
    paper = console()
    title = f"{old.shown} ({old.service.version[:12]}) → {new.shown} ({new.service.version[:12]})"
    if not found:
        paper.print(f"{title}: nothing changed.", markup=False)
        return
    paper.print(title, markup=False)
    paper.print(
        table("", ("part", "name", "what changed"), [(one.part, one.name, one.what) for one in found])
    )


def _counted(arguments: argparse.Namespace, old: Chosen, new: Chosen) -> Tally:
    """Run both versions over the population, and count. Raises RefusedError."""
    if old.service.slug != new.service.slug:
        raise RefusedError(
            f"{old.service.slug} and {new.service.slug} are two services: run two versions of one."
        )
    # A folder on its own, without tailorings beside it, is tried with those of the other.
    question = Question(
        Side(old.service, old.tailorings or new.tailorings),
        Side(new.service, new.tailorings or old.tailorings),
        opened(arguments.population, _home()),
        _on(arguments),
        arguments.households,
        arguments.processes or len(os.sched_getaffinity(0)),
    )
    result = new.service.source.result
    with swept(question, progress, lambda words: print(words, file=sys.stderr)) as found:
        return tallied(found, refusals=[one.text for one in result.refusals or ()], better=result.better)


def _on(arguments: argparse.Namespace) -> date:
    return arguments.on or datetime.now(UTC).date()


def _home() -> Path:
    return Path(os.environ.get("DUGNAD_HOME", ".dugnad")) / "rules"


def _per(one: Chosen) -> str:
    """Return what an amount is per: måned, år, or nothing."""
    source = one.service.source
    step = source.steps.get(source.result.amount)
    return step.unit.partition("/")[2] if step else ""


def _write(arguments: argparse.Namespace, old: Chosen, new: Chosen, tally: Tally) -> None:
    """Write the page and the map, and say where."""
    service = new.service
    folder = arguments.out or _home() / f"diff-{service.slug}"
    sheet = papers.Sheet(
        title=service.info.title.get("nb", service.slug),
        old=f"{old.shown} ({old.service.version[:12]})",
        new=f"{new.shown} ({new.service.version[:12]})",
        day=_on(arguments),
        per=papers.PER.get(_per(new), ""),
        names={one.code: one.name for one in municipalities()},
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "index.html", papers.page(sheet, tally))
        write_whole(folder / "map.svg", papers.drawn(sheet, tally))
    except OSError as error:
        raise RefusedError(f"{folder} cannot be written: {error.strerror or error}.") from None
    print(f"{folder / 'index.html'}\n{folder / 'map.svg'}", file=sys.stderr)
