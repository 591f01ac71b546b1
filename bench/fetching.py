"""Other engines, fetched at pinned versions into environments of their own under `.dugnad/bench`; nothing else uses them."""

import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path

INSTALL_SECONDS = 300


class NotToBeHadError(RuntimeError):
    """A peer could not be fetched or run; the text says which and why."""


def interpreter_with(folder: Path, packages: Mapping[str, str]) -> Path:
    """Return the Python of an environment with these packages, {name: version}; made where there is none yet.

    Raises NotToBeHadError.
    """
    interpreter = folder / "bin" / "python"
    wanted = "\n".join(f"{name}=={version}" for name, version in packages.items())
    stamp = folder / "fetched.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        said([str(interpreter), "-m", "pip", "install", "--quiet", *wanted.splitlines()])
        stamp.write_text(wanted, encoding="utf-8")
    return interpreter


def said(command: list[str], *, input_text: str = "", cwd: Path | None = None) -> str:
    """Return what a command prints. Raises NotToBeHadError with the last line of its complaint."""
    try:
        done = subprocess.run(
            command,
            input=input_text,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
            cwd=cwd,
        )
    except subprocess.TimeoutExpired:
        raise NotToBeHadError(f"no answer in {INSTALL_SECONDS} s") from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if any(map(str.isalnum, line))]
        raise NotToBeHadError(lines[-1][:200] if lines else f"exit code {done.returncode}")
    return done.stdout
