"""`dugnad test FOLDER…`: run the examples of a service folder, each with what was expected and what came out."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from dugnad.catalogue.checking import check_folder, try_folder
from dugnad.catalogue.examples import ExampleReport
from dugnad.catalogue.types import Finding
from dugnad.cli.check import SCHEMA, as_data, worded
from dugnad.cli.rules.asked.chosen import shown_as
from dugnad.cli.rules.asked.refused import RefusedError

_OF_EXAMPLES = {"example", "unreached"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folders."""
    parser.add_argument(
        "folder", nargs="+", help="a service folder or its name, such as redusert-foreldrebetaling"
    )
    parser.add_argument("--json", action="store_true", help="write JSON, for CI")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each example; 1 when one failed, or the folder does not load."""
    tried = [try_out(asked, quiet=arguments.json) for asked in arguments.folder]
    if arguments.json:
        told = [one.as_data() for one in tried]
        print(json.dumps({"schema": SCHEMA, "folders": told}, ensure_ascii=False, indent=2))
    return int(not all(one.passed for one in tried))


@dataclass(frozen=True, slots=True)
class Tried:
    """The examples of one folder; no report where it does not load, and then why: findings, or a sentence."""

    folder: Path
    report: ExampleReport | None = None
    broken: tuple[Finding, ...] = ()
    refused: str = ""

    @property
    def passed(self) -> bool:
        """Whether every example came out as expected."""
        return self.report is not None and all(one.passed for one in self.report.results)

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        data = as_data(self.folder, self.broken)
        results = self.report.results if self.report else ()
        data["examples"] = [
            {
                "name": one.name,
                "passed": one.passed,
                "failures": as_data(self.folder, one.failures)["findings"],
            }
            for one in results
        ]
        data["unreached"] = as_data(self.folder, self.report.unreached if self.report else ())["findings"]
        return {**data, "passed": self.passed, "refused": self.refused}


def try_out(asked: str, *, quiet: bool = False) -> Tried:
    """Try the examples of one folder, and print a line for each unless `quiet`."""
    try:
        folder = shown_as(asked)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return Tried(Path(asked), refused=str(error))
    broken = tuple(
        one
        for one in check_folder(folder.resolve())
        if one.code not in _OF_EXAMPLES and one.severity == "error"
    )
    if broken:
        if not quiet:
            print(f"{folder} does not load, so no example was run.\n{worded(folder, broken)}")
        return Tried(folder, broken=broken)
    report = try_folder(folder.resolve())
    if not quiet:
        _print(folder, report)
    return Tried(folder, report)


def _print(folder: Path, report: ExampleReport) -> None:
    for result in report.results:
        print(f"{'ok    ' if result.passed else 'FAILED'}  {result.name}")
        for one in result.failures:
            print(f"        {folder}/{one.file}:{one.line}:{one.column}: {one.what}. {one.mend}")
    for one in report.unreached:
        print(f"warning {folder}/{one.file}:{one.line}:{one.column}: {one.what}. {one.mend}")
    failed = sum(not result.passed for result in report.results)
    print(f"{len(report.results) - failed} of {len(report.results)} examples came out as expected.")
