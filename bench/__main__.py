"""`python -m bench [name …] [--write]`: run the benchmarks, all or those named; `--write` keeps what was measured."""

import argparse
import importlib
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.stack import PROJECT

NAMES = ("rules", "formulas", "peers", "columns", "statements", "lists", "applications")
WRITTEN_TO = PROJECT / "docs" / "reference" / "benchmarks.md"


def main(words: Sequence[str]) -> int:
    """Run what was asked for; 0 when all of it ran."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--write", action="store_true", help=f"write {WRITTEN_TO.relative_to(PROJECT)}")
    asked = parser.parse_args(words)
    wrong = [name for name in asked.names if name not in NAMES]
    if wrong:
        parser.error(f"there is no benchmark {', '.join(wrong)}; there are {', '.join(NAMES)}")
    for name in asked.names or NAMES:
        report = importlib.import_module(f"bench.{name}").run()
        print(report.text(), flush=True)
        if asked.write:
            report.notes.append(_measured(name))
            _write(name, report.text())
    return 0


HEAD = """# Benchmarks

Ratios hold from machine to machine, absolute figures do not. How to read them: `bench/README.md`.
"""


def _write(name: str, text: str) -> None:
    """Put one benchmark's section in its place; those of the others stay as they were measured."""
    kept = WRITTEN_TO.read_text(encoding="utf-8").split("\n## ")[1:] if WRITTEN_TO.exists() else []
    sections = {one.partition(":")[0]: f"## {one.rstrip()}\n" for one in kept}
    sections[name] = text
    WRITTEN_TO.parent.mkdir(parents=True, exist_ok=True)
    listed = [sections[one] for one in NAMES if one in sections]
    WRITTEN_TO.write_text("\n".join([HEAD, *listed]), encoding="utf-8")


def _measured(name: str) -> str:
    return (
        f"\nMeasured by `python -m bench {name}` on {datetime.now(UTC):%Y-%m-%d}: {len(os.sched_getaffinity(0))} cores of"
        f" {_processor()}, Python {platform.python_version()}, version {_version()}."
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - a line at a time
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def _version() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
