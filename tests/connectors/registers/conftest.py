"""A small synthetic Norway, and every register reached both in process and over HTTP on 127.0.0.1."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from dugnad.connectors import (
    barnehageregisteret,
    folkeregisteret,
    kontaktregisteret,
    norway,
    skattegrunnlaget,
)
from dugnad.connectors.transport import Handler, HttpTransport, InProcess, Request, Transport

TODAY = norway.DEFAULT_AS_OF
SIMULATORS: dict[str, Callable[[norway.Store], Handler]] = {
    "folkeregisteret": folkeregisteret.simulator,
    "skattegrunnlaget": skattegrunnlaget.simulator,
    "barnehageregisteret": barnehageregisteret.simulator,
    "kontaktregisteret": kontaktregisteret.simulator,
}
CLIENTS: dict[str, Any] = {
    "folkeregisteret": folkeregisteret.Folkeregisteret,
    "skattegrunnlaget": skattegrunnlaget.Skattegrunnlaget,
    "barnehageregisteret": barnehageregisteret.Barnehageregisteret,
    "kontaktregisteret": kontaktregisteret.Kontaktregisteret,
}
Connect = Callable[[str], Any]


class _Server(ThreadingHTTPServer):
    """Serves whatever handler is set, with real sockets."""

    daemon_threads = True
    handler: Handler


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one piece; in two, each answer would wait for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.handler(Request(self.command, self.path, headers, body))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Say nothing."""


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("norway") / "norway.sqlite"
    norway.generate(path, persons=5_000)
    return path


@pytest.fixture
def population(untouched: Path, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return Path(shutil.copy(untouched, tmp_path / "norway.sqlite"))


@pytest.fixture
def store(population: Path) -> Iterator[norway.Store]:
    store = norway.Store(population)
    yield store
    store.close()


@pytest.fixture
def number(store: norway.Store) -> Callable[[str], str]:
    """The identity number of a named person."""
    numbers = {person.key: person.identity_number for person in norway.test_persons(store)}
    return lambda key: numbers[key]


@pytest.fixture(scope="session")
def server() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Connection)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["in process", "over HTTP"])
def connect(request: pytest.FixtureRequest, store: norway.Store, server: _Server) -> Iterator[Connect]:
    """Return a client for the register of a name."""
    pools: list[HttpTransport] = []

    def client(register: str) -> Any:
        handler = SIMULATORS[register](store)
        transport: Transport = InProcess(handler)
        if request.param == "over HTTP":
            server.handler = handler
            transport = HttpTransport()
            pools.append(transport)
        address = f"http://127.0.0.1:{server.server_port}"
        # The time-out is for dead registers; a busy test machine is only slow.
        return CLIENTS[register](transport, base_url=address, timeout=20.0)

    yield client
    for pool in pools:
        pool.close()


@pytest.fixture
def today() -> date:
    return TODAY
