"""Whom a test is, and that one test leaves nothing to the next."""

import psycopg
import pytest
from django.db import connection

from database import Database, Snapshot


@pytest.mark.django_db
def test_tests_are_the_role_that_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole,"
            " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("dugnad_web", False, False)


def test_a_snapshot_puts_rows_and_counters_back(database: Database) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as owner:
        owner.execute("CREATE TABLE public.pair (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text)")
        owner.execute("INSERT INTO pair (word) VALUES ('kept')")
        try:
            snapshot = Snapshot(database)
            owner.execute("UPDATE pair SET word = 'changed'")
            owner.execute("INSERT INTO pair (word) VALUES ('new')")
            snapshot.restore()
            assert owner.execute("SELECT id, word FROM pair").fetchall() == [(1, "kept")]
            assert owner.execute("INSERT INTO pair (word) VALUES ('next') RETURNING id").fetchone() == (2,)
        finally:
            owner.execute("DROP TABLE pair")


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_the_reference_rows_as_they_were(turn: int, database: Database) -> None:
    with psycopg.connect(database.superuser) as superuser:
        row = superuser.execute("SELECT count(*) > 0 FROM django_migrations").fetchone()
    assert row == (True,)
