"""`dugnad test FOLDER…`: run the examples of a service folder, each with what was expected and what came out."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from dugnad.catalogue.checking import check_folder, try_folder
from dugnad.catalogue.types import Finding
from dugnad.cli.check import SCHEMA, NoServiceError, as_data, shown_as, worded

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
class Example:
    """One example, and what came of it that was not expected."""

    name: str
    failures: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """The examples of one folder, and the rows none reaches. Where it does not load: `broken`, or `refused` says why."""

    folder: Path
    examples: tuple[Example, ...] = ()
    unreached: tuple[Finding, ...] = ()
    broken: tuple[Finding, ...] = ()
    refused: str = ""

    @property
    def failed(self) -> int:
        """How many examples came out otherwise than expected."""
        return sum(bool(one.failures) for one in self.examples)

    @property
    def passed(self) -> bool:
        """Whether it loads, and every example came out as expected."""
        return not (self.broken or self.refused or self.failed)

    def as_data(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        examples = [
            {
                "name": one.name,
                "passed": not one.failures,
                "failures": as_data(self.folder, one.failures)["findings"],
            }
            for one in self.examples
        ]
        unreached = as_data(self.folder, self.unreached)["findings"]
        told = {"examples": examples, "unreached": unreached, "passed": self.passed, "refused": self.refused}
        return {**as_data(self.folder, self.broken), **told}


def try_out(asked: str, *, quiet: bool = False) -> Tried:
    """Try the examples of one folder, and print a line for each unless `quiet`."""
    try:
        folder = shown_as(asked)
    except NoServiceError as error:
        print(error, file=sys.stderr)
        return Tried(Path(asked), refused=str(error))
    found = check_folder(folder.resolve())
    broken = tuple(one for one in found if one.code not in _OF_EXAMPLES and one.severity == "error")
    if broken:
        if not quiet:
            print(f"{folder} does not load, so no example was run.\n{worded(folder, broken)}")
        return Tried(folder, broken=broken)
    report = try_folder(folder.resolve())
    examples = tuple(Example(one.name, tuple(one.failures)) for one in report.results)
    tried = Tried(folder, examples, tuple(report.unreached))
    if not quiet:
        _print(tried)
    return tried


def _print(tried: Tried) -> None:
    for one in tried.examples:
        print(f"{'FAILED' if one.failures else 'ok    '}  {one.name}")
        for failure in one.failures:
            print(f"        {_line(tried, failure)}")
    for finding in tried.unreached:
        print(f"warning {_line(tried, finding)}")
    count = len(tried.examples)
    print(f"{count - tried.failed} of {count} examples came out as expected.")


def _line(tried: Tried, one: Finding) -> str:
    return f"{tried.folder}/{one.file}:{one.line}:{one.column}: {one.what}. {one.mend}"
