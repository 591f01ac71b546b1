"""The same in PostgreSQL: formulas on random rows, and whole services."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import psycopg
import pytest

from database import Database
from dugnad.rulebook.columns import POSTGRES, RESULT, Asked, Layout, compile_service
from dugnad.rulebook.feel import parse
from rulebook.columns import alike, test_services
from rulebook.columns.mixing import Mixer, rows_of
from rulebook.columns.mixing import compare as compare_services
from rulebook.columns.test_formulas import DATES, LISTS, LOGIC, NUMBERS

APPLICANTS = alike.people(120, seed=23)
ON = date(2026, 11, 21)


@pytest.fixture(scope="module")
def connection(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.superuser) as opened:
        yield opened
        opened.rollback()


def fill(connection: psycopg.Connection[Any], layout: Layout, applicants: Sequence[dict[str, Any]]) -> None:
    """Write applicants into temporary relations, gone with the transaction."""
    rows = rows_of(layout, applicants)
    for name, create in layout.tables(POSTGRES).items():
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        connection.execute(create.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
        with connection.cursor() as cursor:
            for row in rows[name]:
                cursor.execute(f'INSERT INTO "{name}" VALUES ({", ".join(["%s"] * len(row))})', row)


@pytest.fixture(scope="module")
def run(database: Database) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    # A connection of its own: the services below write relations of the same names.
    with psycopg.connect(database.superuser) as opened:
        fill(opened, alike.LAYOUT, APPLICANTS)
        yield lambda sql: opened.execute(sql).fetchall()
        opened.rollback()


@pytest.mark.parametrize("text", [*NUMBERS, *LOGIC, *DATES, *LISTS])
def test_formulas(text: str, run: Callable[[str], list[tuple[Any, ...]]]):
    result = alike.compare(text, APPLICANTS, run, POSTGRES)
    assert result.agreed + result.unknown > 20


@pytest.mark.parametrize("text", ["word < other", "max(word, other)", "min(folk.kin)"])
def test_order_is_by_code_point_whatever_the_language_of_the_database(text: str):
    # The PostgreSQL of the tests knows no language: the statement must name its order itself.
    node = parse(text, names=alike.NAMES, dialect="dugnad")
    sql, _ = alike.translated(lambda translator, scope: translator.cell(node, scope), POSTGRES)
    assert 'COLLATE "C"' in sql


@pytest.mark.parametrize("folder", test_services.FOLDERS, ids=lambda folder: folder.name)
def test_services_too(folder: Any, connection: psycopg.Connection[Any]):
    service, tailorings = test_services.loaded(folder)
    patches = {code: tailoring.patch for code, tailoring in tailorings.items()}
    columns = compile_service(Asked(service.ruleset(), ON, patches), POSTGRES)
    applicants = Mixer(service, seed=3).applicants(80)
    fill(connection, columns.layout, applicants)
    rows = connection.execute(columns.sql).fetchall()
    tally = compare_services(
        columns, lambda facts: test_services.rules_of(folder, facts), applicants, ON, rows
    )
    assert tally.agreed > 30
    some = compile_service(Asked(service.ruleset(), ON, patches, everyone=False), POSTGRES)
    found = connection.execute(some.sql).fetchall()
    with_items = {row for row in rows if row[RESULT.index("p")] is not None or not columns.items}
    assert with_items <= set(found) <= set(rows)
