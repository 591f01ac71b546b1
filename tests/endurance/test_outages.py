"""What goes away and comes back: the database, a register. People are told, nothing is lost, work goes on by itself."""

import http.server
import os
import re
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bench.stack import Stack
from bench.visitor import Answer, UnexpectedPageError, Visitor
from stubborn import FAILURES, Begin, Stubborn, chance_of

from dugnad.config.embedded.places import socket_folder
from dugnad.config.embedded.postgres import Server
from dugnad.connectors.norway import Store
from dugnad.connectors.skattegrunnlaget.simulator import simulator
from dugnad.connectors.transport import Request

pytestmark = pytest.mark.slow
Person = Callable[[Stack, str], Stubborn]
AWAY_SECONDS = 8
BACK_WITHIN_SECONDS = 60


def until(condition: Callable[[], bool], *, seconds: float = BACK_WITHIN_SECONDS, what: str) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.25)


def has(stack: Stack, statement: str) -> bool:
    with stack.connect() as connection:
        row = connection.execute(statement).fetchone()
    return bool(row and row[0])


def asked(visitor: Visitor, address: str) -> Answer:
    """A page, whatever it says; a connection that broke is tried once more."""
    try:
        return visitor.get(address)
    except FAILURES:
        return visitor.get(address)


def test_a_database_killed_is_back_at_once_and_nobody_is_sent_away(begin: Begin, person: Person) -> None:
    stack, (number,) = begin(1)
    me = person(stack, number)
    form = me.open_form()
    before = stack.pid("postgres")
    os.kill(before, signal.SIGKILL)
    statuses = set()

    def back() -> bool:
        answer = asked(me, form.address)
        statuses.add(answer.status)
        return answer.status == 200 and answer.address == form.address

    until(back, what="the form did not come back")
    assert statuses <= {200, 503}
    assert stack.pid("postgres") != before
    case = me.send(me.fill_in(asked(me, form.address)))
    me.read_letter(case)


@pytest.fixture
def person() -> Iterator[Person]:
    """`person(stack, number)`: someone who has logged in; browsers are closed after the test."""
    with ExitStack() as browsers:

        def someone(stack: Stack, number: str) -> Stubborn:
            me = Stubborn(stack.origin, number)
            browsers.callback(me.close)
            me.log_in()
            return me

        yield someone


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[Server]:
    """A database that is not Dugnad's own, so that it can be away as long as a test wants."""
    server = Server(tmp_path / "elsewhere", socket_folder(tmp_path), tmp_path / "postgres.log")
    server.start()
    yield server
    server.stop()


def test_a_database_that_is_away_for_a_while(begin: Begin, person: Person, other_server: Server) -> None:
    stack, (number,) = begin(1, DATABASE_URL=other_server.url())
    me = person(stack, number)
    form = me.open_form()
    os.kill(other_server.pid or 0, signal.SIGKILL)
    ends = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < ends:
        for address in ("/min-side", form.address, "/helse"):
            assert asked(me, address).status == 503, address
    answer = asked(me, "/min-side")
    assert "<h1" in answer.text, "a page that tells, not a bare error"
    fields = form.hidden("revision") | {"answer.barna stemmer": "ja", "do": "next"}
    assert me.post(form.address, fields, multipart=True).status == 503
    other_server.start()
    until(lambda: asked(me, form.address).status == 200, what="the form did not come back")
    # What was typed before the outage is sent again: the page the browser kept is still good, and so is the session.
    page = me.post(form.address, fields, multipart=True)
    assert urlsplit(page.address).path.endswith("/2")
    case = me.send(me.fill_in(asked(me, form.address)))
    me.read_letter(case)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that can be filled. Only root may make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if made.returncode != 0:
        pytest.skip("FULL DISK NOT TRIED: only root may mount a small disk here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_nothing_half_done(
    begin: Begin, person: Person, small_disk: Path
) -> None:
    folder = small_disk / "database"
    server = Server(folder, socket_folder(small_disk), small_disk / "postgres.log")
    server.start()
    try:
        stack, numbers = begin(40, DATABASE_URL=server.url())
        me = person(stack, numbers[0])
        form = me.open_form()
        filled = fill(small_disk / "filler")
        statuses = {save(me, form.address) for _ in range(400)}
        assert 503 in statuses, "the disk was not full after all"
        assert statuses <= {200, 503}
        with suppress(UnexpectedPageError):
            me.send(me.fill_in(asked(me, form.address)))
        filled.unlink()
        if not server.alive():
            server.start()
        until(lambda: asked(me, form.address).status == 200, what="the page did not come back")
        case = me.apply_whatever_happens(chance_of("disk"))
        me.read_letter(asked(me, case))
        assert has(stack, "SELECT count(*) = 1 FROM cases_case")
        assert has(stack, "SELECT count(*) = 1 FROM dispatch_dispatch")
        assert has(stack, "SELECT count(*) = 1 FROM applications_application WHERE status = 'submitted'")
    finally:
        server.stop()


def fill(filler: Path) -> Path:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(64 * 1024))
    return filler


def save(me: Stubborn, address: str) -> int:
    """Save a page of the draft; it always changes."""
    page = asked(me, address)
    if page.status != 200:
        return page.status
    words = secrets.token_hex(900)
    fields = page.hidden("revision") | {"answer.barna stemmer": "nei", "note.barna stemmer": words, "do": ""}
    return me.post(address, fields, multipart=True).status


class Register(http.server.BaseHTTPRequestHandler):
    """The tax basis over HTTP; `away`: it answers 503, as a register does under maintenance."""

    away = threading.Event()
    store: Store

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.away.is_set():
            self.send_error(503)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        found = simulator(self.store)(Request(self.command, self.path, headers, body))
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)

    do_GET = do_POST  # noqa: N815 - the name the server calls

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def register(norway: Path) -> Iterator[str]:
    Register.store = Store(norway)
    Register.away.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Register)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_register_that_is_away_while_people_apply(begin: Begin, person: Person, tmp_path: Path) -> None:
    with register(tmp_path / "home" / "norway.sqlite") as address:
        stack, people = begin(3, DUGNAD_SKATTEGRUNNLAGET_URL=address)
        Register.away.set()
        cases = []
        for number in people:
            me = person(stack, number)
            form = me.open_form()
            page = me.post(
                form.address,
                form.hidden("revision") | {"answer.barna stemmer": "ja", "do": "next"},
                multipart=True,
            )
            assert "Skatteetaten" in page.text
            case = me.send(me.fill_in(asked(me, form.address)))
            assert not re.search(r"\b(612|771)\b", case.text), "nothing is decided on what is not known"
            cases.append((me, case))
        until(lambda: has(stack, RECEIPTS), what="no receipts came")
        assert has(stack, "SELECT count(*) = 3 FROM cases_case WHERE status = 'waiting_register'")
        assert has(stack, "SELECT count(*) = 0 FROM decisions_decision")
        Register.away.clear()
        until(lambda: has(stack, DECIDED), what="the cases did not go on by themselves")
        for me, case in cases:
            assert "612" in asked(me, urlsplit(case.address).path).text


RECEIPTS = "SELECT count(*) = 3 FROM dispatch_dispatch WHERE kind = 'receipt' AND state = 'delivered'"
DECIDED = """
SELECT (SELECT count(*) FROM cases_case WHERE status = 'decided') = 3 AND (SELECT count(*) FROM decisions_decision) = 3
   AND (SELECT count(*) FROM dispatch_dispatch WHERE kind = 'decision' AND state = 'delivered') = 3
"""
