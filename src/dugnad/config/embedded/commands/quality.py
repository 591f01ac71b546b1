"""`make test` and `make check`: the tests with a browser, and everything CI looks at before them.

Run as `python -m dugnad.config.embedded.commands.quality test|check [words for pytest]`.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from dugnad.config.embedded.browser import provide_browser

_SCRIPTS = Path(sys.executable).parent
_NETWORK_WORDS = (
    "ConnectionError",
    "Max retries",
    "NameResolution",
    "Temporary failure",
    "timed out",
    "ServiceError",
)


@dataclass(frozen=True)
class Step:
    """One check: what it is called, its command, and whether the network being away excuses it."""

    name: str
    command: list[str]
    needs_network: bool = False


def _script(name: str, *words: str) -> list[str]:
    return [str(_SCRIPTS / name), *words]


STEPS = [
    Step("ruff check", _script("ruff", "check")),
    Step("ruff format", _script("ruff", "format", "--check")),
    Step("mypy", _script("mypy")),
    Step("import contracts", _script("lint-imports")),
    Step("generated documents", [sys.executable, "-m", "dugnad.config.generated", "--check"]),
    Step(
        "known vulnerabilities",
        _script("pip-audit", "--skip-editable", "--progress-spinner=off"),
        needs_network=True,
    ),
]


def main(words: list[str]) -> int:
    """Run `test` or `check`; 0 when all is well."""
    if words[:1] not in (["test"], ["check"]):
        print("Say test or check.")
        return 2
    if words[0] == "check":
        failed = [step.name for step in STEPS if not passes(step)]
        if failed:
            print(f"\nNot well: {', '.join(failed)}. The tests were not run.")
            return 1
    return run_tests(words[1:])


def passes(step: Step) -> bool:
    """Run one check, with a line when it is well and all it said when it is not."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - fixed commands
        step.command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": "tests"}
    )
    said = f"{done.stdout}\n{done.stderr}".strip()
    if done.returncode == 0:
        print(f"{step.name}: well ({time.monotonic() - began:.0f} s)", flush=True)
        return True
    if step.needs_network and any(word in said for word in _NETWORK_WORDS):
        print(f"{step.name}: SKIPPED, the advisory service cannot be reached from here", flush=True)
        return True
    print(f"{step.name}: NOT WELL\n{said}\n", flush=True)
    return False


def run_tests(words: list[str]) -> int:
    """All tests, over the cores there are; a browser is looked for, and fetched where there is none."""
    browser = provide_browser(lambda line: print(line, flush=True))
    environment = dict(os.environ)
    if browser is not None:
        environment["DUGNAD_BROWSER"] = str(browser)
    cores = len(os.sched_getaffinity(0))
    spread = ["-n", str(min(cores, 8))] if cores > 1 and not words else []
    return subprocess.run(  # noqa: S603 - fixed command
        [sys.executable, "-m", "pytest", *spread, *words], check=False, env=environment
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
