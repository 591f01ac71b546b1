"""What a killed PostgreSQL leaves behind: pid files that name no server, processes that outlived theirs."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE_SECONDS = (8.0, 4.0, 4.0)


def clear_remains(data: Path, socket: Path, *, tell: Callable[[str], None]) -> None:
    """Make way for a new server on `data`: end every process that still works on it, remove its pid files.

    The caller holds the lock of the installation, so whoever is still there is a leftover on its way out. A
    pid in a file proves nothing, it may be another program by now: what counts is whose working folder it is.
    """
    for number, seconds in zip(
        (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), _PATIENCE_SECONDS, strict=True
    ):
        left = _working_on(data)
        if not left:
            break
        tell("Waiting for the database of an earlier run to end …")
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        ends = time.monotonic() + seconds
        while _working_on(data) and time.monotonic() < ends:
            time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (socket / name).unlink(missing_ok=True)


def _working_on(data: Path) -> list[int]:
    """Find the PostgreSQL processes whose working folder is `data`, as every process of a server's is."""
    found: list[int] = []
    wanted = data.resolve()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == wanted and (entry / "exe").readlink().name.startswith(
                "postgres"
            ):
                found.append(int(entry.name))
    return found
