"""The `dugnad` command answers in sentences and exit codes."""

import argparse
import io
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest
from rich.console import Console

from dugnad.config import command
from dugnad.config.command import COMMANDS, Command, main
from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.progress import ConsoleReporter


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> types.ModuleType:
    """A subcommand `planted` whose `run` a test replaces."""
    module = types.ModuleType("planted_command")
    vars(module)["add_arguments"] = lambda parser: parser.add_argument("--times", type=int, default=1)
    vars(module)["run"] = lambda arguments: arguments.times
    monkeypatch.setitem(sys.modules, "planted_command", module)
    monkeypatch.setitem(COMMANDS, "planted", Command("planted_command", "a stand-in"))
    monkeypatch.setenv("DUGNAD_HOME", str(tmp_path))
    return module


def raising(error: BaseException) -> object:
    def run(arguments: argparse.Namespace) -> int:
        raise error

    return run


def test_the_list_of_commands_is_quick_and_needs_no_django() -> None:
    code = (
        "import sys; from dugnad.config.command import main; main(['--help']); print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_an_unknown_command_gets_the_list_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rnu"]) == 2
    assert "There is no command rnu." in capsys.readouterr().err


def test_arguments_and_exit_codes_pass_through(planted: types.ModuleType) -> None:
    assert main(["planted", "--times", "2"]) == 2
    assert main(["planted"]) == 1


def test_wrong_arguments_get_code_2(planted: types.ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["planted", "--times", "many"])
    assert caught.value.code == 2
    assert "invalid int value" in capsys.readouterr().err


def test_what_stands_in_the_way_is_said_without_a_trace(
    planted: types.ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    vars(planted)["run"] = raising(SayError("The disk is full."))
    assert main(["planted"]) == 1
    assert capsys.readouterr().err == "The disk is full.\n"
    assert not (tmp_path / "logs").exists()


def test_a_fault_is_one_sentence_and_its_trace_holds_no_row(
    planted: types.ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fault = ValueError("duplicate key\nDETAIL: Key (number)=(13826711223) already exists.")
    vars(planted)["run"] = raising(fault)
    assert main(["planted"]) == 1
    said = capsys.readouterr().err
    log = (tmp_path / "logs" / "errors.log").read_text(encoding="utf-8")
    assert "dugnad planted failed: ValueError: duplicate key" in said
    assert str(tmp_path / "logs" / "errors.log") in said
    assert "Traceback" not in said
    assert "test_command.py" in log
    assert "13826711223" not in said + log


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    help_command = [sys.executable, "-m", "dugnad.config.command", "--help"]
    with subprocess.Popen(help_command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_command_with_models_describes_itself_without_a_database() -> None:
    asking = [sys.executable, "-m", "dugnad.config.command", "replay", "--help"]
    environment = {
        **os.environ,
        "DUGNAD_DATABASE_URL": "",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = subprocess.run(asking, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: dugnad replay")


def test_every_subcommand_of_the_runner_describes_itself() -> None:
    for name in ("run", "web", "migrate"):
        with pytest.raises(SystemExit) as caught:
            command.main([name, "--help"])
        assert caught.value.code == 0


def told(*, terminal: bool) -> str:
    """What a step of a thousand says that does a hundred a second."""
    now = 0.0
    words = io.StringIO()
    console = Console(file=words, force_terminal=terminal, color_system=None, width=100)
    with ConsoleReporter(console, clock=lambda: now).step("Persons", total=1000) as advance:
        for _ in range(10):
            now += 1
            advance(100)
    return words.getvalue()


def test_a_long_step_in_a_pipe_tells_count_and_time_left_every_five_seconds() -> None:
    assert told(terminal=False).splitlines() == [
        "  Persons: 200 of 1000, about 8 s left",
        "  Persons: 700 of 1000, about 3 s left",
        "  Persons: done, 1000 in 10 s",
    ]


def test_a_long_step_on_a_terminal_shows_a_bar() -> None:
    said = told(terminal=True)
    assert "━━━" in said
    assert "Persons: done, 1000 in 10 s" in said


def test_a_quick_step_says_nothing() -> None:
    words = io.StringIO()
    with ConsoleReporter(Console(file=words)).step("Organisations") as advance:
        advance(1)
    assert words.getvalue() == ""
