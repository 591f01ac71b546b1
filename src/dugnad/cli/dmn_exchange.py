"""`dugnad dmn export` and `dugnad dmn import`: a service as a standard model for other tools, and back."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dugnad.catalogue.checking import check_folder, counted_as
from dugnad.cli.rules.asked.chosen import chosen
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.terminal import write_whole
from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.reading import read_file
from dugnad.rulebook.dmn.services.inward.importing import Imported, import_model
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.writing import write
from dugnad.rulebook.located import Finding

WRONGLY_ASKED = 2
BPMN_IO = "1.3"
"""What editors of the bpmn.io family open."""
_OF_EXAMPLES = ("example", "unreached")
"""Findings for `dugnad test`, when the municipalities' tailorings stand beside the service."""


def add_export(parser: argparse.ArgumentParser) -> None:
    """Take the service and where the model goes."""
    parser.add_argument("service", help="a service folder, its name, or either @ a git revision")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where the model is written (else to the terminal)"
    )
    parser.add_argument(
        "--dmn",
        choices=("1.3", "1.4", "1.5"),
        default="1.5",
        help="the version the file says it is; editors of the bpmn.io family open only 1.3 (default %(default)s)",
    )


def export(arguments: argparse.Namespace) -> int:
    """Write a service as DMN 1.5: 0 done, 1 not written, 2 no such service."""
    try:
        with chosen(arguments.service) as found:
            model = export_service(found.service.files, for_bpmn_io=arguments.dmn == BPMN_IO)
    except (RefusedError, ValueError) as error:
        print(error, file=sys.stderr)
        return WRONGLY_ASKED
    data = write(model, version=arguments.dmn)
    if arguments.out is None:
        sys.stdout.write(data.decode())
        return 0
    try:
        write_whole(arguments.out, data.decode())
    except OSError as error:
        print(f"{arguments.out} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(
        f"{arguments.out}: {counted_as(len(model.drg), 'element')}, {len(data) // 1024 + 1} kB, DMN {arguments.dmn}."
    )
    return 0


def add_import(parser: argparse.ArgumentParser) -> None:
    """Take the model and the folder the service's own folder is made in."""
    parser.add_argument("file", type=Path, help="a DMN model, 1.1 to 1.5")
    parser.add_argument(
        "--into",
        type=Path,
        default=Path("services"),
        metavar="FOLDER",
        help="where the service's folder is made (default %(default)s)",
    )
    parser.add_argument("--replace", action="store_true", help="write over files that are there already")


def bring_in(arguments: argparse.Namespace) -> int:
    """Write the service a model holds, and say what has no place in it: 0 done, 1 not written, 2 no model."""
    try:
        found = import_model(read_file(arguments.file), file=arguments.file.name)
    except (DmnError, OSError) as error:
        print(error, file=sys.stderr)
        return WRONGLY_ASKED
    folder: Path = arguments.into / found.slug
    changed = [name for name, text in found.files.items() if _differs(folder / name, text)]
    there = [name for name in changed if (folder / name).exists()]
    if there and not arguments.replace:
        said = f"{folder} has another {', '.join(there)}. Choose another folder, or say --replace."
        print(said, file=sys.stderr)
        return 1
    try:
        _write(folder, found)
    except OSError as error:
        print(f"{error.filename} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{folder}: {counted_as(len(found.files), 'file')}, {len(changed)} new or changed.")
    _tell(found.findings, "Not carried over from the model, or carried in other words:")
    left = [
        replace(one, file=f"{folder}/{one.file}")
        for one in check_folder(folder.resolve())
        if one.severity == "error" and one.code not in _OF_EXAMPLES
    ]
    _tell(left, "Still to be mended before it can be used:")
    return 0


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != text


def _write(folder: Path, found: Imported) -> None:
    for name, text in found.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)


def _tell(findings: Sequence[Finding], heading: str) -> None:
    if findings:
        print(f"\n{heading}")
    for one in findings:
        print(f"{one.file}:{one.line}:{one.column}: {one.what}\n    {one.mend}")
