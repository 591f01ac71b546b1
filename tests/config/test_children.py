"""The processes of a run: started again when they die, gone when we are gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dugnad.config.embedded import children
from dugnad.config.embedded.children import Child, GaveUpError, stop_together

SLEEP = "import time; print('here', flush=True); time.sleep(600)"


def child(tmp_path: Path, code: str) -> Child:
    return Child("worker", [sys.executable, "-c", code], dict(os.environ), tmp_path / "worker.log")


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def living(pid: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


def test_a_process_that_is_killed_is_started_again(tmp_path: Path) -> None:
    worker = child(tmp_path, SLEEP)
    worker.start()
    first = worker.pid
    assert first is not None
    assert worker.tend() == ""
    os.kill(first, signal.SIGKILL)
    said: list[str] = []

    def started_again() -> bool:
        said.append(worker.tend())
        return "worker started again." in said

    until(started_again)
    assert worker.pid != first
    assert any("killed by SIGKILL" in line for line in said)
    stop_together([worker], 3)
    assert worker.pid is None


def test_a_process_that_cannot_live_is_given_up_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_LONGEST_WAIT_SECONDS", 0.01)
    worker = child(tmp_path, "raise SystemExit('no disk')")
    worker.start()
    with pytest.raises(GaveUpError, match=r"worker ended 5 times.*worker\.log"):
        until(lambda: worker.tend() and False, seconds=20)
    assert (tmp_path / "worker.log").read_text(encoding="utf-8").count("no disk") == 5


def test_a_process_that_will_not_stop_is_killed_with_all_it_started(tmp_path: Path) -> None:
    stubborn = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    stubborn += (
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
    )
    worker = child(tmp_path, stubborn + "time.sleep(600)")
    worker.start()
    until(lambda: worker.log.read_text(encoding="ascii").strip())
    grandchild = int(worker.log.read_text(encoding="ascii"))
    began = time.monotonic()
    stop_together([worker], 0.5)
    assert time.monotonic() - began < 3
    until(lambda: not living(grandchild))


def test_children_go_when_their_parent_is_killed_with_9(tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    parent = (
        "import os, sys, time; from pathlib import Path; from dugnad.config.embedded.children import Child\n"
        f"c = Child('w', [sys.executable, '-c', {SLEEP!r}], dict(os.environ), Path({log!r}))\n"
        "c.start(); print(c.pid, flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        until(lambda: "here" in (tmp_path / "log").read_text(encoding="ascii"))
        process.kill()
    until(lambda: not living(pid))


def test_a_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    worker = child(tmp_path, "print('new')")
    worker.log.write_bytes(b"x" * 10_000_001)
    worker.start()
    until(lambda: worker.log.read_text(encoding="ascii") == "new\n")
    assert (tmp_path / "worker.1.log").stat().st_size == 10_000_001
    stop_together([worker], 3)
