"""`dugnad dmn export` and `import` as someone at a terminal uses them."""

from pathlib import Path

import pytest

from dugnad.config.command import main

FEE = Path(__file__).parents[2] / "services/redusert-foreldrebetaling"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "fee.dmn"
    assert main(["dmn", "export", str(FEE), "--out", str(file)]) == 0
    return file


def test_a_service_goes_out_and_comes_back_the_same(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dmn", "import", str(model), "--into", str(tmp_path)]) == 0
    folder = tmp_path / "redusert-foreldrebetaling"
    for path in sorted(FEE.rglob("*.*")):
        assert (folder / path.relative_to(FEE)).read_text("utf-8") == path.read_text("utf-8")
    assert "Not carried over" not in capsys.readouterr().out


def test_other_files_are_not_written_over_unasked(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["dmn", "import", str(model), "--into", str(tmp_path)])
    rules = tmp_path / "redusert-foreldrebetaling/rules.yaml"
    rules.write_text("mine", "utf-8")
    assert main(["dmn", "import", str(model), "--into", str(tmp_path)]) == 1
    assert "has another rules.yaml" in capsys.readouterr().err
    assert rules.read_text("utf-8") == "mine"
    assert main(["dmn", "import", str(model), "--into", str(tmp_path), "--replace"]) == 0
    assert rules.read_text("utf-8").startswith("# The fee of each child")


def test_an_editor_that_knows_only_an_earlier_version_gets_one(tmp_path: Path) -> None:
    file = tmp_path / "fee13.dmn"
    assert main(["dmn", "export", str(FEE), "--out", str(file), "--dmn", "1.3"]) == 0
    text = file.read_text("utf-8")
    assert "https://www.omg.org/spec/DMN/20191111/MODEL/" in text
    assert "20230324" not in text
    assert main(["dmn", "import", str(file), "--into", str(tmp_path)]) == 0
    there = (tmp_path / "redusert-foreldrebetaling/rules.yaml").read_text("utf-8")
    assert there == (FEE / "rules.yaml").read_text("utf-8")


def test_to_the_terminal_without_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dmn", "export", "redusert-foreldrebetaling"]) == 0
    assert capsys.readouterr().out.startswith("<?xml")


def test_what_is_wrong_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dmn", "export", "finnes-ikke"]) == 2
    broken = tmp_path / "x.dmn"
    broken.write_text('<!DOCTYPE x [<!ENTITY a "b">]><definitions/>', "utf-8")
    assert main(["dmn", "import", str(broken), "--into", str(tmp_path)]) == 2
    assert main(["dmn", "import", str(tmp_path / "none.dmn"), "--into", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "x.dmn" in said
    assert "Traceback" not in said
