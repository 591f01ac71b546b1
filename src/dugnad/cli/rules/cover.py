"""`dugnad rules cover SERVICE`: rows, branches, sentences, control points and outcomes × examples; what none reaches."""

import argparse
import json

from dugnad.catalogue.checking import try_folder
from dugnad.cli.check import NoServiceError, shown_as
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.terminal import console, table
from dugnad.rulebook.checks.coverage import Coverage, Kind, Reach, coverage

_SHOWN = 1
_NAMED: dict[Kind, str] = {
    "row": "row",
    "branch": "branch",
    "sentence": "sentence",
    "stop": "control point",
    "outcome": "outcome",
}
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("row", "rows"),
    ("branch", "branches"),
    ("sentence", "sentences"),
    ("stop", "control points"),
    ("outcome", "outcomes"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the service."""
    parser.add_argument(
        "service", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    parser.add_argument("--only-gaps", action="store_true", help="only what no example reaches")
    parser.add_argument("--json", action="store_true", help="write data instead of words")


def run(arguments: argparse.Namespace) -> int:
    """Print each thing with the examples that reach it; 1 where something is reached by none."""
    with chosen(arguments.service) as found:
        covered = _covered(found)
        shown = covered.unreached if arguments.only_gaps else covered.reaches
        if arguments.json:
            print(json.dumps([_data(one) for one in shown], ensure_ascii=False, indent=2))
        else:
            _print(found, covered, shown)
        return int(bool(covered.unreached))


def _covered(found: Chosen) -> Coverage:
    try:
        report = try_folder(found.folder, found.folder.parent.parent / "tailoring")
    except ValueError as error:
        raise RefusedError(f"{found.shown} does not load: {error}") from None
    tried = [(one.name, one.outcome) for one in report.results if one.outcome is not None]
    return coverage(found.rules(), tried)


def _print(found: Chosen, covered: Coverage, shown: tuple[Reach, ...]) -> None:
    paper = console()
    reached = [one for one in shown if one.reached]
    if reached:
        rows = [
            (_called(one), f"{one.place.file}:{one.place.line}", str(len(one.examples)), _some(one.examples))
            for one in reached
        ]
        title = f"{found.service.slug}: {len(covered.examples)} examples"
        paper.print(table(title, ("", "written in", "reached", "by"), rows))
    for one in covered.unreached:
        where = f"{_folder(found)}/{one.place.file}"
        law = f" ({one.law})" if one.law else ""
        paper.print(
            f"{where}:{one.place.line}:{one.place.column}: no example reaches {_called(one)}: {one.words}{law}",
            markup=False,
            soft_wrap=True,
        )
    shares = [(words, *covered.share(kind)) for kind, words in _KINDS]
    told = ", ".join(f"{reached} of {all_} {words}" for words, reached, all_ in shares if all_)
    paper.print(f"Reached: {told}.", markup=False)


def _folder(found: Chosen) -> str:
    """Return the folder to jump to; a version that lies nowhere by what it was asked for."""
    try:
        return str(shown_as(found.shown))
    except NoServiceError:
        return found.shown


def _called(one: Reach) -> str:
    """Return what is reached: søskenrabatt, row 3."""
    return f"{one.of}, {_NAMED[one.kind]}" + (f" {one.number}" if one.number else "")


def _some(names: tuple[str, ...]) -> str:
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more


def _data(one: Reach) -> dict[str, object]:
    return {
        "kind": one.kind,
        "of": one.of,
        "number": one.number,
        "words": one.words,
        "law": one.law,
        "file": one.place.file,
        "line": one.place.line,
        "examples": list(one.examples),
    }
