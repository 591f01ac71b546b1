"""`dugnad dmn tck`: the kit's results in a file, the counts on the terminal."""

import json
from pathlib import Path

import pytest

from dugnad.config.command import main

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="https://example.no/m">
<decision name="d"><literalExpression><text>"hello"</text></literalExpression></decision></definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"><modelName>m.dmn</modelName>
<testCase id="1"><resultNode name="d"><expected><value>hello</value></expected></resultNode></testCase>
<testCase id="2"><resultNode name="d"><expected><value>bye</value></expected></resultNode></testCase></testCases>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "kit" / "compliance-level-3" / "one"
    place.mkdir(parents=True)
    (place / "m.dmn").write_text(MODEL)
    (place / "m-test.xml").write_text(CASES)
    return tmp_path / "kit"


def test_every_result_is_written_and_counted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    results, numbers = tmp_path / "results.json", tmp_path / "numbers.json"
    assert main(["dmn", "tck", str(folder), "--results", str(results), "--numbers", str(numbers)]) == 0
    first, second = json.loads(results.read_text())
    assert first == {
        "file": "compliance-level-3/one/m-test.xml",
        "case": "1",
        "node": "d",
        "expected": "hello",
        "actual": "hello",
        "passed": True,
        "reason": "",
    }
    assert second["passed"] is False
    assert json.loads(numbers.read_text())["levels"][0]["all"] == {"passed": 1, "of": 2}
    shown = capsys.readouterr().out
    assert "level 3" in shown
    assert "1 of 2" in shown


def test_a_folder_without_cases_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["dmn", "tck", str(tmp_path / "nowhere"), "--results", str(tmp_path / "r.json")]) == 2
    assert "no test cases" in capsys.readouterr().err


def test_results_that_cannot_be_written_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["dmn", "tck", str(folder), "--results", str(tmp_path / "no" / "r.json")]) == 1
    assert "cannot be written" in capsys.readouterr().err
