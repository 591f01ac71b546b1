"""`dugnad run` from start to stop, with small stand-ins for web, worker and catcher."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from dugnad.config.embedded import supervisor
from dugnad.config.embedded.errors import SayError

STAND_IN = """
import http.server, json, os, pathlib, sys, time
home = pathlib.Path(os.environ["DUGNAD_HOME"])
word = sys.argv[1]
(home / f"{word}.environment").write_text(json.dumps(dict(os.environ)))
if os.environ.get("FAIL"):
    sys.exit("no room on the disk")
if word == "prepare":
    (home / "welcome.txt").write_text("Log in as Kari.")
elif word == "web":
    class Page(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200); self.end_headers()
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[3])), Page).serve_forever()
else:
    time.sleep(600)
"""
RUN = """
import sys, pathlib
from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.supervisor import Supervisor
try:
    def tell(line): print(line, flush=True)
    code = Supervisor(pathlib.Path(sys.argv[1]), tell, [sys.executable, sys.argv[2]]).run()
except SayError as error:
    print(error, flush=True)
    code = 1
sys.exit(code)
"""


class Run:
    """A `dugnad run` of its own, and what it said."""

    def __init__(self, home: Path, **environment: str) -> None:
        stand_in = home.parent / "stand_in.py"
        stand_in.write_text(STAND_IN, encoding="utf-8")
        self.home = home
        self.log = home.parent / f"run.{time.monotonic_ns()}.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUGNAD_", "PORT"))}
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUN, str(home), str(stand_in)],
                stdout=log,
                stderr=log,
                env=kept | environment,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def ready(self) -> dict[str, object]:
        until(lambda: "Stop with Ctrl-C" in self.said, self)
        return dict(json.loads((self.home / "running.json").read_text(encoding="utf-8")))

    def children(self) -> dict[str, int]:
        found = {}
        for pid in (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        ):
            with contextlib.suppress(FileNotFoundError):  # it may end while we look
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                name = words[2].decode() if len(words) > 2 else ""
                found["postgres" if b"postgres" in words[0] else name] = int(pid)
        return found

    def has_another(self, name: str, before: int) -> bool:
        return self.children().get(name, before) != before

    def ended(self) -> int:
        return self.process.wait(10)


def until(condition: Callable[[], object], run: Run) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, run.said
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(**environment: str) -> Run:
        runs.append(Run(tmp_path / "home", **environment))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.wait()


def answers(address: object) -> bool:
    connection = http.client.HTTPConnection(str(address).partition("://")[2], timeout=5)
    with contextlib.closing(connection):
        try:
            connection.request("HEAD", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False


def test_a_run_from_start_to_stop_and_what_it_survives(start: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = start(PORT=str(taken.getsockname()[1]))
        state = run.ready()
        assert not str(state["address"]).endswith(f":{taken.getsockname()[1]}"), "the port was taken"
    assert "Log in as Kari." in run.said
    assert f"{state['address']}\n" in run.said
    assert answers(state["address"])

    second = start()
    assert second.ended() == 1
    assert second.said == f"Dugnad is already running at {state['address']} (process {run.process.pid}).\n"

    for name in ("web", "worker", "postgres"):
        before = run.children()[name]
        os.kill(before, signal.SIGKILL)
        until(partial(run.has_another, name, before), run)
    until(lambda: answers(state["address"]), run)

    run.process.kill()
    run.process.wait()
    again = start()
    state = again.ready()
    assert answers(state["address"])
    began = time.monotonic()
    again.process.send_signal(signal.SIGTERM)
    assert again.ended() == 0
    assert time.monotonic() - began < 10
    assert again.said.endswith("Stopping …\nStopped.\n")
    assert not answers(state["address"])
    assert not (again.home / "running.json").exists()


def test_each_part_gets_its_own_role_and_nobody_the_address_of_all(
    start: Callable[..., Run], database_server: str
) -> None:
    with psycopg.connect(database_server, autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE one_address")
    run = start(DATABASE_URL=database_server.replace("@/postgres", "@/one_address"))
    run.ready()
    roles = {}
    for part in ("prepare", "web", "worker", "catcher"):
        until((run.home / f"{part}.environment").exists, run)
        environment = json.loads((run.home / f"{part}.environment").read_text(encoding="utf-8"))
        assert "DATABASE_URL" not in environment
        assert ("DUGNAD_OWNER_DATABASE_URL" in environment) == (part == "prepare")
        with psycopg.connect(environment["DUGNAD_DATABASE_URL"]) as connection:
            roles[part] = connection.execute("SELECT current_user::text").fetchone()
    assert roles == {
        "prepare": ("dugnad_owner",),
        "web": ("dugnad_web",),
        "worker": ("dugnad_worker",),
        "catcher": ("dugnad_worker",),
    }
    assert "postgres" not in run.children()
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0


def test_a_preparation_that_fails_stops_the_start(start: Callable[..., Run], database_server: str) -> None:
    run = start(DATABASE_URL=database_server, FAIL="1")
    assert run.ended() == 1
    assert "no room on the disk" in run.said
    assert run.said.endswith("The database could not be made ready, so Dugnad was not started.\n")
    assert not (run.home / "web.environment").exists()


def test_a_port_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(SayError, match="PORT=eighty is no port"):
        supervisor._wanted_port()
