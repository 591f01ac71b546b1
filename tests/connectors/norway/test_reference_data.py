"""The frame of the synthetic Norway is the real one."""

import importlib.util
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

DATA = files("dugnad.tenancy") / "data"
REFERENCE = Path(__file__).parents[4] / "shared/reference/municipalities"


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def test_the_357_municipalities_and_15_counties_of_2025() -> None:
    municipalities, counties = read("municipalities.json"), read("counties.json")
    assert (len(municipalities), len(counties)) == (357, 15)
    assert sum(row["population"] for row in municipalities) == 5_550_203
    assert {row["county"] for row in municipalities} == {row["code"] for row in counties}
    stord = next(row for row in municipalities if row["code"] == "4614")
    assert (stord["name"], stord["language"], stord["centre"]) == ("Stord", "nn", "Leirvik")


def test_organisation_numbers_have_a_right_control_digit_and_belong_to_one_municipality() -> None:
    numbers = [row["organisation_number"] for row in read("municipalities.json")]
    known = [number for number in numbers if number is not None]
    assert len(known) == len(set(known)) == 356
    for number in known:
        weighted = sum(
            int(digit) * weight for digit, weight in zip(number, (3, 2, 7, 6, 5, 4, 3, 2), strict=False)
        )
        assert -weighted % 11 == int(number[8])


def test_only_haram_has_no_organisation_number() -> None:
    without = [row["name"] for row in read("municipalities.json") if row["organisation_number"] is None]
    assert without == ["Haram"]


def test_numbers_were_carried_over_the_reform_of_2024() -> None:
    # Lillestrøm had the number 820 710 592 under the code 3030, which became 3205.
    by_code = {row["code"]: row["organisation_number"] for row in read("municipalities.json")}
    assert by_code["3205"] == "820710592"
    changes = {(row["old"], row["new"]) for row in read("municipality_changes_2024.json")}
    assert {("3030", "3205"), ("1507", "1508"), ("1507", "1580")} <= changes


def test_every_municipality_has_a_postal_code() -> None:
    codes = read("postal_codes.json")
    assert all(len(row["code"]) == 4 and row["place"] for row in codes)
    assert {row["code"] for row in read("municipalities.json")} <= {row["municipality"] for row in codes}


def test_the_files_are_what_the_script_makes_of_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not REFERENCE.is_dir():
        pytest.skip(f"the reference material is not at {REFERENCE}")
    script = str(DATA / "prepare.py")
    spec = importlib.util.spec_from_file_location("prepare", script)
    assert spec is not None
    assert spec.loader is not None
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)
    monkeypatch.setattr(prepare, "HERE", tmp_path)
    prepare.main(REFERENCE)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (DATA / made.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 4
