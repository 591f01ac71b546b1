#!/usr/bin/env python3
"""From a machine with only Python to a running Dugnad: `python3 bootstrap.py run`.

Makes `.venv`, installs the locked packages into it, and hands over. `make` only calls this file, which needs
nothing but the standard library. Words: run, test, test-spark, check, bench, setup; the rest goes to `dugnad`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get a sentence, not an ImportError
    sys.exit(
        "Dugnad needs Python 3.11 or newer; this is {}.{}.\n"
        "Install a newer one (Debian 12 and Ubuntu 24.04 have it) and name it: make run PYTHON=python3.12\n"
        "or, without make: python3.12 bootstrap.py run".format(*sys.version_info[:2])
    )

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

UV = "0.13.9"
PROJECT = Path(__file__).resolve().parent
HOME = PROJECT / ".dugnad"
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
SPARK = HOME / "spark"
STAMP = VENV / "set-up-for"
TOOL = VENV / "uv-tool"
HAND_OVER = {
    "test": ["-m", "dugnad.config.embedded.commands.quality", "test"],
    "check": ["-m", "dugnad.config.embedded.commands.quality", "check"],
    "bench": ["-m", "bench"],
}


class CannotSetUpError(Exception):
    """The environment could not be made; the text says why and what to do."""


def main(words: list[str]) -> None:
    """Set up what is missing, then become the command."""
    word, rest = (words[0], words[1:]) if words else ("run", [])
    try:
        wanted = fingerprint()
        if not is_set_up(wanted):
            with alone():
                if not is_set_up(wanted):  # another start may have done it while this one waited
                    set_up(wanted)
    except CannotSetUpError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped while setting up; the next start goes on from here.")
    if word == "setup":
        return
    os.chdir(PROJECT)
    if word == "test-spark":
        test_spark(rest)
    program = [str(PYTHON), *HAND_OVER.get(word, ["-m", "dugnad.config.command", word]), *rest]
    os.execv(program[0], program)  # noqa: S606 - the Python of our own .venv


def test_spark(rest: list[str]) -> None:
    """Become the tests of what is written for Spark, in an environment of its own: it is half a gigabyte."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        print(
            "Spark was NOT tested: there is no Java. Install one (Debian: apt install default-jre-headless)."
        )
        sys.exit(0)
    python = SPARK / "bin" / "python"
    print("Installing Spark's packages …", flush=True)
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(SPARK), "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    command = [str(TOOL / UV / "bin" / "uv"), "sync", "-q", "--frozen", "--group", "spark"]
    try:
        call([*command, "--python", str(PYTHON)], "Spark's packages could not be installed", environment)
    except CannotSetUpError as error:
        sys.exit(str(error))
    os.environ["DUGNAD_TEST_SPARK"] = "1"
    tests = [str(python), "-m", "pytest", "tests/rulebook/columns/test_spark.py", *rest]
    os.execv(tests[0], tests)  # noqa: S606 - the Python of our own environment


def fingerprint() -> str:
    """Name what `.venv` is made for: the locked packages, this Python, this place (its scripts name it)."""
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((PROJECT / name).read_bytes())
    digest.update(f"{PROJECT}\n{sys.version_info[:2]}\n{UV}".encode())
    return digest.hexdigest()


def is_set_up(wanted: str) -> bool:
    """Whether `.venv` is whole and made for `wanted`; the stamp comes last, so a half-made one has none."""
    try:
        return STAMP.read_text(encoding="ascii") == wanted and os.access(PYTHON, os.X_OK)
    except OSError:
        return False


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let starts at the same time take turns."""
    try:
        HOME.mkdir(mode=0o700, exist_ok=True)
        lock = (HOME / "setup.lock").open("a", encoding="ascii")
    except PermissionError as error:
        raise CannotSetUpError(
            f"{PROJECT} cannot be written by this user. Copy it to a folder of yours, or start as its owner."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(wanted: str) -> None:
    """Make `.venv` with exactly the locked packages; a broken or foreign one is made anew."""
    STAMP.unlink(missing_ok=True)
    if VENV.exists() and not usable():
        print("The environment in .venv is broken or made for another place; making it anew.", flush=True)
        shutil.rmtree(VENV)
    if not VENV.exists():
        print("Making .venv …", flush=True)
        call(
            [sys.executable, "-m", "venv", "--without-pip", str(VENV)], "Python could not make an environment"
        )
    uv = TOOL / UV / "bin" / "uv"
    if not uv.exists():
        print(f"Fetching uv {UV}, which installs the packages …", flush=True)
        shutil.rmtree(TOOL, ignore_errors=True)
        with pip() as command:
            call(
                [*command, "install", "-q", "--target", str(TOOL / UV), f"uv=={UV}"],
                "uv could not be fetched",
            )
    print("Installing the packages …", flush=True)
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    call(
        [str(uv), "sync", "-q", "--frozen", "--python", str(PYTHON)],
        "The packages could not be installed",
        environment,
    )
    STAMP.write_text(wanted, encoding="ascii")


def usable() -> bool:
    """Whether the Python in `.venv` runs, is this version and lies where it was made (its scripts say)."""
    question = "import sys; print(*sys.version_info[:2])"
    try:
        made_at = (VENV / "bin" / "activate").read_text(encoding="utf-8")
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]] and str(VENV) in made_at


@contextlib.contextmanager
def pip() -> Iterator[list[str]]:
    """Find a pip: this Python's own; else the one Python carries; else the locked one, fetched."""
    if runs([sys.executable, "-m", "pip", "--version"]):
        yield [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        return
    with tempfile.TemporaryDirectory() as folder:
        if runs([sys.executable, "-m", "venv", folder]):
            yield [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
            return
        yield [sys.executable, f"{fetch_locked_pip(Path(folder))}/pip", "--disable-pip-version-check"]


def fetch_locked_pip(folder: Path) -> Path:
    """Fetch pip as uv.lock names it: Debian without python3-venv has none, and its wheel runs as it is."""
    lock = tomllib.loads((PROJECT / "uv.lock").read_text(encoding="utf-8"))
    wheel = next(package["wheels"][0] for package in lock["package"] if package["name"] == "pip")
    try:
        with urllib.request.urlopen(wheel["url"], timeout=60) as answer:  # noqa: S310 - from the lock
            content = answer.read()
    except OSError as error:
        raise CannotSetUpError(
            f"This Python has no pip, and it could not be fetched: {error}\n"
            "Check the network, or install it (Debian and Ubuntu: apt install python3-venv), and start again."
        ) from error
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != wheel["hash"]:
        raise CannotSetUpError(
            "The pip that was fetched is not the one in uv.lock. Something on the way changed it."
        )
    place = folder / str(wheel["url"]).rpartition("/")[2]
    place.write_bytes(content)
    return place


def runs(command: list[str]) -> bool:
    """Whether a command ends well."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def call(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    """Run a step; where it fails, its last words and what usually helps."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT, env=environment)
    if done.returncode != 0:
        words = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).strip().splitlines()[-6:])
        raise CannotSetUpError(
            f"{failure}:\n{words}\n"
            "The first start needs the network (or an index in the settings of pip and uv) and 1 GB of disk."
        )


if __name__ == "__main__":
    main(sys.argv[1:])
