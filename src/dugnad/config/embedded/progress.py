"""What a long step says while it works: a bar with count and time left, once it has lasted two seconds."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

_SHOWN_AFTER_SECONDS = 2.0
_LINE_EVERY_SECONDS = 5.0


class Reporter(Protocol):
    """What `preparation.prepare` gets: `with report.step("Persons", total=20_000) as advance: advance(1)`."""

    def step(
        self, title: str, total: int | None = None
    ) -> contextlib.AbstractContextManager[Callable[[int], None]]:
        """Begin a step of `total` things (None: unknown); call what it gives with how many more are done."""


class ConsoleReporter:
    """Tells a terminal with a bar, and a file or pipe with a line now and then; quick steps say nothing."""

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or Console(file=sys.stdout)
        self._clock = clock

    @contextlib.contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """See `Reporter.step`."""
        show = (
            _Bar(self._console, title, total, self._clock)
            if self._console.is_terminal
            else _Lines(self._console, title, total, self._clock)
        )
        began = self._clock()
        try:
            yield show.advance
        finally:
            show.close()
        seconds = self._clock() - began
        if seconds >= _SHOWN_AFTER_SECONDS:
            count = f", {show.done}" if show.done else ""
            self._console.print(f"  {title}: done{count} in {seconds:.0f} s", highlight=False)


class _Bar:
    def __init__(self, console: Console, title: str, total: int | None, clock: Callable[[], float]) -> None:
        self.done = 0
        self._shown = False
        self._clock = clock
        self._began = clock()
        columns = [
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        ]
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task(title, total=total)
        if total is None:
            # Nothing will be counted, so nothing would wake the bar up after two seconds.
            self._show()

    def advance(self, count: int) -> None:
        self.done += count
        self._progress.advance(self._task, count)
        if not self._shown and self._clock() - self._began >= _SHOWN_AFTER_SECONDS:
            self._show()

    def _show(self) -> None:
        self._shown = True
        self._progress.start()

    def close(self) -> None:
        if self._shown:
            self._progress.stop()


class _Lines:
    def __init__(self, console: Console, title: str, total: int | None, clock: Callable[[], float]) -> None:
        self.done = 0
        self._console, self._title, self._total = console, title, total
        self._clock = clock
        self._began = clock()
        self._told = self._began + _SHOWN_AFTER_SECONDS - _LINE_EVERY_SECONDS

    def advance(self, count: int) -> None:
        self.done += count
        now = self._clock()
        if now - self._told < _LINE_EVERY_SECONDS:
            return
        self._told = now
        if self._total and self.done:
            left = (now - self._began) / self.done * (self._total - self.done)
            self._console.print(
                f"  {self._title}: {self.done} of {self._total}, about {left:.0f} s left", highlight=False
            )
        else:
            self._console.print(f"  {self._title}: {self.done}", highlight=False)

    def close(self) -> None:
        """Nothing to put away."""
