"""`dugnad publish FOLDER`: check, run the examples, and publish the folder as an immutable version named by its content."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from dugnad.catalogue import commands as catalogue
from dugnad.catalogue.checking import check_folder
from dugnad.cli.check import worded
from dugnad.shared.actor import Actor
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.types import OrganisationView

BY = Actor.system("publish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder, and who takes it into use at once."""
    parser.add_argument(
        "folder", type=Path, help="a service folder, such as services/redusert-foreldrebetaling"
    )
    parser.add_argument(
        "--adopt",
        metavar="all|CODE",
        action="append",
        default=[],
        help="take it into use: all municipalities, or one by its number (may be repeated)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Publish; prints number and hash. 1 when something is wrong, and then nothing is published."""
    folder: Path = arguments.folder.resolve()
    if not folder.is_dir():
        print(f"There is no folder {arguments.folder}.", file=sys.stderr)
        return 1
    found = check_folder(folder)
    if any(one.severity == "error" for one in found):
        print(f"{arguments.folder} was not published.\n{worded(arguments.folder, found)}")
        return 1
    chosen = _organisations(arguments.adopt)
    if chosen is None:
        return 1
    now = datetime.now(UTC)
    version, number = catalogue.publish_folder(folder=folder, by=BY, at=now)
    print(f"{folder.name} version {number}\n{version}")
    if chosen:
        texts = [(one.id, _tailoring(folder, one.code)) for one in chosen]
        changed = catalogue.adopt(version=version, organisations=texts, by=BY, at=now)
        print(_taken_into_use(chosen, changed))
    return 0


def _taken_into_use(chosen: list[OrganisationView], changed: int) -> str:
    who = chosen[0].name_in("nb") if len(chosen) == 1 else f"{len(chosen)} organisations"
    if not changed:
        return f"Already in use by {who}."
    some = f"{changed} of " if changed < len(chosen) else ""
    return f"Taken into use by {some}{who}. Cases that run keep the version they began with."


def _organisations(wanted: list[str]) -> list[OrganisationView] | None:
    """Return the organisations asked for, or None where one is unknown."""
    if "all" in wanted:
        return organisations.organisations(kind="kommune")
    try:
        return [organisations.organisation_by_code(code) for code in wanted]
    except organisations.UnknownOrganisationError as error:
        print(f"There is no organisation {error}. Nothing was published.", file=sys.stderr)
        return None


def _tailoring(folder: Path, code: str) -> str:
    """Return the text of the organisation's tailoring beside the library, or nothing."""
    path = folder.parent.parent / "tailoring" / code / f"{folder.name}.yaml"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
