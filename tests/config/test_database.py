"""Whom a test is, and that one test leaves nothing to the next."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_are_the_role_that_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole,"
            " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("dugnad_web", False, False)
