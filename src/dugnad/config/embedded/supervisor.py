"""`dugnad run`: starts everything, keeps it going, says where it is, stops it in order."""

import argparse
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dugnad.config.embedded.children import Child, stop_together
from dugnad.config.embedded.database import addresses_of, own_server
from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.launch import launched
from dugnad.config.embedded.places import home as home_folder
from dugnad.config.embedded.postgres.roles import OWNER, WEB, WORKER, Addresses, addresses_of_one_login
from dugnad.config.embedded.postgres.server import Server, StartAbandonedError
from dugnad.config.embedded.running import Running, announce, only_one

_FIRST_PORT = 8000
_PORTS_TRIED = 100
_TICK_SECONDS = 0.2
_TELL_EVERY_SECONDS = 5.0
# Each stage of stopping has its share of the ten seconds.
_STOP_SECONDS = 3.0
_KEPT_FROM_CHILDREN = ("DATABASE_URL", "DUGNAD_OWNER_DATABASE_URL")
DUGNAD = [sys.executable, "-m", "dugnad.config.command"]


class StopRequested(Exception):  # noqa: N818 - a wish, not an error
    """Ctrl-C, SIGTERM or SIGHUP came while starting."""


class PreparationFailedError(SayError):
    """The database could not be made ready; the process that tried has said why."""


@dataclass
class Supervisor:
    """One run over the folder `home`; `tell` gets each line for the console."""

    home: Path
    tell: Callable[[str], None]
    command: list[str] = field(default_factory=lambda: list(DUGNAD))
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _server: Server | None = field(default=None, init=False)
    _children: list[Child] = field(default_factory=list, init=False)

    def run(self) -> int:
        """Start, serve until asked to stop, stop. 0 when asked, 1 when something would not start or stay."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())
        with only_one(self.home):
            try:
                self._start()
                self._watch()
            except (StopRequested, StartAbandonedError):
                pass
            finally:
                self.tell("Stopping …")
                self._stop()
                self.tell("Stopped.")
        return 0

    def _start(self) -> None:
        began = time.monotonic()
        port = free_port(_wanted_port())
        smtp = os.environ.get("DUGNAD_SMTP") or f"127.0.0.1:{_any_port()}"
        database = self._start_database()
        environment = _environment(self.home, port, smtp)
        owner = _for(environment, "prepare", database.of(OWNER))
        self._prepare(owner | {"DUGNAD_OWNER_DATABASE_URL": database.of(OWNER)})
        web = ["web", "--port", str(port)]
        self._children = [self._child("web", web, _for(environment, "web", database.of(WEB)))]
        self._children[0].start()
        self._wait_for_web(port)
        # Not before: on a small machine they would only delay the first page.
        self._start_background(environment, database)
        address = f"http://127.0.0.1:{port}"
        announce(self.home, Running(os.getpid(), address, database))
        self._welcome(address, time.monotonic() - began)

    def _start_background(self, environment: dict[str, str], database: Addresses) -> None:
        names = ["worker"] if os.environ.get("DUGNAD_SMTP") else ["worker", "catcher"]
        for name in names:
            child = self._child(name, [name], _for(environment, name, database.of(WORKER)))
            child.start()
            self._children.append(child)

    def _start_database(self) -> Addresses:
        given = os.environ.get("DATABASE_URL")
        if given:
            return addresses_of_one_login(given)
        if not (self.home / "postgres" / "PG_VERSION").exists():
            self.tell("Making the database …")
        self._server = own_server(self.home, tell=self.tell, abandoned=self._stopping.is_set)
        self._server.start()
        return addresses_of(self._server)

    def _prepare(self, environment: dict[str, str]) -> None:
        """Migrate, load and publish in its own process: the supervisor stays small and can always stop it."""
        self._check()
        process = subprocess.Popen(  # noqa: S603 - our own command
            launched([*self.command, "prepare"]),
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                self._check()
                time.sleep(0.02)
        except StopRequested:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
        if process.returncode != 0:
            raise PreparationFailedError("The database could not be made ready, so Dugnad was not started.")

    def _child(self, name: str, words: list[str], environment: dict[str, str]) -> Child:
        return Child(name, [*self.command, *words], environment, self.home / "logs" / f"{name}.log")

    def _wait_for_web(self, port: int) -> None:
        began = told = time.monotonic()
        while not _answers(port):
            self._check()
            self._tend()
            if time.monotonic() - told > _TELL_EVERY_SECONDS:
                told = time.monotonic()
                self.tell(f"The web server is starting ({told - began:.0f} s) …")
            time.sleep(0.05)

    def _welcome(self, address: str, seconds: float) -> None:
        self.tell(f"\nDugnad is ready after {seconds:.1f} s:  {address}\n")
        with contextlib.suppress(FileNotFoundError):
            self.tell((self.home / "welcome.txt").read_text(encoding="utf-8"))
        self.tell(f"Stop with Ctrl-C. Logs: {self.home / 'logs'}")

    def _watch(self) -> None:
        while not self._stopping.wait(_TICK_SECONDS):
            self._tend()

    def _tend(self) -> None:
        if self._server is not None and not self._server.alive():
            self.tell(f"PostgreSQL ended; starting it again. Its log: {self._server.log}")
            self._server.start()
        for child in self._children:
            line = child.tend()
            if line:
                self.tell(line)

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StopRequested

    def _stop(self) -> None:
        """Web first, so that no request comes to a worker or database on its way out; the database last."""
        web, others = self._children[:1], self._children[1:]
        stop_together(web, _STOP_SECONDS)
        stop_together(others, _STOP_SECONDS)
        if self._server is not None:
            self._server.stop(_STOP_SECONDS)


def _any_port() -> int:
    """Return a port the system gives: nobody types it, and two starts at once do not choose the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_port(first: int) -> int:
    """Find the first port from `first` on that nobody listens to on 127.0.0.1.

    Raises:
        SayError: none of a hundred is free.

    """
    for port in range(first, min(first + _PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SayError(f"No free port from {first} on. Choose another: PORT=9000 make run")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`dugnad run` takes its settings from the environment: PORT, DATABASE_URL, DUGNAD_HOME, DUGNAD_SMTP."""
    parser.epilog = "Environment: PORT (default 8000), DATABASE_URL, DUGNAD_HOME, DUGNAD_SMTP, DUGNAD_ORIGIN."


def run(arguments: argparse.Namespace) -> int:
    """Run everything until told to stop."""
    del arguments
    return Supervisor(home_folder(), lambda line: print(line, flush=True)).run()


def _wanted_port() -> int:
    text = os.environ.get("PORT") or str(_FIRST_PORT)
    if not text.isdecimal() or int(text) not in range(1, 65536):
        raise SayError(f"PORT={text} is no port. Give a number from 1024 to 65535, such as PORT=8000.")
    return int(text)


def _environment(home: Path, port: int, smtp: str) -> dict[str, str]:
    """Gather what every process gets. The owner's address is kept from all but the preparation."""
    kept = {name: value for name, value in os.environ.items() if name not in _KEPT_FROM_CHILDREN}
    ours = {"DUGNAD_HOME": str(home), "PORT": str(port), "DUGNAD_SMTP": smtp}
    return {"DUGNAD_ORIGIN": f"http://127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"} | kept | ours


def _for(environment: dict[str, str], process: str, database: str) -> dict[str, str]:
    return environment | {"DUGNAD_PROCESS": process, "DUGNAD_DATABASE_URL": database}


def _answers(port: int) -> bool:
    """Whether the front page comes back: the server listens before its application is loaded, or able to answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("HEAD", "/")
        response = connection.getresponse()
        response.read()
    except OSError:
        return False
    except http.client.HTTPException:
        return False
    else:
        return response.status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    finally:
        connection.close()
