"""`dugnad population` as someone at a terminal meets it."""

import argparse
from pathlib import Path

import duckdb
import pytest

from dugnad.cli import population
from dugnad.connectors import norway
from dugnad.connectors.norway.population.rows import Rows


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    population.add_arguments(parser)
    return population.run(parser.parse_args(arguments))


def test_the_file_is_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new folder" / "norway.sqlite"
    assert run("--persons", "1000", "--seed", "5", "--out", str(out), "--as-of", "2027-03-01") == 0
    assert "1000 synthetic persons" in capsys.readouterr().out
    store = norway.Store(out)
    assert [store.about(key) for key in ("persons", "seed", "as_of")] == ["1000", "5", "2027-03-01"]
    store.close()


def test_by_column_too_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, columns = tmp_path / "norway.sqlite", tmp_path / "new folder" / "norway.duckdb"
    assert run("--persons", "1000", "--out", str(out), "--columns", str(columns)) == 0
    assert str(columns) in capsys.readouterr().out
    with duckdb.connect(str(columns), read_only=True) as connection:
        residents = connection.execute("SELECT count(*) FROM innbygger").fetchone()
    assert residents is not None
    assert 900 < residents[0] <= 1100  # the test persons are added, those who have died or moved out are not
    (tmp_path / "file").write_text("in the way")
    assert run("--persons", "1000", "--out", str(out), "--columns", str(tmp_path / "file" / "x.duckdb")) == 1
    assert "cannot write" in capsys.readouterr().err


def test_without_a_place_it_is_written_where_the_simulators_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUGNAD_NORWAY", raising=False)
    monkeypatch.setenv("DUGNAD_HOME", str(tmp_path))
    assert run("--persons", "1000") == 0
    monkeypatch.setenv("DUGNAD_NORWAY", str(tmp_path / "elsewhere.sqlite"))
    assert run("--persons", "1000") == 0
    assert {path.name for path in tmp_path.iterdir()} == {"norway.sqlite", "elsewhere.sqlite"}


def test_a_wrong_number_of_persons_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--persons", "3", "--out", str(tmp_path / "norway.sqlite")) == 2
    assert "between 1000 and 6000000" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run("--persons", "1000", "--out", str(tmp_path / "file" / "norway.sqlite")) == 1
    assert "cannot write" in capsys.readouterr().err


def test_stopping_leaves_the_file_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "norway.sqlite"
    assert run("--persons", "1000", "--out", str(out)) == 0
    before = out.read_bytes()

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Rows, "write", stopped)
    assert run("--persons", "1000", "--seed", "2", "--out", str(out)) == 130
    assert "as it was" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["norway.sqlite"]


@pytest.mark.parametrize("words", [("--as-of", "yesterday"), ("--persons", "many")])
def test_words_that_mean_nothing_are_refused(words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*words)
    assert stopped.value.code == 2
