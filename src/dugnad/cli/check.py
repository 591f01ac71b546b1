"""`dugnad check FOLDER…`: every error of a service folder at once, with file, line, what is wrong and how to mend it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dugnad.catalogue.checking import check_folder, counted_as
from dugnad.catalogue.types import Finding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folders, and how strict to be."""
    parser.add_argument(
        "folder", nargs="+", type=Path, help="a service folder, such as services/redusert-foreldrebetaling"
    )
    parser.add_argument("--strict", action="store_true", help="let warnings fail too")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found in each folder; 1 when there is an error (or, with --strict, a warning)."""
    failed = False
    for folder in arguments.folder:
        if not folder.is_dir():
            print(f"There is no folder {folder}.", file=sys.stderr)
            failed = True
            continue
        found = check_folder(folder.resolve())
        print(worded(folder, found))
        failed |= any(arguments.strict or one.severity == "error" for one in found)
    return int(failed)


def worded(folder: Path, findings: Sequence[Finding]) -> str:
    """Return findings as lines an editor can jump from, each with how to mend it, and a count."""
    lines: list[str] = []
    for one in findings:
        place = one.file if one.file.startswith("tailoring/") else f"{folder}/{one.file}"
        lines += [
            f"{place}:{one.line}:{one.column}: {one.severity}: {one.what} [{one.code}]",
            f"    {one.mend}",
        ]
    errors = sum(one.severity == "error" for one in findings)
    count = f"{counted_as(errors, 'error')}, {counted_as(len(findings) - errors, 'warning')}"
    return "\n".join([*lines, f"{folder}: {count}"])
