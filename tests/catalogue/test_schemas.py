"""Every schema is one an editor understands, and every file of the library fits its own."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dugnad.catalogue.loading import fit
from dugnad.rulebook.located import read

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted((ROOT / "services" / "schemas").glob("*.schema.json"))
TAILORINGS = sorted((ROOT / "tailoring").glob("*/*.yaml"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_is_a_schema(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(schema)
    assert schema["title"]


@pytest.mark.parametrize("path", TAILORINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_tailoring_fits_and_says_that_it_is_invented(path: Path) -> None:
    node = read(path.read_text(encoding="utf-8"), file=path.name)

    assert fit(node, "tailoring") == []
    assert node.text("invented") == "true"
    assert node.text("organisation") == path.parent.name
