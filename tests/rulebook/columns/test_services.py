"""Whole services by column: for every applicant what the exact evaluator says, or a doubt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

from dugnad.catalogue.checking import load_folder, tailorings_of
from dugnad.catalogue.types import LoadedService, Tailoring
from dugnad.rulebook.columns.cells.target import DUCKDB
from dugnad.rulebook.columns.service.compiling import WANTED, Asked
from dugnad.rulebook.columns.service.statement import RESULT, ServiceColumns, compile_service
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.located import Place
from dugnad.rulebook.rules.source import Text
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
def compiled(
    folder: Path, applied: date | None, *, everyone: bool = True, wants: frozenset[str] = WANTED
) -> ServiceColumns:
    service, tailorings = loaded(folder)
    patches = {code: tailoring.patch for code, tailoring in tailorings.items()}
    given = {} if applied is None else {"søknadsdato": applied}
    asked = Asked(service.ruleset(), ON, patches, given=given, everyone=everyone, wants=wants)
    return compile_service(asked, DUCKDB)


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


WITH_ITEMS = [folder for folder in FOLDERS if loaded(folder)[0].ruleset().source.each_over is not None]


@cache
def _mixed(folder: Path) -> tuple[list[dict[str, Value]], duckdb.DuckDBPyConnection]:
    applicants = Mixer(loaded(folder)[0], seed=23).applicants(500)
    connection = duckdb.connect()
    fill(connection, compiled(folder, ON).layout, applicants)
    return applicants, connection


@pytest.mark.parametrize("folder", WITH_ITEMS, ids=lambda one: one.name)
def test_only_those_are_left_out_who_have_nothing_to_be_decided_for(folder: Path):
    applicants, connection = _mixed(folder)
    everyone = set(connection.execute(compiled(folder, ON).sql).fetchall())
    some = set(connection.execute(compiled(folder, ON, everyone=False).sql).fetchall())
    place, doubt = RESULT.index("p"), RESULT.index("tvil")
    assert some <= everyone
    assert all(row[doubt] for row in some if row[place] is None)
    left_out = set(range(len(applicants))) - {row[0] for row in some}
    assert left_out
    for key in left_out:
        facts = {**applicants[key], "søknadsdato": ON}
        assert not rules_of(folder, facts).decide(facts, on=ON).items


def test_a_column_there_is_not_is_refused_by_name():
    with pytest.raises(ValueError, match=r"beløp.*øre"):
        compiled(KINDERGARTEN, ON, wants=frozenset({"beløp"}))


@pytest.mark.parametrize("folder", WITH_ITEMS, ids=lambda one: one.name)
def test_the_amount_alone_is_the_same_amount(folder: Path):
    _, connection = _mixed(folder)
    whole = {(row[0], row[4]): row for row in connection.execute(compiled(folder, ON).sql).fetchall()}
    alone = connection.execute(compiled(folder, ON, everyone=False, wants=frozenset({"øre"})).sql).fetchall()
    seen = 0
    for key, doubt, outcome, stops, place, amount, start, end in alone:
        full = whole[key, place]
        assert (outcome, stops, start, end) == (None, None, None, None)
        # What is in doubt for the amount is in doubt for all; the other way round it need not be.
        assert full[1] or (not doubt and full[5] == amount)
        seen += amount is not None
    assert seen > 50


def test_before_a_rate_begins_and_between_two_of_its_values_there_is_none():
    """The maximum price has no value before 2016, in 2017-2019 and in 2021-2023."""
    columns = compiled(KINDERGARTEN, None)
    days = [date(2014, 3, 1), date(2016, 3, 1), date(2018, 3, 1), date(2020, 3, 1), date(2024, 9, 1)]
    mixed = Mixer(loaded(KINDERGARTEN)[0], seed=5).applicants(200)
    applicants = [{**facts, "søknadsdato": days[at % len(days)]} for at, facts in enumerate(mixed)]
    connection = duckdb.connect()
    fill(connection, columns.layout, applicants)
    rows = connection.execute(columns.sql).fetchall()
    tally = compare(columns, lambda facts: rules_of(KINDERGARTEN, facts), applicants, ON, rows)
    assert tally.agreed > 50
    assert tally.doubted > 50


@pytest.mark.parametrize(("price", "bounded"), [("1200", True), ("1200.01", False), ("-0.01", False)])
def test_a_price_beyond_its_bounds_is_left_to_the_exact_evaluator(price: str, bounded: bool):  # noqa: FBT001 - the case
    service, tailorings = loaded(KINDERGARTEN)
    place = Place("tailoring", 1, 1)
    patch = tailorings["4614"].patch
    beyond = replace(patch, open={**patch.open, "kommunens pris": ((date(2025, 8, 1), Text(price, place)),)})
    asked = Asked(service.ruleset(), ON, {"4614": beyond}, given={"søknadsdato": ON})
    columns = compile_service(asked, DUCKDB)
    applicants = [
        {**facts, "vår kommune": "4614"}
        for facts in Mixer(service, seed=9).applicants(120)
        if facts.get("barn")
    ]
    connection = duckdb.connect()
    fill(connection, columns.layout, applicants)
    rows = connection.execute(columns.sql).fetchall()
    item, doubt = RESULT.index("p"), RESULT.index("tvil")
    sure = [row for row in rows if row[item] is not None and not row[doubt]]
    assert bool(sure) is bounded
