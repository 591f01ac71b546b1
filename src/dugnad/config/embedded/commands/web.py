"""The web server: granian with as many processes and threads as measured best (docs/dependencies.md)."""

import argparse
import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from dugnad.config.embedded.launch import die_with_parent

_PARENT = "DUGNAD_WEB_PARENT"
_KILL_AFTER_SECONDS = 2
# Two to four cost the same (docs/dependencies.md); a third one answers while two wait for a slow register.
_THREADS = 3


def default_workers() -> int:
    """One process per core, at most four: past that the database is the limit of one machine."""
    return max(1, min(4, len(os.sched_getaffinity(0))))


def serve(port: int) -> None:
    """Serve on 127.0.0.1 until told to stop. DUGNAD_WEB_WORKERS and DUGNAD_WEB_THREADS override the sizes."""
    os.environ[_PARENT] = str(os.getpid())
    Granian(
        "dugnad.config.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("DUGNAD_WEB_WORKERS") or default_workers()),
        blocking_threads=int(os.environ.get("DUGNAD_WEB_THREADS") or _THREADS),
        log_access=False,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_AFTER_SECONDS,
        working_dir=Path.cwd(),
    ).serve(target_loader=load)


def load(target: str) -> Any:
    """Import the WSGI application into a process that goes when the server goes, also by kill -9."""
    die_with_parent(int(os.environ[_PARENT]), signal.SIGTERM)
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the port on 127.0.0.1."""
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    serve(arguments.port)
    return 0
