"""`make test` and `make check`: the tests with a browser, and everything CI looks at before them.

Run as `python -m dugnad.config.embedded.commands.quality test|check [words for pytest]`.
"""

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from dugnad.config.embedded.browser import provide_browser

_SCRIPTS = Path(sys.executable).parent
_GENERATED = "dugnad.config.generated"
_MOST_PROCESSES = 8


def main(words: list[str]) -> int:
    """Run `test` or `check`; 0 when all is well."""
    if words[:1] not in (["test"], ["check"]):
        print("Say test or check.")
        return 2
    if words[0] == "check":
        failed = [name for name, command in _steps().items() if not passes(name, command)]
        if not audit():
            failed.append("known vulnerabilities")
        if failed:
            print(f"\nNot well: {', '.join(failed)}. The tests were not run.")
            return 1
    return run_tests(words[1:])


def _steps() -> dict[str, list[str]]:
    """List the checks: what each is called and its command."""
    steps = {
        "ruff check": _script("ruff", "check"),
        "ruff format": _script("ruff", "format", "--check"),
        "mypy": _script("mypy"),
        "import contracts": _script("lint-imports"),
    }
    if importlib.util.find_spec(_GENERATED):
        steps["generated documents"] = [sys.executable, "-m", _GENERATED, "--check"]
    return steps


def passes(name: str, command: list[str]) -> bool:
    """Run one check, with a line when it is well and all it said when it is not."""
    began = time.monotonic()
    done = _run(command)
    if done.returncode == 0:
        print(f"{name}: well ({time.monotonic() - began:.0f} s)", flush=True)
        return True
    print(f"{name}: NOT WELL\n{done.stdout}{done.stderr}\n", flush=True)
    return False


def audit() -> bool:
    """Ask for known vulnerabilities of the installed packages; where nobody answers, say so and go on."""
    done = _run(_script("pip-audit", "--skip-editable", "--progress-spinner=off", "--format=json"))
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    asked = [package for package in packages if "skip_reason" not in package]
    weak = [package for package in asked if package["vulns"]]
    if not asked:
        print("known vulnerabilities: SKIPPED, the advisory service cannot be reached", flush=True)
        return True
    for package in weak:
        names = ", ".join(found["id"] for found in package["vulns"])
        print(f"known vulnerabilities: {package['name']} {package['version']}: {names}", flush=True)
    if not weak:
        print(f"known vulnerabilities: none in {len(asked)} of {len(packages)} packages", flush=True)
    return not weak


def run_tests(words: list[str]) -> int:
    """Run all tests over the cores there are; a browser is looked for, and fetched where there is none."""
    browser = provide_browser(lambda line: print(line, flush=True))
    named = {"DUGNAD_BROWSER": str(browser)} if browser else {}
    cores = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)
    spread = ["-n", str(cores)] if cores > 1 and not words else []
    return subprocess.run(  # noqa: S603 - fixed command
        [sys.executable, "-m", "pytest", *spread, *words], check=False, env={**os.environ, **named}
    ).returncode


def _script(name: str, *words: str) -> list[str]:
    return [str(_SCRIPTS / name), *words]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    # The contract types of the import linter are among the tests.
    environment = {**os.environ, "PYTHONPATH": "tests"}
    return subprocess.run(  # noqa: S603 - fixed commands
        command, capture_output=True, text=True, check=False, env=environment
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
