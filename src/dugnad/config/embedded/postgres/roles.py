"""The three roles every installation has, in the embedded PostgreSQL or in any other (ADR 0002).

`dugnad_owner` owns the tables and migrates; `dugnad_web` and `dugnad_worker` own nothing. None of them is a
superuser or bypasses row-level security, and a new table is open to nobody until a migration grants it.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from dugnad.config.embedded.errors import SayError

OWNER, WEB, WORKER = ROLES = ("dugnad_owner", "dugnad_web", "dugnad_worker")
OLDEST_VERSION = 15
_SET_IS_A_RIGHT = 160000
_ATTRIBUTES = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
_LOCK = 0x6475676E6164  # "dugnad": machines that start together take turns


class DatabaseUnsuitableError(SayError):
    """The database in DATABASE_URL cannot be used as it is; the text says why and how to mend it."""


@dataclass(frozen=True)
class Addresses:
    """How each part connects: libpq addresses."""

    owner: str
    web: str
    worker: str

    def of(self, role: str) -> str:
        """Give the address of one of `ROLES`."""
        return {OWNER: self.owner, WEB: self.web, WORKER: self.worker}[role]


def ensure_roles(superuser_url: str, database: str = "dugnad") -> None:
    """Make the three login roles and `database` (owned by dugnad_owner) where missing; mend their rights.

    For a server of our own, whose socket folder is its lock: the roles have no password.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        for role in ROLES:
            _make_role(connection, role, f"LOGIN {_ATTRIBUTES}")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
            )
    with psycopg.connect(superuser_url, dbname=database, autocommit=True) as connection:
        connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
        _close_database(connection)


def addresses_of_one_login(url: str) -> Addresses:
    """Make any PostgreSQL ready through one login; say how each part connects: that login, taking its role.

    The roles are made if the login may; otherwise they must be there already and the login a member of each.

    Raises:
        DatabaseUnsuitableError: unreachable, too old, not UTF-8, or lacking rights (with the SQL to run).

    """
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.Error as error:
        raise DatabaseUnsuitableError(
            f"The database in DATABASE_URL does not answer: {_reason(error)}"
        ) from error
    with connection:
        _check_server(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            for role in ROLES:
                _make_role(connection, role, f"NOLOGIN {_ATTRIBUTES}")
                _join(connection, role)
            _close_database(connection)
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseUnsuitableError(_missing_rights(connection, _reason(error))) from error
        _check_rights(connection)
    return Addresses(*(_with_role(url, role) for role in ROLES))


def _make_role(connection: psycopg.Connection, role: str, attributes: str) -> None:
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    if row is None:
        connection.execute(sql.SQL("CREATE ROLE {} ").format(sql.Identifier(role)) + sql.SQL(attributes))
    elif row[0]:
        raise DatabaseUnsuitableError(
            f"The role {role} is a superuser or bypasses row-level security: nothing would be kept apart.\n"
            f"  ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;"
        )


def _join(connection: psycopg.Connection, role: str) -> None:
    """Let the login take `role`; since PostgreSQL 16 being a member is not enough: SET is its own right."""
    right = "SET" if connection.info.server_version >= _SET_IS_A_RIGHT else "MEMBER"
    row = connection.execute("SELECT pg_has_role(%s, %s)", [role, right]).fetchone()
    if not (row and row[0]):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def _close_database(connection: psycopg.Connection) -> None:
    """Set who may what in the database: the owner builds, the others come in, everybody else stays out."""
    database = sql.Identifier(connection.info.dbname)
    if not _may_give_rights(connection):
        return
    for statement in (
        f"GRANT CONNECT, TEMPORARY, CREATE ON DATABASE {{}} TO {OWNER}",
        f"GRANT CONNECT ON DATABASE {{}} TO {WEB}, {WORKER}",
        "REVOKE ALL ON DATABASE {} FROM PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT ALL ON SCHEMA public TO {OWNER}",
        f"GRANT USAGE ON SCHEMA public TO {WEB}, {WORKER}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE ALL ON TABLES FROM PUBLIC, {WEB}, {WORKER}",
    ):
        connection.execute(sql.SQL(statement).format(database))


def _may_give_rights(connection: psycopg.Connection) -> bool:
    """Whether the login owns the database and its public schema, or may act for who does."""
    row = connection.execute(
        """
        SELECT pg_has_role(d.datdba, 'USAGE') AND pg_has_role(n.nspowner, 'USAGE')
        FROM pg_database d, pg_namespace n WHERE d.datname = current_database() AND n.nspname = 'public'
        """
    ).fetchone()
    return bool(row and row[0])


def _check_server(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST_VERSION:
        raise DatabaseUnsuitableError(
            f"The database in DATABASE_URL is PostgreSQL {version}; Dugnad needs {OLDEST_VERSION} or newer."
        )
    row = connection.execute("SHOW server_encoding").fetchone()
    if row is None or row[0] != "UTF8":
        raise DatabaseUnsuitableError(
            "The database in DATABASE_URL does not store text as UTF-8, so names would be lost.\n"
            "  CREATE DATABASE dugnad ENCODING 'UTF8' TEMPLATE template0;"
        )


def _check_rights(connection: psycopg.Connection) -> None:
    row = connection.execute(
        f"""
        SELECT has_schema_privilege('{OWNER}', 'public', 'CREATE')
           AND has_database_privilege('{OWNER}', current_database(), 'CREATE')
           AND has_schema_privilege('{WEB}', 'public', 'USAGE')
           AND has_schema_privilege('{WORKER}', 'public', 'USAGE')
        """
    ).fetchone()
    if not (row and row[0]):
        raise DatabaseUnsuitableError(
            _missing_rights(connection, "the login may not give rights on the database")
        )


def _missing_rights(connection: psycopg.Connection, reason: str) -> str:
    login, database = connection.info.user, connection.info.dbname
    lines = [f"CREATE ROLE {role} NOLOGIN {_ATTRIBUTES};  -- if it is not there" for role in ROLES]
    lines += [
        f'GRANT {", ".join(ROLES)} TO "{login}";',
        f'GRANT CONNECT, TEMPORARY, CREATE ON DATABASE "{database}" TO {OWNER};',
        f"GRANT ALL ON SCHEMA public TO {OWNER};",
        f"GRANT USAGE ON SCHEMA public TO {WEB}, {WORKER};",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
    ]
    return (
        f"The login {login} lacks rights ({reason}). Let an administrator run this in {database}:\n"
        + "\n".join(f"  {line}" for line in lines)
    )


def _with_role(url: str, role: str) -> str:
    """`url` as an address that takes `role` from its first statement on; options already there are kept."""
    parts = conninfo_to_dict(url)
    given = str(parts.pop("options", "") or "")
    host = [str(parts.pop(name, "") or "") for name in ("user", "dbname")]
    query = {name: str(value) for name, value in parts.items() if value is not None}
    query |= {"user": host[0], "options": f"{given} -c role={role}".strip()}
    return f"postgresql:///{host[1]}?{urlencode({k: v for k, v in query.items() if v}, quote_via=quote)}"


def _reason(error: psycopg.Error) -> str:
    """Take the first line of an error: no address, password or value of a row."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0].strip() if lines else type(error).__name__
