"""A client and a simulated ID-porten, joined in process and over real HTTP; a browser without scripts."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc.jwk import RSAKey

from dugnad.connectors.idporten.client import IdPorten, Registration
from dugnad.connectors.idporten.keys import load_or_create, public_jwks
from dugnad.connectors.idporten.simulator.issuer import Issuer
from dugnad.connectors.idporten.simulator.ports import Client, Group, TestPerson
from dugnad.connectors.idporten.simulator.server import Simulator
from dugnad.connectors.transport import (
    Handler,
    HttpTransport,
    InProcess,
    Request,
    Response,
    Transport,
    TransportError,
)
from dugnad.identity.ports import Begun, EidLevel, EidLogin
from dugnad.shared.national_identity_number import numbers_for

CALLBACK = "http://127.0.0.1:8000/logg-inn/retur"
GOODBYE = "http://127.0.0.1:8000/logget-ut"
CLIENT_ID = "dugnad"
SECRET = b"a secret of the server, at least 32 bytes"
PREFIX = "/simulator/idporten"


def number(born: date) -> str:
    return f"{next(numbers_for(born, female=True)):011d}"


ABOUT = {"nb": "Mor til to i barnehage", "nn": "Mor til to i barnehage", "en": "Mother of two"}
MOTHER = TestPerson(number(date(1990, 5, 17)), "Kari Nordmann", "Stord", ABOUT)
WORKER = TestPerson(number(date(1980, 1, 2)), "Ola Hansen", "Stord", {"nb": "Saksbehandler"}, Group.STAFF)


class Synthetic:
    def find(self, identity_number: str) -> TestPerson | None:
        return next((p for p in self.test_persons() if p.identity_number == identity_number), None)

    def test_persons(self) -> list[TestPerson]:
        return [MOTHER, WORKER]


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class World:
    """Everything a login needs. `change` lets a test stand between the client and the simulator."""

    folder: Path
    clock: Clock
    simulator: Simulator
    client_key: RSAKey
    transport: Transport
    requests: list[tuple[str, str]] = field(default_factory=list)
    change: Callable[[str, Response], Response] | None = None
    away: bool = False

    def __post_init__(self) -> None:
        self.client = self.new_client()

    def new_client(self, secret: bytes = SECRET) -> IdPorten:
        registration = Registration(self.simulator.issuer.url, CLIENT_ID, self.client_key, secret)
        return IdPorten(registration, self, timeout=5)

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        """The transport the client is given."""
        self.requests.append((method, url))
        if self.away:
            raise TransportError("no route to host")
        response = self.transport.request(method, url, headers=headers, body=body, timeout=timeout)
        return self.change(url, response) if self.change else response

    def begin(self, acr: EidLevel = EidLevel.HIGH, **more: str) -> Begun:
        given = {"ui_locales": "nn", "redirect_uri": CALLBACK, **more}
        return self.client.begin(acr=acr, at=self.clock.now, **given)

    def finish(self, begun: Begun, query: Mapping[str, str]) -> EidLogin:
        return self.client.finish(transaction=begun.transaction, query=query, at=self.clock.now)

    def log_in(self) -> EidLogin:
        begun = self.begin()
        return self.finish(begun, self.answer(begun))

    def visit(self, url: str) -> Response:
        return self._browse("GET", url, b"")

    def press(self, begun: Begun, **fields: str) -> Response:
        """Press a button on the page, as a browser without scripts does."""
        page = self.visit(begun.url).body.decode()
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        level = re.search(r'name="level" id="[^"]+" value="([^"]+)" checked', page)
        form = {**hidden, "level": level[1] if level else "", **fields}
        url = f"{self.simulator.issuer.url}/authorize"
        return self._browse("POST", url, urlencode(form).encode())

    def answer(self, begun: Begun, **fields: str) -> dict[str, str]:
        """Press a button; return the parameters with which the browser comes back to Dugnad."""
        fields = fields or {"person": MOTHER.identity_number}
        response = self.press(begun, **fields)
        assert response.status == 303
        location = response.headers["location"]
        assert location.startswith(CALLBACK + "?")
        return dict(parse_qsl(urlsplit(location).query))

    def _browse(self, method: str, url: str, body: bytes) -> Response:
        return self.simulator.handle(Request(method, url, {}, body))


@contextmanager
def served(handler: Callable[[], Handler]) -> Iterator[str]:
    class Http(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            answer = handler()(Request(self.command, self.path, {}, self.rfile.read(length)))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Http)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RSA keys take a tenth of a second to make: one set serves all tests."""
    folder = tmp_path_factory.mktemp("keys")
    load_or_create(folder / "client.json")
    load_or_create(folder / "signing-key.json")
    load_or_create(folder / "stranger.json")
    return folder


@cache
def client_key(keys: Path) -> RSAKey:
    return load_or_create(keys / "client.json")


def build(url: str, folder: Path, keys: Path, clock: Clock) -> Simulator:
    (folder / "signing-key.json").write_bytes((keys / "signing-key.json").read_bytes())
    jwks = public_jwks(client_key(keys))
    client = Client(CLIENT_ID, "Dugnad", jwks, frozenset({CALLBACK}), frozenset({GOODBYE}))
    issuer = Issuer(url + PREFIX, folder=folder, clients=[client], clock=clock)
    return Simulator(issuer, Synthetic())


@pytest.fixture
def world(tmp_path: Path, key_folder: Path) -> World:
    """Client and simulator in one process, as in the embedded default."""
    clock = Clock()
    simulator = build("http://127.0.0.1:8000", tmp_path, key_folder, clock)
    key = client_key(key_folder)
    return World(tmp_path, clock, simulator, key, InProcess(simulator.handle))


@pytest.fixture(params=["in process", "over HTTP"])
def any_world(request: pytest.FixtureRequest, tmp_path: Path, key_folder: Path) -> Iterator[World]:
    """The same, and once more with the back channel over real HTTP."""
    if request.param == "in process":
        yield request.getfixturevalue("world")
        return
    clock = Clock()
    made: list[Simulator] = []
    with served(lambda: made[0].handle) as url:
        made.append(build(url, tmp_path, key_folder, clock))
        key = client_key(key_folder)
        yield World(tmp_path, clock, made[0], key, HttpTransport())
