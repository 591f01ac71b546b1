"""A mail server that delivers to nobody: each message becomes a file, shown by the page Utboks."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

KEPT = 500


@dataclass(frozen=True, slots=True)
class Caught:
    """A message as the page shows it."""

    key: str
    to: str
    subject: str
    text: str
    at: datetime


class Catcher:
    """Receives mail on 127.0.0.1 and writes it to `folder`; the newest 500 are kept."""

    def __init__(self, folder: Path, *, port: int, clock: Callable[[], datetime]) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._clock = folder, clock
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    def start(self) -> None:
        """Begin to receive. Raises OSError when the port is taken."""
        self._controller.start()

    def stop(self) -> None:
        """Stop receiving."""
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message (aiosmtpd calls this)."""
        del server, session
        name = f"{self._clock().strftime('%Y%m%dT%H%M%S%f')}-{secrets.token_hex(4)}"
        draft = self._folder / f".{name}"
        draft.write_bytes(envelope.content)
        os.replace(draft, self._folder / f"{name}.eml")  # noqa: PTH105 - atomic, and says so
        for old in sorted(self._folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return "250 kept"


def caught(folder: Path, *, limit: int = 50) -> list[Caught]:
    """Return the newest messages, newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:limit]
    return [_read(path) for path in files]


def _read(path: Path) -> Caught:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    at = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    if mail["Date"]:
        at = parsedate_to_datetime(mail["Date"])
    return Caught(
        path.stem,
        str(mail["To"] or ""),
        str(mail["Subject"] or ""),
        str(body.get_content()) if body else "",
        at,
    )
