"""A PostgreSQL of our own: made in a folder, run as a child in the foreground, gone when we are gone.

Why not the wheel's own life cycle: ADR 0001.
"""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from dugnad.config.embedded.launch import launched
from dugnad.config.embedded.places import private_folder
from dugnad.config.embedded.postgres.binaries import binary
from dugnad.config.embedded.postgres.identity import choose_identity, give_to
from dugnad.config.embedded.postgres.making import SUPERUSER, ServerError, last_words, make_data_folder
from dugnad.config.embedded.postgres.remains import clear_remains

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


class StartAbandonedError(Exception):
    """The caller asked to stop while the server was starting."""


def _silent(text: str) -> None:
    """Tell nobody."""


@dataclass
class Server:
    """One PostgreSQL server in the folder `data`, reached only through a socket in the 0700 folder `socket`.

    `durable` False is for tests: nothing survives a power cut. `tell` gets a line for people when something
    takes long; `abandoned` is asked while waiting, and True ends the start with `StartAbandonedError`.
    """

    data: Path
    socket: Path
    log: Path
    durable: bool = True
    tell: Callable[[str], None] = _silent
    abandoned: Callable[[], bool] = lambda: False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Make the data folder if there is none, clear what a killed server left, start, wait for an answer.

        There is no time limit: recovery after a crash takes its time, with a line every five seconds.

        Raises:
            ServerError: it ended instead of answering.
            StartAbandonedError: `abandoned` said so.

        """
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").is_file():
            make_data_folder(self.data, self.log, durable=self.durable)
        identity = choose_identity(binary("postgres"), self.data)
        private_folder(self.socket)
        refusal = give_to(self.socket, (self.data.stat().st_uid, self.data.stat().st_gid))
        if refusal:
            raise ServerError(refusal)
        clear_remains(self.data, self.socket, tell=self.tell)
        if self._process is not None:
            self._process.wait()  # ours from before, gone by now
        settings = {
            **_ALWAYS,
            **(_DURABLE if self.durable else _EPHEMERAL),
            "unix_socket_directories": str(self.socket),
        }
        program = [str(binary("postgres")), "-D", str(self.data)]
        program += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        _trim(self.log)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own launcher
                launched(program, identity=identity, on_death=signal.SIGINT),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def stop(self, seconds: float = 4.0) -> None:
        """Shut down: roll back what is open, write all; after `seconds` end at once (recovered next time)."""
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
        """Build the address by which `user` gets to `database`; no password: its folder is private."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='')}"

    def _wait(self) -> None:
        began = told = time.monotonic()
        while True:
            if self._process is None or self._process.poll() is not None:
                raise ServerError(f"PostgreSQL did not start: {last_words(self.log)} (its log: {self.log})")
            if self.abandoned():
                self.stop()
                raise StartAbandonedError
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                now = time.monotonic()
                if now - told >= _TELL_EVERY_SECONDS:
                    told = now
                    self.tell(f"PostgreSQL is starting ({now - began:.0f} s): {last_words(self.log)}")
                time.sleep(0.02)
            else:
                return


def _trim(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))
