"""Who PostgreSQL runs as: it refuses to run as root, so root has to become somebody else."""

import os
import pwd
import subprocess
from pathlib import Path

from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.launch import launched

_PROBE_SECONDS = 20


class NoIdentityError(SayError):
    """Root found no way to run PostgreSQL as anyone else; the text says what is missing."""


def choose_identity(program: Path, folder: Path) -> str:
    """How `program` can run on the data in `folder`; makes the folder belong to that user.

    For an ordinary user: as oneself. For root, the first that works of: a user namespace, the owner of the
    project (or `nobody`), the same with the right to pass through closed folders such as /root.

    Raises:
        NoIdentityError: root, and nothing works.

    """
    if os.getuid() != 0:
        return "same"
    refusals: list[str] = []
    uid, gid = _ordinary_user(folder)
    for identity, owner in (
        ("namespace", (0, 0)),
        (f"user:{uid}:{gid}", (uid, gid)),
        (f"open:{uid}:{gid}", (uid, gid)),
    ):
        refusal = give_to(folder, owner) or _probe(identity, program, folder)
        if not refusal:
            return identity
        refusals.append(f"  {identity}: {refusal}")
    raise NoIdentityError(
        "PostgreSQL refuses to run as root, and no other user could be taken:\n"
        + "\n".join(refusals)
        + "\nStart as an ordinary user, or set DATABASE_URL to a PostgreSQL 15 or newer."
    )


def _ordinary_user(folder: Path) -> tuple[int, int]:
    """Find the owner of the nearest folder above that is not root's, else `nobody`."""
    for parent in folder.absolute().parents:
        status = parent.stat()
        if status.st_uid != 0:
            return status.st_uid, status.st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return nobody.pw_uid, nobody.pw_gid


def give_to(folder: Path, owner: tuple[int, int]) -> str:
    """Make `folder` and all in it belong to `owner`; the reason where that is refused, else an empty text."""
    if not folder.exists() or folder.stat().st_uid == owner[0]:
        return ""
    try:
        for place, _, files in os.walk(folder, topdown=False):
            for name in files:
                os.chown(Path(place) / name, *owner, follow_symlinks=False)
            os.chown(place, *owner)  # last, so that an interrupted walk is begun again
    except OSError as error:
        return f"cannot give {folder} away: {error.strerror}"
    return ""


def _probe(identity: str, program: Path, folder: Path) -> str:
    """Try the identity on the program and the folder; the reason where it fails, else an empty text."""
    script = 'cd "$2" && test -w . && exec "$1" --version'
    command = launched(["sh", "-c", script, "probe", str(program), str(folder)], identity=identity)
    try:
        done = subprocess.run(  # noqa: S603 - our own launcher
            command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "no answer"
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["refused"])[-1]
