"""`dugnad check` for people and for editors: one line a finding, or JSON in a stable form."""

import argparse
import json
from pathlib import Path
from shutil import copytree

import pytest

from dugnad.cli import check

ROOT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(ROOT / "services" / SLUG, tmp_path / "services" / SLUG)
    copytree(ROOT / "tailoring", tmp_path / "tailoring")
    return tmp_path / "services" / SLUG


def broken(folder: Path, before: str, after: str) -> None:
    path = folder / "rules.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")


def with_unused_rate(folder: Path) -> None:
    rate = "gammel sats:\n  unit: kr\n  law: § 9\n  values: [{ from: 2016-01-01, value: 5, source: lov }]\n"
    path = folder / "rates.yaml"
    path.write_text(path.read_text(encoding="utf-8") + rate, encoding="utf-8")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(words))


def test_json_has_everything_an_editor_needs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_unused_rate(folder)

    ended = run("--json", str(folder))

    told = json.loads(capsys.readouterr().out)
    assert (ended, told["schema"]) == (0, 1)
    (one,) = told["folders"]
    warnings = [finding for finding in one["findings"] if finding["severity"] == "warning"]
    assert one["counts"]["error"] == 0
    assert one["counts"]["warning"] == len(warnings) == 1
    assert set(warnings[0]) == {"file", "line", "column", "severity", "code", "what", "mend"}
    assert (warnings[0]["file"], warnings[0]["code"]) == (f"{folder}/rates.yaml", "unused")


def test_findings_are_sorted_and_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken(folder, "is: fullpris for barnet - månedsbeløp", "is: fullpris for barnet - fødselsdato")
    broken(folder, "when: barna stemmer = false", "when: barna stemmer = 0")

    ended = run("--quiet", str(folder))

    *lines, count = capsys.readouterr().out.splitlines()
    assert ended == 1
    assert count == f"{folder}: 2 errors, 0 warnings"
    numbers = [int(line.split(":")[1]) for line in lines[::2]]
    assert numbers == sorted(numbers)
    assert all(line.startswith("    ") for line in lines[1::2])


def test_warnings_fail_only_where_asked_for_and_information_never(folder: Path) -> None:
    assert run("--strict", str(folder)) == 0

    with_unused_rate(folder)
    assert run(str(folder)) == 0
    assert run("--strict", str(folder)) == 1


def test_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("/nowhere/at-all") == 1
    assert "no service folder '/nowhere/at-all'" in capsys.readouterr().err
