"""Three roles that keep the application apart from its tables, in our own server and in any other."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from dugnad.config.embedded.postgres import OWNER, ROLES, WEB, WORKER, ensure_roles
from dugnad.config.embedded.postgres.roles import DatabaseUnsuitableError, addresses_of_one_login


@pytest.fixture
def name(database_server: str) -> Iterator[str]:
    """A name for a database and a login of one test; both are removed afterwards."""
    name = f"other_{uuid.uuid4().hex[:8]}"
    yield name
    with psycopg.connect(database_server, autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE IF EXISTS {name}")
        superuser.execute(f"DROP ROLE IF EXISTS {name}")


def as_login(server: str, login: str, database: str) -> str:
    return server.replace("://postgres@/postgres", f"://{login}@/{database}")


def make(server: str, name: str, *, owner: bool, right: str = "") -> str:
    with psycopg.connect(server, autocommit=True) as superuser:
        superuser.execute(sql.SQL("CREATE ROLE {} LOGIN ").format(sql.Identifier(name)) + sql.SQL(right))
        superuser.execute(f"CREATE DATABASE {name} OWNER {name if owner else 'postgres'}")
        superuser.execute(f"GRANT {', '.join(ROLES)} TO {name}")
    return as_login(server, name, name)


def test_our_own_server_lets_in_three_roles_and_the_owner_builds(database_server: str, name: str) -> None:
    ensure_roles(database_server, name)
    ensure_roles(database_server, name)
    with psycopg.connect(as_login(database_server, OWNER, name)) as owner:
        owner.execute("CREATE TABLE secret (word text)")
    for role in (WEB, WORKER):
        with psycopg.connect(as_login(database_server, role, name), autocommit=True) as connection:
            for forbidden in (
                "SELECT * FROM secret",
                "CREATE TABLE mine (x int)",
                "SET ROLE dugnad_owner",
                "SET SESSION AUTHORIZATION postgres",
                "ALTER TABLE secret DISABLE ROW LEVEL SECURITY",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(forbidden)


def test_one_login_of_any_postgresql_takes_each_role(database_server: str, name: str) -> None:
    addresses = addresses_of_one_login(make(database_server, name, owner=True))
    for role in ROLES:
        with psycopg.connect(addresses.of(role)) as connection:
            assert connection.execute("SELECT current_user, session_user").fetchone() == (role, name)
    with psycopg.connect(addresses.owner) as owner:
        owner.execute("CREATE TABLE secret (word text)")
    with psycopg.connect(addresses.web) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SELECT * FROM secret")


def test_options_in_the_address_are_kept(database_server: str, name: str) -> None:
    url = make(database_server, name, owner=True) + "&options=-c%20statement_timeout%3D1234"
    with psycopg.connect(addresses_of_one_login(url).web) as web:
        assert web.execute("SHOW statement_timeout").fetchone() == ("1234ms",)
        assert web.execute("SELECT current_user::text").fetchone() == (WEB,)


def test_a_login_without_rights_is_told_the_sql_to_run(database_server: str, name: str) -> None:
    url = make(database_server, name, owner=False)
    with pytest.raises(DatabaseUnsuitableError) as caught:
        addresses_of_one_login(url)
    lines = [line for line in str(caught.value).splitlines() if line.startswith("  ")]
    with psycopg.connect(as_login(database_server, "postgres", name), autocommit=True) as administrator:
        for line in lines:
            if not line.strip().startswith("CREATE ROLE"):  # "if it is not there": they are
                administrator.execute(line)
    assert addresses_of_one_login(url).web


@pytest.mark.parametrize(
    "url", ["postgresql://kari:hemmelig@127.0.0.1:1/x", "postgresql://kari:hemmelig@/x?host=/nowhere"]
)
def test_a_database_that_is_away_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnsuitableError, match="does not answer") as caught:
        addresses_of_one_login(url)
    assert "hemmelig" not in str(caught.value)


def test_a_database_that_is_not_utf_8_is_refused(database_server: str, name: str) -> None:
    with psycopg.connect(database_server, autocommit=True) as superuser:
        superuser.execute(
            f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
        )
    with pytest.raises(DatabaseUnsuitableError, match="UTF-8"):
        addresses_of_one_login(as_login(database_server, "postgres", name))
