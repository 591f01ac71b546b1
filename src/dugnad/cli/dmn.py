"""`dugnad dmn …`: models in the standard's own notation. `tck` runs the compatibility kit; `export`, `import` exchange."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dugnad.cli import dmn_exchange
from dugnad.cli.progress import progress
from dugnad.cli.rules.terminal import write_whole
from dugnad.rulebook.dmn.conformance import Numbers, numbers_of
from dugnad.rulebook.dmn.tck import Record, run_kit, test_files

Word = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the word after `dmn`, each with arguments of its own."""
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True, help=", ".join(WORDS))
    for name, (summary, add, _) in WORDS.items():
        add(words.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."))


def run(arguments: argparse.Namespace) -> int:
    """Run the word."""
    return WORDS[arguments.word][2](arguments)


def _add_tck(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the kit's folder TestCases, or any folder below it")
    parser.add_argument(
        "--results",
        type=Path,
        required=True,
        metavar="FILE.json",
        help="where every result is written, as JSON",
    )
    parser.add_argument(
        "--numbers",
        type=Path,
        metavar="FILE.json",
        help="where the counts for the reference page are written",
    )


def _tck(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    if not folder.is_dir() or not test_files(folder):
        print(f"There are no test cases in {folder}. Give the kit's folder TestCases.", file=sys.stderr)
        return 2
    with progress("Test files") as show:
        records = list(run_kit(folder, at=datetime.now(UTC), done=show))
    numbers = numbers_of(records)
    try:
        _write(arguments.results, [record.as_data() for record in records])
        if arguments.numbers is not None:
            _write(arguments.numbers, numbers.as_data())
    except OSError as error:
        print(f"The results cannot be written to {error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    _show(Console(), numbers, records)
    print(f"Every result: {arguments.results}")
    return 0


def _write(path: Path, data: object) -> None:
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _show(terminal: Console, numbers: Numbers, records: Iterable[Record]) -> None:
    table = Table(title="DMN Technology Compatibility Kit")
    for head in ("", "all", "expecting a value", "expecting null or an error"):
        table.add_column(head, justify="left" if not head else "right")
    for level in numbers.levels:
        table.add_row(level.name, *(str(share) for share in (level.all, level.value, level.null)))
    terminal.print(table)
    failed = [record for record in records if not record.passed]
    for record in failed[:10]:
        terminal.print(
            f"{record.file}: {record.case} {record.node}: {record.reason or 'another value'}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if len(failed) > 10:  # noqa: PLR2004 - as many as were shown
        terminal.print(f"… and {len(failed) - 10} more that did not pass.")


WORDS: dict[str, Word] = {
    "tck": ("run the DMN Technology Compatibility Kit on this engine", _add_tck, _tck),
    "export": ("write a service as a DMN model", dmn_exchange.add_export, dmn_exchange.export),
    "import": ("make a service folder from a DMN model", dmn_exchange.add_import, dmn_exchange.bring_in),
}
"""The words after `dmn`: what each does, its arguments, its work."""
