"""PostgreSQL servers that live as long as one test run."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dugnad.config.embedded.places import socket_folder
from dugnad.config.embedded.postgres.server import Server

_PREFIX = "dugnad-test-"


@contextlib.contextmanager
def temporary_postgres(*, like: Path | None = None) -> Iterator[str]:
    """Run a server for one test run: own folder, not durable, gone afterwards. Gives the superuser's address.

    `like`: the data folder of a stopped server to begin with a copy of. Any number may run at once. When the
    run is killed with -9 the server goes too, and the next run clears its folder.
    """
    _sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    server = Server(folder / "data", socket_folder(folder), folder / "postgres.log", durable=False)
    with (folder / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if like is not None:
                copy = ["cp", "-a", "--reflink=auto", str(like), str(server.data)]
                subprocess.run(copy, check=True)  # noqa: S603 - fixed command
            server.start()
            yield server.url()
        finally:
            server.stop()
            shutil.rmtree(server.socket, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)


def _sweep_abandoned() -> None:
    """Remove the folders of runs that were killed: nobody holds their lock any more."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/lock"):
        with contextlib.suppress(OSError):
            if place.stat().st_uid != os.getuid():
                continue
            with place.open(encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place.parent, ignore_errors=True)
