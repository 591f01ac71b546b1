"""A PostgreSQL of our own: made in a folder, run as a child in the foreground, gone when we are gone.

Why not the wheel's own life cycle: ADR 0001.
"""

import contextlib
import locale
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.launch import launched
from dugnad.config.embedded.places import private_folder, socket_folder
from dugnad.config.embedded.postgres.binaries import binary
from dugnad.config.embedded.postgres.identity import choose_identity, give_to
from dugnad.config.embedded.postgres.remains import clear_remains

SUPERUSER = "postgres"
_TELL_EVERY_SECONDS = 5.0
_LOG_BYTES = 10_000_000
# No values in the log: an error text may quote the row, and a row holds personal data.
_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "jit": "off",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "256MB"}
_EPHEMERAL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class ServerError(SayError):
    """PostgreSQL could not be made or started; the text says why and where its log is."""


class StartAbandonedError(Exception):
    """The caller asked to stop while the server was starting."""


def _silent(text: str) -> None:
    """Tell nobody."""


@dataclass
class Server:
    """One PostgreSQL server in the folder `data`, reached only through a socket in the 0700 folder `socket`.

    `durable` False is for tests: nothing survives a power cut. `tell` gets a line for people when something takes long;
    `abandoned` is asked while waiting, and True ends the start with `StartAbandonedError`.
    """

    data: Path
    socket: Path
    log: Path
    durable: bool = True
    tell: Callable[[str], None] = _silent
    abandoned: Callable[[], bool] = lambda: False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Make the data folder if there is none, clear what a killed server left, start and wait until it answers.

        There is no time limit: recovery after a crash takes as long as it takes, with a line every five seconds.

        Raises:
            ServerError: it ended instead of answering.
            StartAbandonedError: `abandoned` said so.
        """
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").is_file():
            self._make()
        identity = choose_identity(binary("postgres"), self.data)
        private_folder(self.socket)
        refusal = give_to(self.socket, (self.data.stat().st_uid, self.data.stat().st_gid))
        if refusal:
            raise ServerError(refusal)
        clear_remains(self.data, self.socket, tell=self.tell)
        settings = {
            **_ALWAYS,
            **(_DURABLE if self.durable else _EPHEMERAL),
            "unix_socket_directories": str(self.socket),
        }
        program = [str(binary("postgres")), "-D", str(self.data)]
        program += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        _trim(self.log)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                launched(program, identity=identity, on_death=signal.SIGINT),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def stop(self, seconds: float = 4.0) -> None:
        """Shut down: open transactions are rolled back, all is written; after `seconds` at once (recovered next time)."""
        process, self._process = self._process, None
        if process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return
            seconds = min(seconds, 2.0)

    def alive(self) -> bool:
        """Whether the server's process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The id of the server's main process, None when it is not started."""
        return self._process.pid if self._process else None

    def url(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """The address by which `user` reaches `database`; no password, the socket's folder is private."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='')}"

    def _make(self) -> None:
        """Make the data folder beside its place and move it there whole: an interrupted making leaves nothing."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        if self.data.exists() and any(self.data.iterdir()):
            raise ServerError(
                f"{self.data} is not empty and holds no database; move it away and start again."
            )
        self.data.unlink(missing_ok=True) if self.data.is_symlink() else shutil.rmtree(
            self.data, ignore_errors=True
        )
        draft.mkdir(mode=0o700)
        identity = choose_identity(binary("initdb"), draft)
        program = [
            str(binary("initdb")),
            "-D",
            str(draft),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
        ]
        program += [
            "--data-checksums",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            f"--locale={_ctype()}",
        ]
        program += [] if self.durable else ["--no-sync"]
        made = subprocess.run(
            launched(program, identity=identity),
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if made.returncode != 0:
            self.log.write_text(made.stdout + made.stderr, encoding="utf-8")
            raise ServerError(
                f"The database could not be made: {_last_line(made.stderr)} (all of it: {self.log})"
            )
        draft.rename(self.data)

    def _wait(self) -> None:
        began = told = time.monotonic()
        while True:
            if self._process is None or self._process.poll() is not None:
                raise ServerError(
                    f"PostgreSQL did not start: {_last_line(_tail(self.log))} (its log: {self.log})"
                )
            if self.abandoned():
                self.stop()
                raise StartAbandonedError
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                now = time.monotonic()
                if now - told >= _TELL_EVERY_SECONDS:
                    told = now
                    self.tell(f"PostgreSQL is starting ({now - began:.0f} s): {_last_line(_tail(self.log))}")
                time.sleep(0.02)
            else:
                return


@contextlib.contextmanager
def temporary_postgres() -> Iterator[str]:
    """A server for one test run: its own folder, no durability, gone afterwards. Gives the superuser's address.

    Any number may run at once. Killed with -9, it goes too; its folder is cleared by the next one.
    """
    _sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix="dugnad-test-"))
    (folder / "owner").write_text(str(os.getpid()), encoding="ascii")
    if os.getuid() == 0:
        folder.chmod(0o711)  # so that the user root becomes can pass
    server = Server(folder / "data", socket_folder(folder), folder / "postgres.log", durable=False)
    try:
        server.start()
        yield server.url()
    finally:
        server.stop()
        shutil.rmtree(server.socket, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _sweep_abandoned() -> None:
    for mark in Path(tempfile.gettempdir()).glob("dugnad-test-*/owner"):
        with contextlib.suppress(OSError, ValueError):
            if not Path(f"/proc/{int(mark.read_text(encoding='ascii'))}").exists():
                shutil.rmtree(mark.parent, ignore_errors=True)


def _ctype() -> str:
    """C.UTF-8 where the machine has it, else C; sorting and case come from PostgreSQL itself either way."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    else:
        return "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _trim(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        return file.read().decode("utf-8", "replace")


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")
