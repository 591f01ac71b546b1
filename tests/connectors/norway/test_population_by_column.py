"""The synthetic Norway by column holds the same people as the registers, household by household."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dugnad.connectors.norway import generate
from dugnad.connectors.norway.columns import write_columns


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("norway")
    source, out = folder / "norway.sqlite", folder / "columns.duckdb"
    generate(source, persons=1_500)
    told: list[tuple[int, int]] = []
    write_columns(source, out, lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1]
    return source, out


@pytest.fixture
def columns(files: tuple[Path, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(files[1]), read_only=True) as connection:
        yield connection


def one(connection: Any, query: str) -> Any:
    return connection.execute(query).fetchone()[0]


def test_every_resident_is_there(files: tuple[Path, Path], columns: duckdb.DuckDBPyConnection):
    with closing(sqlite3.connect(files[0])) as store:
        residents = one(store, "SELECT count(*) FROM person WHERE status = 'bosatt' AND dwelling IS NOT NULL")
        places = one(store, "SELECT count(*) FROM kindergarten_place")
    assert one(columns, "SELECT count(*) FROM innbygger") == residents
    # A child whose parent shares a home with others than a partner is theirs who applies there, not listed here.
    found = one(columns, "SELECT count(DISTINCT person) FROM barn WHERE har_plass")
    assert places - places // 20 <= found <= places


def test_each_household_has_one_applicant_who_comes_first(columns: duckdb.DuckDBPyConnection):
    assert one(columns, "SELECT count(*) FROM husstand") == one(
        columns, "SELECT count(DISTINCT k) FROM husstand"
    )
    applicants = "SELECT count(*) FROM voksen JOIN husstand USING (k, person) WHERE relation = 'søker'"
    assert one(columns, applicants) == one(columns, "SELECT count(*) FROM husstand")
    assert one(columns, "SELECT max(p) FROM voksen") == 2


def test_households_lie_together_and_in_order(columns: duckdb.DuckDBPyConnection):
    for table in ("voksen", "barn"):
        rows = columns.execute(f"SELECT k, p FROM {table}").fetchall()
        assert rows == sorted(rows)


def test_income_is_in_hundredths_and_of_the_last_year(
    files: tuple[Path, Path], columns: duckdb.DuckDBPyConnection
):
    number, earned, year = columns.execute(
        "SELECT person, lønn, år FROM voksen WHERE lønn IS NOT NULL LIMIT 1"
    ).fetchone() or ("", 0, 0)
    with closing(sqlite3.connect(files[0])) as store:
        wanted = store.execute(
            "SELECT max(year), wages + business FROM income JOIN person ON id = person WHERE number = ?",
            (int(number),),
        ).fetchone()
    assert (year, earned) == (wanted[0] * 100, wanted[1] * 100)
