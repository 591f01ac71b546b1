"""Where the project keeps what it makes for itself (`.dugnad/`)."""

import hashlib
import os
import tempfile
from pathlib import Path

# Linux allows 108 bytes for the address of a socket, closing zero included; the file's name is part of it.
_SOCKET_ADDRESS_BYTES = 107
_SOCKET_NAME = ".s.PGSQL.5432"


def home() -> Path:
    """Find this installation's folder: DUGNAD_HOME, else `.dugnad` in the project, else `.dugnad` here."""
    given = os.environ.get("DUGNAD_HOME")
    if given:
        return Path(given).absolute()
    project = Path(__file__).resolve().parents[4]
    base = project if (project / "pyproject.toml").is_file() else Path.cwd()
    return base / ".dugnad"


def socket_folder(data: Path) -> Path:
    """Place the PostgreSQL socket of the home folder `data`: the same answer in every process.

    `data/socket` where its address is short enough for a socket; else a folder of one's own under
    XDG_RUNTIME_DIR or the temporary folder, named by user and home so that installations never meet.
    """
    near = data.absolute() / "socket"
    if _fits(near):
        return near
    name = f"dugnad-{os.getuid()}-{hashlib.sha256(os.fsencode(near)).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    places = [Path(runtime)] if runtime and os.access(runtime, os.W_OK | os.X_OK) else []
    # The folder made in there is 0700 and checked to be our own (`private_folder`).
    for place in [*places, Path(tempfile.gettempdir()), Path("/tmp")]:  # noqa: S108 - see above
        if _fits(place / name):
            return place / name
    raise OSError(f"no place short enough for a socket: {near}")


def private_folder(folder: Path) -> Path:
    """Make `folder` (mode 0700) and check that it is one's own.

    Raises:
        PermissionError: someone else made it first.

    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or (os.getuid() not in {0, status.st_uid}):
        raise PermissionError(
            f"{folder} belongs to someone else; remove it or set DUGNAD_HOME to another folder."
        )
    folder.chmod(0o700)
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / _SOCKET_NAME)) <= _SOCKET_ADDRESS_BYTES
