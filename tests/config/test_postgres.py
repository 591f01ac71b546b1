"""The embedded PostgreSQL survives what a machine does to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dugnad.config.embedded.postgres import Server, temporary_postgres
from dugnad.config.embedded.postgres.identity import NoIdentityError, choose_identity
from dugnad.config.embedded.postgres.making import ServerError
from dugnad.config.embedded.postgres.server import StartAbandonedError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data", tmp_path / "socket", tmp_path / "log")
    yield server
    server.stop()


def write(server: Server, number: int) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def numbers(server: Server) -> list[int]:
    with psycopg.connect(server.url()) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY 1")]


def setting(server: Server, name: str) -> str:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def test_what_was_committed_survives_stops_and_kills(server: Server, tmp_path: Path) -> None:
    server.start()
    write(server, 1)
    server.stop()
    server.start()
    write(server, 2)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    time.sleep(0.05)
    server.start()
    assert numbers(server) == [1, 2]
    assert setting(server, "fsync") == setting(server, "synchronous_commit") == "on"
    assert setting(server, "data_checksums") == "on"
    assert setting(server, "listen_addresses") == ""
    assert (tmp_path / "socket").stat().st_mode & 0o777 == 0o700


def test_a_pid_file_that_names_another_living_process_is_no_obstacle(server: Server) -> None:
    server.start()
    server.stop()
    pid_file = f"{os.getpid()}\n{server.data}\n1\n5432\n{server.socket}\n\n1 1\nready\n"
    (server.data / "postmaster.pid").write_text(pid_file, encoding="ascii")
    (server.socket / ".s.PGSQL.5432.lock").write_text(pid_file, encoding="ascii")
    server.start()
    assert server.alive()


def test_a_server_that_another_run_left_is_ended_first(server: Server) -> None:
    server.start()
    write(server, 1)
    left = server.pid
    server.start()
    assert numbers(server) == [1]
    assert server.pid != left


def test_making_that_was_interrupted_is_begun_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "half").write_text("made", encoding="ascii")
    server.start()
    assert server.alive()


def test_a_folder_with_something_else_in_it_is_left_alone(server: Server) -> None:
    server.data.mkdir()
    (server.data / "holiday.jpg").write_text("sun", encoding="ascii")
    with pytest.raises(ServerError, match="not empty"):
        server.start()
    assert (server.data / "holiday.jpg").exists()


def test_a_server_that_will_not_start_says_why(server: Server) -> None:
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(ServerError, match=r"did not start: .*incompatible with server .*its log: "):
        server.start()


def test_waiting_ends_when_nobody_wants_it_any_more(server: Server) -> None:
    server.abandoned = lambda: True
    with pytest.raises(StartAbandonedError):
        server.start()
    assert not server.alive()


def test_a_killed_test_run_takes_its_server_along_and_the_next_clears_up() -> None:
    script = (
        "from dugnad.config.embedded.postgres import temporary_postgres\n"
        "import os, signal\n"
        "with temporary_postgres() as url:\n"
        "    print(url, flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    folder = Path(done.stdout.partition("host=")[2].strip().replace("%2F", "/")).parent
    assert folder.exists()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cwd").exists() for pid in working_on(folder / "data")):
        assert time.monotonic() < deadline, "the server outlived its run"
        time.sleep(0.05)
    with temporary_postgres():
        assert not folder.exists()


def working_on(data: Path) -> list[str]:
    return [
        entry.name
        for entry in Path("/proc").glob("[0-9]*")
        if os.access(entry / "cwd", os.R_OK) and os.path.realpath(entry / "cwd") == str(data)
    ]


def test_root_that_can_become_nobody_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr("dugnad.config.embedded.postgres.identity._probe", lambda *_: "refused here")
    monkeypatch.setattr("dugnad.config.embedded.postgres.identity.give_to", lambda *_: "")
    with pytest.raises(NoIdentityError, match=r"namespace: refused here[\s\S]*DATABASE_URL"):
        choose_identity(Path("/bin/true"), tmp_path)
