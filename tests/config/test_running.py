"""One run at a time, and what a killed run leaves behind is no obstacle."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dugnad.config.embedded.postgres import Addresses
from dugnad.config.embedded.running import AlreadyRunningError, Running, announce, find_running, only_one
from dugnad.config.embedded.secret import secret_key

RUNNING = Running(4711, "http://127.0.0.1:8003", Addresses("o", "w", "k"))


def test_a_second_run_is_told_where_the_first_one_answers(tmp_path: Path) -> None:
    with only_one(tmp_path):
        announce(tmp_path, RUNNING)
        with (
            pytest.raises(AlreadyRunningError, match=r"already running at http://127\.0\.0\.1:8003 "),
            only_one(tmp_path),
        ):
            pass
        assert find_running(tmp_path) == RUNNING
    assert find_running(tmp_path) is None


def test_a_second_run_is_told_when_the_first_one_is_not_ready(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunningError, match="Wait a moment"), only_one(tmp_path):
        pass


def test_a_run_killed_with_9_holds_nothing(tmp_path: Path) -> None:
    script = (
        "import os, signal; from pathlib import Path\n"
        "from dugnad.config.embedded.running import *\n"
        "from dugnad.config.embedded.postgres import Addresses\n"
        f"home = Path({str(tmp_path)!r})\n"
        "with only_one(home):\n"
        "    announce(home, Running(os.getpid(), 'http://127.0.0.1:8000', Addresses('', '', '')))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert (tmp_path / "running.json").exists()
    assert find_running(tmp_path) is None
    with only_one(tmp_path):
        assert find_running(tmp_path) is None


def test_only_the_user_may_read_the_addresses(tmp_path: Path) -> None:
    with only_one(tmp_path):
        announce(tmp_path, RUNNING)
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600


def test_the_secret_is_made_once_and_kept_to_oneself(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "home")
    assert len(first) >= 50
    assert secret_key(tmp_path / "home") == first
    assert secret_key(tmp_path / "other") != first
    assert stat.S_IMODE((tmp_path / "home" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret"]
