"""`dugnad rules diff OLD NEW`: what changed, in words; with `--population` for whom, where and for how much."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dugnad.cli.rules.asked.case import day
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.comparing import Difference, differences
from dugnad.cli.rules.population import paper as papers
from dugnad.cli.rules.population.households import Household, households, opened
from dugnad.cli.rules.population.sweeping import Question, Side, Sweeper, exactly
from dugnad.cli.rules.population.tally import Tally, tallied
from dugnad.cli.rules.terminal import console, table
from dugnad.connectors.norway.reference import municipalities

MOST_PROCESSES = 64
_SHOWN = 15
_PER = {"måned": "i måneden", "år": "i året", "uke": "i uka"}


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
        help="run both on a synthetic Norway: a file, or a number of persons",
    )
    parser.add_argument("--on", type=day, metavar="DATE", help="the day of the applications (default: today)")
    parser.add_argument("--households", type=int, metavar="N", help="ask only so many, evenly chosen")
    parser.add_argument(
        "--processes", type=int, metavar="N", help="side by side (default: the cores there are)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the page and the map are written")


def run(arguments: argparse.Namespace) -> int:
    """Print what changed; 0 where nothing did, 1 where something did (as diff does). Raises RefusedError."""
    with chosen(arguments.old) as old, chosen(arguments.new) as new:
        found = differences(old.service, new.service)
        tally = _swept(arguments, old, new) if arguments.population else None
        if arguments.json:
            print(json.dumps(_data(found, tally), ensure_ascii=False, indent=2, default=str))
        else:
            _print(old, new, found)
            if tally is not None:
                _print_tally(tally, _per(new))
        if tally is not None:
            _write(arguments, old, new, tally)
    return int(bool(found))


def _print(old: Chosen, new: Chosen, found: tuple[Difference, ...]) -> None:
    paper = console()
    title = f"{old.shown} ({old.service.version[:12]}) → {new.shown} ({new.service.version[:12]})"
    if not found:
        paper.print(f"{title}: nothing changed.", markup=False)
        return
    paper.print(
        table(title, ("part", "name", "what changed"), [(one.part, one.name, one.what) for one in found])
    )


def _swept(arguments: argparse.Namespace, old: Chosen, new: Chosen) -> Tally:
    """Run both versions over the population, with a bar that tells how far and how long."""
    if old.service.slug != new.service.slug:
        raise RefusedError(
            f"{old.service.slug} and {new.service.slug} are two services: run two versions of one."
        )
    on = arguments.on or datetime.now(UTC).date()
    path = opened(arguments.population, _home())
    asked = households(path, on, arguments.households)
    if not asked:
        raise RefusedError(f"{path} has no households.")
    # A folder on its own, without tailorings beside it, is tried with those of the other.
    sides = (
        Side(old.service, old.tailorings or new.tailorings),
        Side(new.service, new.tailorings or old.tailorings),
    )
    question = Question(*sides, path, on)
    processes = arguments.processes or len(os.sched_getaffinity(0))
    return sweep(question, asked, exactly(min(MOST_PROCESSES, max(1, processes))))


def sweep(question: Question, asked: list[Household], sweeper: Sweeper) -> Tally:
    """Count what a sweeper finds, with a progress bar where someone looks."""
    columns = (TextColumn("Households"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
    ) as bar:
        task = bar.add_task("households", total=len(asked))
        return tallied(sweeper(question, asked, lambda done: bar.update(task, completed=done)))


def _home() -> Path:
    return Path(os.environ.get("DUGNAD_HOME", ".dugnad")) / "rules"


def _per(one: Chosen) -> str:
    """Return what an amount is per: i måneden."""
    source = one.service.source
    step = source.steps.get(source.result.amount)
    return _PER.get(step.unit.partition("/")[2], "") if step else ""


def _data(found: tuple[Difference, ...], tally: Tally | None) -> dict[str, object]:
    data: dict[str, object] = {"changed": [asdict(one) for one in found]}
    if tally is not None:
        data["whole"] = {**asdict(tally.whole), "difference": tally.whole.difference}
        data["municipalities"] = {
            code: {**asdict(place), "difference": place.difference} for code, place in tally.by_change()
        }
        data["failed"] = dict(tally.failed)
        data["outcomes"] = [
            {"from": old, "to": new, "residents": count} for (old, new), count in tally.moves.items()
        ]
    return data


def _print_tally(tally: Tally, per: str) -> None:
    whole, paper = tally.whole, console()
    paper.print(
        f"\n{whole.changed:,} of {whole.residents:,} residents live in a household where something changes:"
        f" {whole.outcome:,} get another outcome, {whole.amount:,} another amount, {whole.to_person:,} now go to a person."
        f" The sum goes from {whole.before:,.0f} to {whole.after:,.0f} kr {per}: {whole.difference:+,.0f} kr.",
        markup=False,
    )
    if tally.failed:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in tally.failed.most_common())
        paper.print(f"Households that could not be decided, and are left out: {kinds}.", markup=False)
    names = {one.code: one.name for one in municipalities()}
    moves = [(old, new, f"{count:,}") for (old, new), count in tally.moves.most_common()]
    if moves:
        paper.print(table("Outcomes that change", ("from", "to", "residents"), moves))
    rows = [
        (
            names.get(code, code),
            *(f"{number:,}" for number in (place.residents, place.changed, place.outcome)),
            f"{place.difference:+,.0f}",
        )
        for code, place in tally.by_change()
    ]
    if rows:
        title = (
            "Municipalities"
            if len(rows) <= _SHOWN
            else f"The {_SHOWN} of {len(rows)} municipalities with most"
        )
        headings = ("municipality", "residents", "with a change", "another outcome", f"kr {per}")
        paper.print(table(title, headings, rows[:_SHOWN]))


def _write(arguments: argparse.Namespace, old: Chosen, new: Chosen, tally: Tally) -> None:
    """Write the page and the map, and say where."""
    service = new.service
    folder = arguments.out or _home() / f"diff-{service.slug}"
    day_of = (arguments.on or datetime.now(UTC).date()).isoformat()
    sheet = papers.Sheet(
        title=service.info.title.get("nb", service.slug),
        old=f"{old.shown} ({old.service.version[:12]})",
        new=f"{new.shown} ({new.service.version[:12]})",
        day=day_of,
        persons=f"Regnet ut for {tally.whole.households} husholdninger i et syntetisk Norge.",
        per=_per(new),
        names={one.code: one.name for one in municipalities()},
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(papers.page(sheet, tally), encoding="utf-8")
        (folder / "map.svg").write_text(papers.drawn(sheet, tally), encoding="utf-8")
    except OSError as error:
        raise RefusedError(f"{folder} cannot be written: {error.strerror or error}.") from None
    print(f"{folder / 'index.html'}\n{folder / 'map.svg'}", file=sys.stderr)
