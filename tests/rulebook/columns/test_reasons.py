"""What no column can follow is named with its place and the reason, and is no error."""

from pathlib import Path

import pytest

from dugnad.catalogue.checking import check_folder, load_folder
from dugnad.rulebook.columns import reasons

PROJECT = Path(__file__).parents[3]
KINDERGARTEN = PROJECT / "services" / "redusert-foreldrebetaling"
FOLDERS = [
    KINDERGARTEN,
    *sorted(path for path in (PROJECT / "bench" / "services").glob("*") if path.is_dir()),
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_these_services_are_followed_whole(folder: Path):
    assert reasons(load_folder(folder).ruleset()) == ()


@pytest.mark.parametrize(
    ("formula", "reason", "mend"),
    [
        ("sum(for i in 1..antall personer return i * 2)", "a loop whose ends are not written out", "31"),
        ("sum(for i in 1..1000 return i * beregnet støtte)", "a loop of more than 31 turns", "31"),
        ("sqrt(beregnet støtte)", "sqrt() has no equal in SQL", "count()"),
        ("husholdning[personinntekt > 1][2].personinntekt", "neither the first nor the last", "max()"),
        ("median(husholdning.personinntekt)", "median() has no equal in SQL", "count()"),
        ("beregnet støtte * (1 / (1 - 1))", "Division by zero", "a person must decide"),
        ('number(replace("12", "1", "2")) + beregnet støtte ** antall personer', "power", "at most 12"),
        (
            "sum(sort(husholdning, function(a, b) true).personinntekt)",
            "A function written",
            "a step of its own",
        ),
    ],
)
def test_the_reason_stands_where_the_formula_stands(tmp_path: Path, formula: str, reason: str, mend: str):
    folder = _changed(tmp_path, formula)
    (finding,) = reasons(load_folder(folder).ruleset())
    line = (folder / "rules.yaml").read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert reason in finding.what
    assert mend in finding.mend
    assert formula.strip() in line
    assert finding.severity == "information"


def test_check_tells_it_as_good_to_know(tmp_path: Path):
    folder = _changed(tmp_path, "sqrt(beregnet støtte * beregnet støtte)")
    told = [one for one in check_folder(folder, information=True) if one.code == "columns"]
    assert [one.severity for one in told] == ["information"]
    assert not [one for one in check_folder(folder) if one.code == "columns"]


def _changed(tmp_path: Path, formula: str) -> Path:
    """The housing service with one more step."""
    source = PROJECT / "bench" / "services" / "stotte-til-bolig"
    folder = tmp_path / "stotte-til-bolig"
    for path in source.rglob("*"):
        if path.is_file():
            made = folder / path.relative_to(source)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    step = f"\n  et steg til:\n    law: § 9\n    unit: kr/måned\n    is: {formula}\n\nresult:"
    rules.write_text(text.replace("\nresult:", step), encoding="utf-8")
    return folder
