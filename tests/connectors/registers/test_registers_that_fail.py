"""A register that is away, busy or talks nonsense: nothing is learnt, little time is lost, nothing leaks."""

import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dugnad.connectors import norway
from dugnad.connectors.barnehageregisteret.client import FIELDS as OF_KINDERGARTEN
from dugnad.connectors.folkeregisteret.client import FIELDS as OF_POPULATION
from dugnad.connectors.kontaktregisteret.client import FIELDS as OF_CONTACT
from dugnad.connectors.skattegrunnlaget.client import FIELDS as OF_TAX
from dugnad.connectors.transport import (
    Fault,
    Faulty,
    HttpTransport,
    InProcess,
    Request,
    Response,
    TransportError,
)
from dugnad.facts.ports import RegisterUnavailableError

from .conftest import CLIENTS, SIMULATORS

Number = Callable[[str], str]
DAY = date(2026, 11, 1)
FIELDS = {
    "folkeregisteret": OF_POPULATION,
    "skattegrunnlaget": OF_TAX,
    "barnehageregisteret": OF_KINDERGARTEN,
    "kontaktregisteret": OF_CONTACT,
}
registers = pytest.mark.parametrize("register", sorted(SIMULATORS))


@pytest.fixture
def faulty(store: norway.Store, register: str) -> Faulty:
    return Faulty(InProcess(SIMULATORS[register](store)))


def client(register: str, transport: Any) -> Any:
    return CLIENTS[register](transport, base_url="http://register.invalid")


def ask(register: str, of: Any, who: str) -> Any:
    return of.lookup([who], fields=FIELDS[register], on=DAY)


@registers
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.SLOW])
def test_every_fault_becomes_unavailable_without_personal_data(
    register: str, fault: Fault, faulty: Faulty, number: Number
) -> None:
    faulty.fault = fault
    who = number("mor i Stord")
    with pytest.raises(RegisterUnavailableError) as refused:
        ask(register, client(register, faulty), who)
    assert refused.value.register == register
    chain: BaseException | None = refused.value
    while chain is not None:
        assert who not in str(chain)
        assert "Sunde" not in str(chain)
        chain = chain.__cause__


@registers
def test_an_answer_cut_short_in_the_middle_of_a_lookup_is_no_answer(
    register: str, faulty: Faulty, number: Number
) -> None:
    faulty.fault, faulty.after = Fault.CUT, 1
    if register == "folkeregisteret":
        with pytest.raises(RegisterUnavailableError):
            ask(register, client(register, faulty), number("mor i Stord"))


@registers
def test_a_slow_register_is_waited_for(register: str, faulty: Faulty, number: Number) -> None:
    faulty.fault, faulty.delay = Fault.SLOW, 0.002
    assert ask(register, client(register, faulty), number("mor i Stord"))


@pytest.mark.parametrize("register", ["folkeregisteret"])
def test_all_requests_of_a_lookup_share_one_deadline(register: str, faulty: Faulty, number: Number) -> None:
    faulty.fault, faulty.delay = Fault.SLOW, 0.04
    slow = CLIENTS[register](faulty, base_url="http://register.invalid", timeout=0.1)
    began = time.monotonic()
    with pytest.raises(RegisterUnavailableError, match="timed out"):
        ask(register, slow, number("mor i Stord"))
    assert time.monotonic() - began < 1.0


@registers
def test_after_three_failures_the_register_is_left_alone(
    register: str, faulty: Faulty, number: Number
) -> None:
    faulty.fault = Fault.TIMEOUT
    dead = client(register, faulty)
    for _ in range(10):
        with pytest.raises(RegisterUnavailableError):
            ask(register, dead, number("mor i Stord"))
    assert faulty.requests == 3


@registers
def test_a_register_that_is_back_answers_again(
    register: str, faulty: Faulty, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = client(register, faulty)
    now = [1000.0]
    monkeypatch.setattr(dead._caller, "_now", lambda: now[0])
    monkeypatch.setattr(dead._caller._fuse, "_now", lambda: now[0])
    faulty.fault = Fault.ERROR
    for _ in range(4):
        with pytest.raises(RegisterUnavailableError) as refused:
            ask(register, dead, number("mor i Stord"))
    assert refused.value.retry_after_seconds == pytest.approx(5.0)
    faulty.fault = None
    with pytest.raises(RegisterUnavailableError):
        ask(register, dead, number("mor i Stord"))
    now[0] += 5.1
    assert ask(register, dead, number("mor i Stord"))
    assert ask(register, dead, number("mor i Stord"))


@registers
def test_nonsense_typed_by_one_person_closes_the_register_for_nobody(
    register: str, faulty: Faulty, number: Number
) -> None:
    good = client(register, faulty)
    for typed in ("", "abc", "12345678901", "../../etc", "240794 12372", "٢٤٠٧٩٤١٢٣٧٢"):
        assert ask(register, good, typed) == {}
    assert ask(register, good, number("mor i Stord"))


@registers
def test_a_busy_register_is_asked_again_when_it_says(register: str, faulty: Faulty, number: Number) -> None:
    faulty.fault, faulty.retry_after = Fault.BUSY, "1500"
    busy = client(register, faulty)
    with pytest.raises(RegisterUnavailableError) as refused:
        ask(register, busy, number("mor i Stord"))
    # Folkeregisteret counts in milliseconds, HTTP in seconds.
    assert refused.value.retry_after_seconds == (1.5 if register == "folkeregisteret" else 1500)
    with pytest.raises(RegisterUnavailableError) as paused:
        ask(register, busy, number("mor i Stord"))
    assert 0 < (paused.value.retry_after_seconds or 0) <= 60
    assert faulty.requests == 1


@registers
def test_a_missing_population_is_a_register_that_is_away(
    register: str, tmp_path: Path, number: Number
) -> None:
    nowhere = norway.Store(tmp_path / "none.sqlite")
    with pytest.raises(RegisterUnavailableError, match="status 503"):
        ask(register, client(register, InProcess(SIMULATORS[register](nowhere))), number("mor i Stord"))


@registers
def test_no_token_no_answer(register: str, store: norway.Store, number: Number) -> None:
    def without_token(request: Request) -> Response:
        return SIMULATORS[register](store)(Request(request.method, request.url, {}, request.body))

    with pytest.raises(RegisterUnavailableError, match="status 401"):
        ask(register, client(register, InProcess(without_token)), number("mor i Stord"))


@registers
def test_the_simulator_refuses_what_the_real_register_would(register: str, store: norway.Store) -> None:
    simulator = SIMULATORS[register](store)
    token = {"authorization": "Bearer x"}
    assert simulator(Request("GET", "http://x/nowhere", token, b"")).status == 404
    posts = {
        "folkeregisteret": "/folkeregisteret/offentlig-med-hjemmel/api/v1/personer/bulkoppslag",
        "barnehageregisteret": "/barnehageregisteret/v1/plasser",
        "kontaktregisteret": "/rest/v2/personer",
    }
    if register in posts:
        key = "foedselsEllerDNummer" if register == "folkeregisteret" else "personidentifikatorer"
        too_many = ",".join(['"00000000000"'] * 1001)
        for body in ("", "[]", "{}", f'{{"{key}": []}}', f'{{"{key}": [1]}}', f'{{"{key}": [{too_many}]}}'):
            assert (
                simulator(Request("POST", f"http://x{posts[register]}", token, body.encode())).status == 400
            )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def replaced(document: Any, path: list[int], value: Any) -> Any:
    """Put `value` somewhere inside a JSON document."""
    if not path or not isinstance(document, dict | list) or not document:
        return value
    copy = document.copy()
    keys = list(range(len(copy))) if isinstance(copy, list) else sorted(copy)
    key: Any = keys[path[0] % len(keys)]
    copy[key] = replaced(copy[key], path[1:], value)
    return copy


@registers
@given(path=st.lists(st.integers(0, 30), min_size=1, max_size=7), value=json_values)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_answer_is_read_or_refused_but_never_crashes(
    register: str, store: norway.Store, number: Number, path: list[int], value: Any
) -> None:
    import orjson

    simulator = SIMULATORS[register](store)

    def spoil(request: Request) -> Response:
        answer = simulator(request)
        document = replaced(orjson.loads(answer.body), path, value)
        try:
            return Response(answer.status, answer.headers, orjson.dumps(document))
        except TypeError:  # an integer JSON has no room for
            return answer

    try:
        answer = ask(register, client(register, InProcess(spoil)), number("mor i Stord"))
    except RegisterUnavailableError:
        return
    assert set(answer) <= {number("mor i Stord")}


@pytest.fixture
def raw_server() -> Iterator[Callable[[Callable[[BaseHTTPRequestHandler], None]], str]]:
    """A server of one connection at a time that behaves as told."""
    running: list[tuple[HTTPServer, Thread]] = []

    def start(behave: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                behave(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def get(url: str, timeout: float = 5.0, largest: int = 1000) -> Response:
    with closing(HttpTransport(largest_answer=largest)) as transport:
        return transport.request("GET", url, headers={}, body=b"", timeout=timeout)


def test_a_redirect_is_not_followed(raw_server: Any) -> None:
    def redirect(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("location", "http://127.0.0.1:1/elsewhere")
        request.end_headers()

    assert get(raw_server(redirect)).status == 302


def test_an_endless_answer_is_cut_off(raw_server: Any) -> None:
    def flood(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(1000):
                request.wfile.write(b"x" * 65536)
        except OSError:
            request.close_connection = True

    with pytest.raises(TransportError, match="too large"):
        get(raw_server(flood))


def test_a_dripping_answer_cannot_hold_a_lookup(raw_server: Any) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-length", "1000")
        request.end_headers()
        try:
            for _ in range(20):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.05)
        except OSError:
            request.close_connection = True

    url, began = raw_server(drip), time.monotonic()
    with pytest.raises(TransportError, match="timed out"):
        get(url, timeout=0.3)
    assert time.monotonic() - began < 0.9


def test_a_body_shorter_than_promised_is_no_answer(raw_server: Any) -> None:
    def stop_early(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-length", "1000")
        request.end_headers()
        request.wfile.write(b'{"oppslag": [')
        request.close_connection = True

    with pytest.raises(TransportError):
        get(raw_server(stop_early))


def test_a_server_that_cannot_prove_who_it_is_gets_no_request(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    received: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with (
            connection,
            contextlib.suppress(OSError),
            context.wrap_socket(connection, server_side=True) as secure,
        ):
            received.append(secure.recv(1000))

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = Thread(target=serve, args=(listener,))
        thread.start()
        with pytest.raises(TransportError, match="SSLError"):
            get(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()
    assert received in ([], [b""])


def test_no_request_is_written_to_a_log(raw_server: Any, caplog: pytest.LogCaptureFixture) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-length", "2")
        request.end_headers()
        request.wfile.write(b"{}")

    with caplog.at_level(logging.DEBUG):
        get(raw_server(answer) + "person/24079412372")
    assert "24079412372" not in caplog.text


def test_nobody_listening_costs_nothing() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(TransportError):
            get(f"http://127.0.0.1:{port}/", timeout=1.0)


def test_silence_is_over_after_the_time_out() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        began = time.monotonic()
        with pytest.raises(TransportError, match="timed out"):
            get(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.1)
        assert time.monotonic() - began < 1.0
