"""`bootstrap.py`: from nothing but Python, with a sentence for what is missing."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """The script as a module that works in an empty project of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "uv.lock").write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    venv = tmp_path / ".venv"
    places = {"PROJECT": tmp_path, "HOME": tmp_path / ".dugnad", "VENV": venv, "PYTHON": venv / "bin/python"}
    for name, place in {**places, "STAMP": venv / "set-up-for", "TOOL": venv / "uv-tool"}.items():
        monkeypatch.setattr(module, name, place)
    return module


def uv_stand_in(module: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Lets every command but the making of the environment pass as done; gives the list of them."""
    real, commands = module.call, []

    def call(command: list[str], *rest: object) -> None:
        commands.append([str(word) for word in command])
        if "venv" in command:
            real(command, *rest)

    monkeypatch.setattr(module, "call", call)
    return commands


def test_an_older_python_is_told_what_to_do() -> None:
    code = f"import sys; sys.version_info = (3, 9, 2); exec(open({str(SCRIPT)!r}).read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Dugnad needs Python 3.11 or newer; this is 3.9.\n")
    assert "PYTHON=python3.12" in done.stderr


def test_set_up_once_then_not_again(bootstrap: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = uv_stand_in(bootstrap, monkeypatch)
    bootstrap.main(["setup"])
    assert [Path(command[0]).name for command in commands][-1] == "uv"
    assert commands[-1][1:4] == ["sync", "-q", "--frozen"]
    commands.clear()
    bootstrap.main(["setup"])
    assert commands == []


@pytest.mark.parametrize("change", ["other packages", "half made", "broken python", "moved"])
def test_what_is_broken_or_old_is_set_up_again(
    change: str, bootstrap: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = uv_stand_in(bootstrap, monkeypatch)
    bootstrap.main(["setup"])
    commands.clear()
    if change == "other packages":
        (bootstrap.PROJECT / "uv.lock").write_text("new", encoding="utf-8")
    elif change == "half made":
        bootstrap.STAMP.unlink()
    elif change == "broken python":
        bootstrap.PYTHON.unlink()
        bootstrap.PYTHON.symlink_to("/nowhere/python3")
    else:
        elsewhere = bootstrap.PROJECT / "elsewhere"
        elsewhere.mkdir()
        bootstrap.VENV.rename(elsewhere / ".venv")
        for name in ("uv.lock", "pyproject.toml"):
            (elsewhere / name).write_text("", encoding="utf-8")
        venv = elsewhere / ".venv"
        places = {"PROJECT": elsewhere, "VENV": venv, "PYTHON": venv / "bin/python"}
        for name, place in {**places, "STAMP": venv / "set-up-for", "TOOL": venv / "uv-tool"}.items():
            monkeypatch.setattr(bootstrap, name, place)
    bootstrap.main(["setup"])
    made_anew = any("venv" in command for command in commands)
    assert made_anew == (change in {"broken python", "moved"})
    assert commands[-1][1] == "sync"


def test_without_network_a_sentence_says_so(
    bootstrap: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "https://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(SystemExit) as caught:
        bootstrap.main(["setup"])
    assert str(caught.value).startswith("uv could not be fetched:")
    assert "needs the network" in str(caught.value)
    assert not bootstrap.STAMP.exists()


def lock_with(module: types.ModuleType, wheel: Path, digest: str) -> None:
    text = f'[[package]]\nname = "pip"\nwheels = [{{ url = "{wheel.as_uri()}", hash = "sha256:{digest}" }}]\n'
    (module.PROJECT / "uv.lock").write_text(text, encoding="utf-8")


def test_a_python_without_pip_gets_the_locked_one(bootstrap: types.ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "pip-1-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    lock_with(bootstrap, wheel, hashlib.sha256(b"wheel").hexdigest())
    folder = tmp_path / "folder"
    folder.mkdir()
    assert bootstrap.fetch_locked_pip(folder).read_bytes() == b"wheel"


def test_a_pip_that_was_changed_on_the_way_is_refused(bootstrap: types.ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "pip-1-py3-none-any.whl"
    wheel.write_bytes(b"other wheel")
    lock_with(bootstrap, wheel, hashlib.sha256(b"wheel").hexdigest())
    with pytest.raises(bootstrap.CannotSetUpError, match=r"not the one in uv\.lock"):
        bootstrap.fetch_locked_pip(tmp_path)


def test_a_folder_of_someone_else_is_said(
    bootstrap: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SystemExit, match="cannot be written by this user"):
        bootstrap.main(["setup"])
