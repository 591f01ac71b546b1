"""The processes of a run: each started, watched, started again when it dies, and stopped in order."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.launch import launched

_QUICK_SECONDS = 10.0
_QUICK_DEATHS = 5
_LONGEST_WAIT_SECONDS = 8.0
_LOG_BYTES = 10_000_000


class GaveUpError(SayError):
    """A process keeps dying; the text says which and where its log is."""


@dataclass
class Child:
    """One process: `command` with exactly `environment`, its words in `log`.

    It leads a session of its own, so that Ctrl-C in the terminal reaches only the supervisor, which stops all
    in order.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _born: float = field(default=0.0, init=False)
    _quick_deaths: int = field(default=0, init=False)
    _rests_until: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it; a log over 10 MB is put aside first (one older is kept)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".1.log"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                launched(self.command),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._born = time.monotonic()

    @property
    def pid(self) -> int | None:
        """The process id, None while it is not there."""
        return self._process.pid if self._process else None

    def tend(self) -> str:
        """Start it again if it died, later each time; what to tell people, empty when all is well.

        Raises:
            GaveUpError: it died five times in a row within ten seconds of its start.

        """
        now = time.monotonic()
        if self._process is None:
            if now < self._rests_until:
                return ""
            self.start()
            return f"{self.name} started again."
        code = self._process.poll()
        if code is None:
            return ""
        self._sweep()
        self._process = None
        self._quick_deaths = self._quick_deaths + 1 if now - self._born < _QUICK_SECONDS else 1
        if self._quick_deaths >= _QUICK_DEATHS:
            raise GaveUpError(
                f"{self.name} ended {self._quick_deaths} times right after its start. Why: {self.log}"
            )
        wait = min(0.25 * 2 ** (self._quick_deaths - 1), _LONGEST_WAIT_SECONDS)
        self._rests_until = now + wait
        return f"{self.name} ended ({_how(code)}); starting it again. Its log: {self.log}"

    def ask_to_stop(self) -> None:
        """Send SIGTERM; `finish` waits for it."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait for the end until `deadline` (monotonic seconds), then kill it and all it started."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.05, deadline - time.monotonic()))
        self._sweep()
        self._process.wait()
        self._process = None

    def _sweep(self) -> None:
        """Kill what is left in its session: a server's own workers, should it have gone without them."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def stop_together(children: list[Child], seconds: float) -> None:
    """Stop several at once, within `seconds` in all."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    for child in children:
        child.finish(deadline)


def _how(code: int) -> str:
    return f"code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
