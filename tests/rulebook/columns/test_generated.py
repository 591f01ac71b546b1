"""Formulas and tables nobody thought of, grown at random, mean by column what they mean to the exact evaluator.

`DUGNAD_COLUMN_EXAMPLES=20000 DUGNAD_COLUMN_SEED=7 pytest tests/rulebook/columns/test_generated.py` tries many more, on
other applicants.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from database import Database
from dugnad.rulebook.columns import DUCKDB, POSTGRES
from dugnad.rulebook.columns.cells.whole import NotByColumn
from rulebook.columns import alike
from rulebook.columns.generating import formulas, tables
from rulebook.columns.test_columns_in_postgres import fill

EXAMPLES = int(os.environ.get("DUGNAD_COLUMN_EXAMPLES", "120"))
PEOPLE = alike.people(100, seed=int(os.environ.get("DUGNAD_COLUMN_SEED", "31")))
Run = alike.Run


@pytest.fixture(scope="module")
def in_postgres(database: Database) -> Iterator[Run]:
    with psycopg.connect(database.superuser) as opened:
        fill(opened, alike.LAYOUT, PEOPLE)

        def run(sql: str) -> list[tuple[Any, ...]]:
            # An error in one statement must not spoil the next.
            with opened.transaction():
                return opened.execute(sql).fetchall()

        yield run
        opened.rollback()


def hunt(
    strategy: SearchStrategy[Any], same: Callable[[Any], alike.Result], examples: int, *, decided: int
) -> None:
    """Compare until one differs; what is refused must be the lesser part, and so many of a hundred rows decided."""
    tally: Counter[str] = Counter()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def compared(thing: Any) -> None:
        try:
            result = same(thing)
        except NotByColumn:
            tally["refused"] += 1
            return
        tally["followed"] += 1
        tally["decided"] += result.agreed + result.unknown
        tally["doubted"] += result.doubted

    compared()
    # Wide bounds: one example in a row of alike ones may be refused or in doubt, and the next seventy like it.
    assert tally["followed"] > tally["refused"], tally
    assert tally["decided"] * (100 - decided) > tally["doubted"] * decided, tally


@pytest.fixture(scope="module")
def in_duckdb() -> Run:
    return alike.in_duckdb(PEOPLE)


def test_formulas_in_duckdb(in_duckdb: Run) -> None:
    hunt(formulas(), lambda text: alike.compare(text, PEOPLE, in_duckdb, DUCKDB), EXAMPLES, decided=25)


def test_formulas_in_postgres(in_postgres: Run) -> None:
    hunt(
        formulas(), lambda text: alike.compare(text, PEOPLE, in_postgres, POSTGRES), EXAMPLES // 2, decided=25
    )


def test_tables_in_duckdb(in_duckdb: Run) -> None:
    hunt(
        tables(),
        lambda table: alike.compare_table(table, PEOPLE, in_duckdb, DUCKDB),
        EXAMPLES // 3,
        decided=5,
    )


def test_tables_in_postgres(in_postgres: Run) -> None:
    hunt(
        tables(),
        lambda table: alike.compare_table(table, PEOPLE, in_postgres, POSTGRES),
        EXAMPLES // 5,
        decided=5,
    )
