"""A Chromium for the browser tests: found on the machine, or fetched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLAYWRIGHT_CACHE = Path(
    os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
)
_PLAYWRIGHT_PLACES = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/*headless*shell")
_ANSWER_SECONDS = 20
_APT_SECONDS = 600

FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def flags() -> list[str]:
    """Say what the tests start a Chromium with; root's has no sandbox, it refuses to start otherwise."""
    return [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else list(FLAGS)


def find_browser() -> Path | None:
    """Find a Chromium that answers: DUGNAD_BROWSER, else the system's, else one Playwright has fetched."""
    given = os.environ.get("DUGNAD_BROWSER")
    candidates = [given] if given else [shutil.which(name) for name in _NAMES]
    fetched = (
        [] if given else [str(path) for place in _PLAYWRIGHT_PLACES for path in _PLAYWRIGHT_CACHE.glob(place)]
    )
    return next(
        (Path(path) for path in [*candidates, *sorted(fetched, reverse=True)] if path and _answers(path)),
        None,
    )


def provide_browser(tell: Callable[[str], None]) -> Path | None:
    """Find a Chromium, or get one: Debian's package where root may install it, else Playwright's download."""
    found = find_browser()
    if found is None and os.getuid() == 0 and shutil.which("apt-get"):
        tell("No Chromium here; installing Debian's package …")
        if _done(["apt-get", "update", "-q"]) and _done(
            ["apt-get", "install", "-qy", "--no-install-recommends", "chromium"]
        ):
            found = find_browser()
    if found is None:
        tell("No Chromium here; fetching Playwright's …")
        if _done([sys.executable, "-m", "playwright", "install", "chromium"]):
            found = find_browser()
    return found


def _answers(path: str) -> bool:
    try:
        answer = subprocess.run(  # noqa: S603 - a browser on this machine
            [path, "--version"], capture_output=True, timeout=_ANSWER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _done(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands
            command, capture_output=True, timeout=_APT_SECONDS, env=environment, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
