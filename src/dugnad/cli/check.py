"""`dugnad check FOLDER…`: every error of a service folder at once, with file, line, what is wrong and how to mend it."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dugnad.catalogue.checking import SEVERITIES, check_folder, count_of
from dugnad.catalogue.types import Finding
from dugnad.rulebook.located import suggest

SCHEMA = 1
"""The version of what `--json` writes; see docs/reference/findings.md."""


PROJECT = Path(__file__).resolve().parents[3]


class NoServiceError(ValueError):
    """No service folder is called so. The text says so, and what the nearest is called."""


def folder_of(asked: str) -> Path:
    """Return the folder of a service, by its path or its name in the library. Raises NoServiceError."""
    found = next((path for path in places(asked) if path.is_dir()), None)
    if found is None:
        known = sorted(path.parent.name for path in PROJECT.glob("services/*/service.yaml"))
        raise NoServiceError(
            f"There is no service folder {asked[:80]!r}. {suggest(asked[:80], known)}".strip()
        )
    return found.resolve()


def places(asked: str) -> tuple[Path, ...]:
    """Return where a service may lie: as the path says, in `services` here, in the library."""
    return Path(asked), Path("services") / asked, PROJECT / "services" / asked


def shown_as(asked: str) -> Path:
    """Return the folder of a service as one would write it here, to be jumped to. Raises NoServiceError."""
    return Path(asked) if Path(asked).is_dir() else Path(os.path.relpath(folder_of(asked)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folders, how strict to be and how to write."""
    parser.add_argument(
        "folder", nargs="+", help="a service folder or its name, such as redusert-foreldrebetaling"
    )
    parser.add_argument("--strict", action="store_true", help="let warnings fail too")
    parser.add_argument("--json", action="store_true", help="write JSON, for editors")
    parser.add_argument("--quiet", action="store_true", help="leave out what is only good to know")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found in each folder; 1 when there is an error (or, with --strict, a warning)."""
    fatal = {"error", "warning"} if arguments.strict else {"error"}
    failed = False
    checked: list[dict[str, object]] = []
    for asked in arguments.folder:
        try:
            folder = shown_as(asked)
        except NoServiceError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        found = check_folder(folder.resolve(), information=not arguments.quiet)
        checked.append(as_data(folder, found))
        if not arguments.json:
            print(worded(folder, found))
        failed |= any(one.severity in fatal for one in found)
    if arguments.json:
        print(json.dumps({"schema": SCHEMA, "folders": checked}, ensure_ascii=False, indent=2))
    return int(failed)


def worded(folder: Path, findings: Sequence[Finding]) -> str:
    """Return findings as lines an editor can jump from, each with how to mend it, and a count."""
    lines: list[str] = []
    for one in findings:
        lines += [
            f"{path_of(folder, one)}:{one.line}:{one.column}: {one.severity}: {one.what} [{one.code}]",
            f"    {one.mend}",
        ]
    return "\n".join([*lines, f"{folder}: {count_of(findings)}"])


def as_data(folder: Path, findings: Sequence[Finding]) -> dict[str, object]:
    """Return the findings of one folder as JSON can hold them."""
    return {
        "folder": str(folder),
        "counts": {name: sum(one.severity == name for one in findings) for name in SEVERITIES},
        "findings": [
            {
                "file": path_of(folder, one),
                "line": one.line,
                "column": one.column,
                "severity": one.severity,
                "code": one.code,
                "what": one.what,
                "mend": one.mend,
            }
            for one in findings
        ],
    }


def path_of(folder: Path, finding: Finding) -> str:
    """Return the file of a finding: within the folder, or that of a tailoring."""
    return finding.file if finding.file.startswith("tailoring/") else f"{folder}/{finding.file}"
