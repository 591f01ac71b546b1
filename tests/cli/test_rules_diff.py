"""`dugnad rules diff`: what changed, in words."""

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dugnad.cli.rules import command
from dugnad.cli.rules.asked.chosen import chosen
from dugnad.cli.rules.comparing import differences

PROJECT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
SERVICE = PROJECT / "services" / SLUG
NAME = "barn.fornavn:            { type: text, from: folkeregisteret,"


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(list(words)))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the service with some texts replaced: `changed(("rules.yaml", "old", "new"))`."""

    def make(*changes: tuple[str, str, str]) -> Path:
        folder = tmp_path / "services" / SLUG
        shutil.copytree(SERVICE, folder, dirs_exist_ok=True)
        for file, old, new in changes:
            path = folder / file
            before = path.read_text(encoding="utf-8")
            assert old in before
            path.write_text(before.replace(old, new, 1), encoding="utf-8")
        return folder

    return make


def said(folder: Path) -> list[tuple[str, str, str]]:
    with chosen(str(SERVICE)) as old, chosen(str(folder)) as new:
        return [(one.part, one.name, one.what) for one in differences(old.service, new.service)]


def test_the_same_service_has_no_differences(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diff", str(SERVICE), str(SERVICE)) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_a_row_is_told_with_its_number_and_both_texts(changed: Callable[..., Path]) -> None:
    folder = changed(("rules.yaml", "| >= 3    | 100 %            |", "| >= 3    | 90 %             |"))
    assert said(folder) == [
        ("step", "søskenrabatt", "row 3 was >= 3 | 100 % | § 3a, and is >= 3 | 90 % | § 3a")
    ]


def test_new_and_lost_rows_are_told_as_such(changed: Callable[..., Path]) -> None:
    row = "|   | >= 3    | 100 %            | § 3a    |"
    two = "|   | 3       | 60 %             | § 3a    |\n      |   | >= 4    | 100 %            | § 3a    |"
    folder = changed(("rules.yaml", row, two))
    assert said(folder) == [
        ("step", "søskenrabatt", "row 3 was >= 3 | 100 % | § 3a, and is 3 | 60 % | § 3a"),
        ("step", "søskenrabatt", "row 4 is new: >= 4 | 100 % | § 3a"),
    ]


def test_formulas_rates_facts_questions_and_texts_are_each_told(changed: Callable[..., Path]) -> None:
    folder = changed(
        ("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * 5 %"),
        ("rates.yaml", "value: 642700, source: stord.kommune.no", "value: 650000, source: Lovdata"),
        ("facts.yaml", f"{NAME} law: § 3e", f"{NAME} law: § 3a"),
        ("rules.yaml", "title: { nb: Søskenmoderasjon,", "title: { nb: Søskenrabatt,"),
        ("letters/avslag.yaml", "nb: Du får ikke redusert foreldrebetaling", "nb: Søknaden er avslått"),
        ("examples.yaml", "  - name: Lav inntekt\n", "  - name: Svært lav inntekt\n"),
    )  # fmt: skip
    found = said(folder)
    assert ("fact", "barn.fornavn", "law was § 3e, and is § 3a") in found
    assert any(one[:2] == ("step", "inntektstak") and "* 5 %" in one[2] for one in found)
    assert (
        "rate",
        "grense gratis kjernetid",
        "from 2024-08-01: value was 642700, and is 650000",
    ) in found
    assert ("title", "etter søskenmoderasjon", "nb: was Søskenmoderasjon, is Søskenrabatt") in found
    assert any(one[0] == "letter" and "Søknaden er avslått" in one[2] for one in found)
    assert ("example", "Svært lav inntekt", "is new") in found
    assert ("example", "Lav inntekt", "is gone") in found


def test_what_holds_for_the_rules_as_a_whole_is_told_too(changed: Callable[..., Path]) -> None:
    folder = changed(
        ("rules.yaml", "refusals: [avslag], amount: månedsbeløp", "refusals: [], amount: reduksjon"),
        ("rules.yaml", "better: lower", "better: higher"),
        ("rules.yaml", "rates on: gjelder fra", "rates on: barnehageåret starter"),
    )  # fmt: skip
    assert said(folder) == [
        ("rules", "", "rates on was gjelder fra, and is barnehageåret starter"),
        ("result", "", "amount was månedsbeløp, and is reduksjon"),
        ("result", "", "refusals was avslag, and is nothing"),
        ("result", "", "better was lower, and is higher"),
    ]


def test_where_a_row_stands_in_the_file_is_no_difference(changed: Callable[..., Path]) -> None:
    assert (
        said(changed(("rules.yaml", "law: FOR-2005-12-16-1478\n", "# moved\n\nlaw: FOR-2005-12-16-1478\n")))
        == []
    )


def test_differences_are_written_as_data_too(
    changed: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = changed(("rates.yaml", "value: 1200, verified: false", "value: 1150, verified: false"))
    assert call("diff", str(SERVICE), str(folder), "--json") == 1
    data = json.loads(capsys.readouterr().out)
    assert data["changed"] == [
        {"part": "rate", "name": "makspris", "what": "from 2025-08-01: value was 1200, and is 1150"}
    ]
