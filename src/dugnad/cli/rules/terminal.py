"""How `dugnad rules` writes: tables and values on a terminal, plain text into a pipe."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

PLAIN_WIDTH = 160
"""Columns where nobody's terminal says how wide it is: wide enough not to break a cell in two."""


def console() -> Console:
    """Return a console on standard output. A pipe gets no colours, and lines of PLAIN_WIDTH unless COLUMNS says another."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PLAIN_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: what was there stays until the new text is. Raises OSError, naming the file."""
    if path.exists() and not path.is_file():  # a pipe, a device
        path.write_text(text, encoding="utf-8")
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Make a table; cells are plain text, never markup."""
    made = Table(title=escape(title) if title else None, title_justify="left", show_lines=False)
    for heading in headings:
        made.add_column(escape(heading), overflow="fold")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    return made
