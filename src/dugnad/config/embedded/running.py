"""Only one `make run` per home folder, and where the running one is found."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.postgres.roles import Addresses

_PATIENCE_SECONDS = 0.5


class AlreadyRunningError(SayError):
    """Another run holds the folder; the text says where it answers."""


@dataclass(frozen=True)
class Running:
    """What a run tells the others: its address for people and the database's addresses for commands."""

    pid: int
    address: str
    database: Addresses


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold `home` alone. The kernel lets go when the holder dies, however it dies: no lock is ever stale.

    Raises:
        AlreadyRunningError: someone holds it.

    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "lock").open("a", encoding="ascii") as lock:
        ends = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > ends:
                    raise AlreadyRunningError(_where(home)) from None
                time.sleep(0.05)
            else:
                break
        _state(home).unlink(missing_ok=True)
        try:
            yield
        finally:
            _state(home).unlink(missing_ok=True)


def announce(home: Path, running: Running) -> None:
    """Write where this run is found; readable by its user only, the addresses may hold a password."""
    draft = home / "running.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(running), file)
    draft.replace(_state(home))


def find_running(home: Path) -> Running | None:
    """Find the run that holds `home` now, None when nobody does or it is not ready yet."""
    try:
        with (home / "lock").open(encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(home)
    except FileNotFoundError:
        pass
    return None


def _where(home: Path) -> str:
    running = _read(home)
    if running is None:
        return "Dugnad is already starting or stopping here. Wait a moment and try again."
    return f"Dugnad is already running at {running.address} (process {running.pid})."


def _read(home: Path) -> Running | None:
    try:
        state = json.loads(_state(home).read_text(encoding="utf-8"))
        return Running(int(state["pid"]), str(state["address"]), Addresses(**state["database"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _state(home: Path) -> Path:
    return home / "running.json"
