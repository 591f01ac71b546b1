"""A bar on standard error that tells how far and how long, for whoever waits and looks."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SHOW_AFTER_SECONDS = 2.0
"""What takes no longer than this gets no bar."""
Show: TypeAlias = Callable[[int, int | None], None]
"""Takes how many are done, of how many (None while nobody knows)."""


@contextmanager
def progress(title: str) -> Iterator[Show]:
    """Show a bar with count and time left, where a person looks and it takes more than a moment."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    began = time.monotonic()
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(title, total=None, visible=False)

        def show(done: int, of: int | None) -> None:
            late = time.monotonic() - began > SHOW_AFTER_SECONDS
            bar.update(task, completed=done, total=of, visible=late)

        try:
            yield show
        except Exception as error:
            if _is_ctrl_c(error):
                raise KeyboardInterrupt from None
            raise


def _is_ctrl_c(error: Exception) -> bool:
    """Tell whether an error is what the database makes of Ctrl-C while it works."""
    return type(error).__name__ == "InterruptException" or str(error) == "Query interrupted"
