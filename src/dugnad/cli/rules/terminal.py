"""How `dugnad rules` writes: tables and values on a terminal, plain text into a pipe."""

import os
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

PLAIN_WIDTH = 160
"""Columns where nobody's terminal says how wide it is: wide enough not to break a cell in two."""


def console() -> Console:
    """Return a console on standard output. A pipe gets no colours, and lines of PLAIN_WIDTH unless COLUMNS says another."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PLAIN_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Make a table; cells are plain text, never markup."""
    made = Table(title=escape(title) if title else None, title_justify="left", show_lines=False)
    for heading in headings:
        made.add_column(escape(heading), overflow="fold")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    return made
