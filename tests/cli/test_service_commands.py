"""`dugnad check`, `test`, `publish` and `docs`: what is said of a folder that is well, and of one that is not."""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from dugnad.cli import check, publish, test
from dugnad.config import generated

PROJECT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"


def call(command: ModuleType, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(list(words))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first service, with its tailorings, to break."""
    shutil.copytree(PROJECT / "services" / SLUG, tmp_path / "services" / SLUG)
    shutil.copytree(PROJECT / "tailoring", tmp_path / "tailoring")
    return tmp_path / "services" / SLUG


def change(path: Path, how: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = how(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_a_folder_that_is_well_has_no_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(check, str(folder)) == 0
    assert "0 errors" in capsys.readouterr().out


def test_broken_yaml_is_named_with_file_line_and_column(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder / "rates.yaml", lambda text: text.replace("makspris:\n", "makspris: [\n", 1))
    assert call(check, str(folder)) == 1
    said = capsys.readouterr().out
    assert f"{folder}/rates.yaml:" in said
    line, column = said.split("rates.yaml:")[1].split(":")[:2]
    assert int(line) > 1
    assert int(column) >= 1
    assert "error" in said


def test_every_error_is_said_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(
        folder / "service.yaml",
        lambda text: text.replace("  nn: Redusert foreldrebetaling i barnehage\n", "", 1),
    )
    change(folder / "rules.yaml", lambda text: text.replace("title: {", "titel: {", 1))
    assert call(check, str(folder)) == 1
    said = capsys.readouterr().out
    assert "service.yaml:" in said
    assert "rules.yaml:" in said
    assert "'titel' is not known" in said


def test_a_misspelt_name_in_a_rule_is_found_with_a_suggestion(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "when: varig inntektsnedgng\n"
    change(folder / "rules.yaml", lambda text: text.replace("when: varig inntektsnedgang\n", wrong, 1))
    assert call(check, str(folder)) == 1
    said = capsys.readouterr().out
    assert "rules.yaml:" in said
    assert "varig inntektsnedgang" in said


@pytest.mark.parametrize("command", [check, test, publish])
def test_a_folder_that_is_not_there_is_an_answer(
    command: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(command, str(tmp_path / "ingen")) == 1
    assert "There is no" in capsys.readouterr().err


def test_the_examples_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(test, str(folder)) == 0
    said = capsys.readouterr().out
    assert "FAILED" not in said
    assert "examples came out as expected." in said


def test_a_wrong_rule_fails_its_examples_with_expected_and_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder / "rules.yaml", lambda text: text.replace("* 6 % /", "* 7 % /", 1))
    assert call(test, str(folder)) == 1
    said = capsys.readouterr().out
    assert "FAILED" in said
    assert "expected" in said
    assert "examples.yaml:" in said


def test_no_example_is_run_in_a_folder_that_does_not_load(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "facts.yaml").write_text("facts: [", encoding="utf-8")
    assert call(test, str(folder)) == 1
    said = capsys.readouterr().out
    assert "no example was run" in said
    assert "facts.yaml:" in said


def test_a_folder_with_errors_is_not_published(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder / "rules.yaml", lambda text: text.replace("* 6 % /", "* 7 % /", 1))
    assert call(publish, str(folder)) == 1  # no database is touched: this test has none
    assert "was not published" in capsys.readouterr().out


def test_the_reference_is_written_and_then_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generated, "PROJECT", tmp_path)
    monkeypatch.setattr(generated, "REFERENCE", tmp_path / "docs")
    made = {tmp_path / "docs" / "page.md": "# A page\n"}
    monkeypatch.setattr(generated, "pages", lambda: made)
    assert call(generated, "--check") == 1
    assert "docs/page.md is out of date" in capsys.readouterr().err
    assert not (tmp_path / "docs").exists()
    assert call(generated) == 0
    assert call(generated, "--check") == 0
    (tmp_path / "docs" / "page.md").write_text("# Another\n", encoding="utf-8")
    assert call(generated, "--check") == 1


def test_the_reference_tells_of_states_commands_settings_and_rules() -> None:
    pages = {path.name: text for path, text in generated.pages().items()}
    assert "review --> approval: propose" in pages["case-states.md"]
    assert "## publish" in pages["commands.md"]
    assert "DUGNAD_HOME" in pages["settings.md"]
    assert "husholdningens inntekt * 6 % / betalingsmåneder" in pages[f"rules-{SLUG}.md"]
