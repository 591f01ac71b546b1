"""Makes the folder a PostgreSQL server keeps its data in."""

import locale
import shutil
import subprocess
from pathlib import Path

from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.launch import launched
from dugnad.config.embedded.postgres.binaries import binary
from dugnad.config.embedded.postgres.identity import choose_identity

SUPERUSER = "postgres"


class ServerError(SayError):
    """PostgreSQL could not be made or started; the text says why and where its log is."""


def make_data_folder(data: Path, log: Path, *, durable: bool) -> None:
    """Make `data` beside its place and move it there whole, so that an interrupted making leaves nothing.

    UTF-8, page checksums, sorting and case by PostgreSQL's own C.UTF-8; whoever reaches the socket is let in
    (its folder is the lock). `durable` False leaves out the waiting for the disk.

    Raises:
        ServerError: there is something else in `data`, or initdb failed; `log` then holds its words.

    """
    if data.exists():
        if any(data.iterdir()):
            raise ServerError(f"{data} is not empty and holds no database; move it away and start again.")
        data.rmdir()
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    identity = choose_identity(binary("initdb"), draft)
    program = [str(binary("initdb")), "-D", str(draft), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
    program += ["--data-checksums", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    program += [f"--locale={_character_types()}", *([] if durable else ["--no-sync"])]
    made = subprocess.run(  # noqa: S603 - our own launcher
        launched(program, identity=identity),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if made.returncode != 0:
        log.write_text(made.stdout + made.stderr, encoding="utf-8")
        raise ServerError(f"The database could not be made: {last_words(log)} (all of it: {log})")
    draft.rename(data)


def last_words(log: Path) -> str:
    """Read the last line of `log` that says something."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _character_types() -> str:
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
