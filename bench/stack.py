"""A whole Dugnad as `make run` starts it, in a folder of its own: for benchmarks, journeys and tests of endurance."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench import processes

PROJECT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
STOP_SECONDS = 20
PARTS = {
    "web": "command web ",
    "worker": "command worker",
    "catcher": "command catcher",
    "postgres": "postgres",
}


class NotStartedError(RuntimeError):
    """`dugnad run` did not come up; the text is what it said."""


@dataclass
class Stack:
    """A running Dugnad: its address, its database as superuser, and its processes by part."""

    home: Path
    process: subprocess.Popen[bytes]
    origin: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    superuser: str = ""  # the address of a database that is not Dugnad's own

    @property
    def log(self) -> Path:
        """Where what the supervisor says is written."""
        return self.home / "run.log"

    def pid(self, part: str) -> int:
        """The process of a part (web, worker, catcher, postgres) now. Raises LookupError while it is not there."""
        for pid in processes.tree().get(self.process.pid, []):
            if PARTS[part] in f"{processes.command(pid)} ":
                return pid
        raise LookupError(part)

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds so far, by part."""
        return {part: processes.cpu_seconds(self.pid(part)) for part in PARTS}

    def connect(self, role: str = "postgres") -> psycopg.Connection:
        """A connection of one's own: `postgres` sees everything, the others what row-level security lets them."""
        own = self.roles["owner"].replace("dugnad_owner@", f"{role}@")
        return psycopg.connect(
            self.superuser if self.superuser and role == "postgres" else own, autocommit=True
        )

    def environment(self, role: str) -> dict[str, str]:
        """What a `dugnad` command needs to work on this database as one of its roles."""
        return {**os.environ, "DUGNAD_HOME": str(self.home), "DUGNAD_DATABASE_URL": self.roles[role]}


@contextmanager
def running(home: Path, **environment: str) -> Iterator[Stack]:
    """Start `dugnad run` in `home`, give it while it runs, stop it cleanly. Raises NotStartedError."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DUGNAD_", "DATABASE_URL"))
    }
    ours = {
        "DUGNAD_HOME": str(home),
        "PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONPATH": str(PROJECT),
    }
    with (home / "run.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dugnad.config.command", "run"],
            env=kept | ours | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=PROJECT,
        )
    stack = Stack(home, process, superuser=environment.get("DATABASE_URL", ""))
    try:
        _wait(stack)
        yield stack
    finally:
        _stop(process)


def free_port() -> int:
    """A port nobody listens to at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait(stack: Stack) -> None:
    ends = time.monotonic() + START_SECONDS
    state = stack.home / "running.json"
    while not state.exists():
        if stack.process.poll() is not None or time.monotonic() > ends:
            raise NotStartedError(stack.log.read_text(encoding="utf-8", errors="replace")[-4000:])
        time.sleep(0.05)
    told = json.loads(state.read_text(encoding="utf-8"))
    stack.origin, stack.roles = told["address"], told["database"]
    while True:
        try:
            stack.pid("web"), stack.pid("worker")
        except LookupError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
