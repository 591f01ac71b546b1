"""Formulas nobody thought of, grown at random, mean by column what they mean to the exact evaluator.

`DUGNAD_COLUMN_EXAMPLES=20000 pytest tests/rulebook/columns/test_generated.py` tries many more.
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
from dugnad.rulebook.columns import DUCKDB, POSTGRES, Target
from dugnad.rulebook.columns.cells.whole import NotByColumn
from rulebook.columns import alike
from rulebook.columns.generating import formulas
from rulebook.columns.test_columns_in_postgres import fill

EXAMPLES = int(os.environ.get("DUGNAD_COLUMN_EXAMPLES", "150"))
PEOPLE = alike.people(100, seed=31)
Run = Callable[[str], list[tuple[Any, ...]]]


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


def hunt(strategy: SearchStrategy[str], run: Run, target: Target, examples: int) -> None:
    """Compare until one differs; what is refused must be the lesser part, and most rows decided."""
    tally: Counter[str] = Counter()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def same(text: str) -> None:
        try:
            result = alike.compare(text, PEOPLE, run, target)
        except NotByColumn:
            tally["refused"] += 1
            return
        tally["followed"] += 1
        tally["decided"] += result.agreed + result.unknown
        tally["doubted"] += result.doubted

    same()
    assert tally["followed"] > 3 * tally["refused"], tally
    assert tally["decided"] > 4 * tally["doubted"], tally


def test_in_duckdb() -> None:
    hunt(formulas(), alike.in_duckdb(PEOPLE), DUCKDB, EXAMPLES)


def test_in_postgres(in_postgres: Run) -> None:
    hunt(formulas(), in_postgres, POSTGRES, EXAMPLES // 2)
