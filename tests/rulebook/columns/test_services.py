"""Whole services by column: for every applicant what the exact evaluator says, or a doubt."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

from dugnad.catalogue.checking import load_folder, tailorings_of
from dugnad.catalogue.types import LoadedService, Tailoring
from dugnad.rulebook.columns.cells.target import DUCKDB
from dugnad.rulebook.columns.service.compiling import Asked
from dugnad.rulebook.columns.service.statement import ServiceColumns, compile_service
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.ruleset import Ruleset
from rulebook.columns.mixing import Mixer, compare, fill

PROJECT = Path(__file__).parents[3]
KINDERGARTEN = PROJECT / "services" / "redusert-foreldrebetaling"
FOLDERS = [
    KINDERGARTEN,
    *sorted(path for path in (PROJECT / "bench" / "services").glob("*") if path.is_dir()),
]
ON = date(2026, 11, 21)


@cache
def loaded(folder: Path) -> tuple[LoadedService, dict[str, Tailoring]]:
    service = load_folder(folder)
    return service, tailorings_of(service, PROJECT / "tailoring")[0]


@cache
def compiled(folder: Path, applied: date | None) -> ServiceColumns:
    service, tailorings = loaded(folder)
    patches = {code: tailoring.patch for code, tailoring in tailorings.items()}
    given = {} if applied is None else {"søknadsdato": applied}
    return compile_service(Asked(service.ruleset(), ON, patches, given=given), DUCKDB)


def rules_of(folder: Path, facts: Mapping[str, Value]) -> Ruleset:
    service, tailorings = loaded(folder)
    return service.ruleset(tailorings.get(str(facts.get("vår kommune"))))


CASES = [(folder, applied) for folder in FOLDERS for applied in (None, ON)] + [
    (KINDERGARTEN, date(2024, 8, 15))
]


@pytest.mark.parametrize(("folder", "applied"), CASES, ids=lambda one: getattr(one, "name", str(one)))
def test_everyone_gets_what_the_exact_evaluator_says(folder: Path, applied: date | None):
    columns = compiled(folder, applied)
    applicants = Mixer(loaded(folder)[0], seed=11).applicants(300)
    connection = duckdb.connect()
    fill(connection, columns.layout, applicants)
    rows = connection.execute(columns.sql).fetchall()
    tally = compare(columns, lambda facts: rules_of(folder, facts), applicants, ON, rows)
    assert tally.agreed > 150
    assert len(tally.outcomes) > 1
