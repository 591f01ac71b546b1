"""`dugnad test FOLDER…`: run the examples of a service folder, each with what was expected and what came out."""

import argparse
import sys
from pathlib import Path

from dugnad.catalogue.checking import check_folder, try_folder
from dugnad.cli.check import worded

_OF_EXAMPLES = {"example", "unreached"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folders."""
    parser.add_argument(
        "folder", nargs="+", type=Path, help="a service folder, such as services/redusert-foreldrebetaling"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each example; 1 when one failed, or the folder does not load."""
    passed = [try_out(folder) for folder in arguments.folder]
    return int(not all(passed))


def try_out(folder: Path) -> bool:
    """Print the examples of one folder; True when all passed."""
    if not folder.is_dir():
        print(f"There is no folder {folder}.", file=sys.stderr)
        return False
    broken = [
        one
        for one in check_folder(folder.resolve())
        if one.code not in _OF_EXAMPLES and one.severity == "error"
    ]
    if broken:
        print(f"{folder} does not load, so no example was run.\n{worded(folder, broken)}")
        return False
    report = try_folder(folder.resolve())
    for result in report.results:
        print(f"{'ok    ' if result.passed else 'FAILED'}  {result.name}")
        for one in result.failures:
            print(f"        {folder}/{one.file}:{one.line}:{one.column}: {one.what}. {one.mend}")
    for one in report.unreached:
        print(f"warning {folder}/{one.file}:{one.line}:{one.column}: {one.what}. {one.mend}")
    failed = sum(not result.passed for result in report.results)
    print(f"{len(report.results) - failed} of {len(report.results)} examples came out as expected.")
    return not failed
