"""The wall below all code: no setting, no rows; nobody but the database's owner can go round it."""

import psycopg
import pytest

# Columns that make a table one "with an organisation or a person in it".
TELLING = {"organisation_id", "person_id", "identity_number", "acting_for", "assigned_to", "author_id"}
# Tables without any such column, each with the reason why it needs no policy.
WITHOUT = {
    "audit_block": "digests of blocks of the log",
    "catalogue_version": "published services: files, public",
    "catalogue_edition": "published services with their tailoring, public",
    "django_migrations": "names of migrations",
    "identity_attempt": "counts of attempts under salted digests that name nobody",
    "identity_spentlogin": "random numbers of logins that were used",
    "jobs_failure": "number of a job and a technical reason",
    "procrastinate_events": "numbers of jobs",
    "procrastinate_jobs": "names of jobs, and ids as their arguments",
    "procrastinate_periodic_defers": "names of jobs",
    "procrastinate_workers": "heartbeats",
}


@pytest.fixture
def tables(database):
    with psycopg.connect(database.superuser) as connection:
        return {
            name: (set(columns), enabled, forced, policies)
            for name, columns, enabled, forced, policies in connection.execute(
                """SELECT c.relname, array_agg(a.attname::text), c.relrowsecurity, c.relforcerowsecurity,
                          (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
                   FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                   GROUP BY c.oid"""
            )
        }


def test_every_table_with_an_organisation_or_a_person_has_forced_policies(tables):
    bare = [
        name
        for name, (columns, enabled, forced, policies) in tables.items()
        if name not in WITHOUT and not (enabled and forced and policies)
    ]
    assert bare == []
    assert [name for name in WITHOUT if tables.get(name) and tables[name][0] & TELLING] == []


def test_the_list_of_tables_without_policies_names_only_tables_that_exist(tables):
    assert set(WITHOUT) <= set(tables)


@pytest.mark.parametrize("role", ["web", "worker"])
def test_without_a_setting_there_are_no_rows(database, tables, role, some_rows):
    seen = {}
    queues = {"audit_entry", "events_event", "dispatch_dispatch", "dispatch_document", "identity_person"}
    public = {"tenancy_organisation", "catalogue_adoption", "catalogue_tailoringversion"}
    with psycopg.connect(getattr(database, role), autocommit=True) as connection:
        for name in set(tables) - set(WITHOUT) - public - (queues if role == "worker" else set()):
            try:
                seen[name] = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            except psycopg.errors.InsufficientPrivilege:
                seen[name] = 0
    assert {name: count for name, count in seen.items() if count} == {}


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_application_owns_nothing_and_bypasses_nothing(database, role):
    with psycopg.connect(getattr(database, role)) as connection:
        powers = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        ).fetchone()
    assert powers == (False, False, False, False)
    assert owned == (0,)


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize(
    "table",
    [
        "audit_entry",
        "events_event",
        "decisions_decision",
        "dispatch_document",
        "audit_block",
        "catalogue_tailoringversion",
    ],
)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_is_written_once_stays(database, role, table, change):
    columns = {
        "audit_entry": "action",
        "events_event": "type",
        "decisions_decision": "digest",
        "catalogue_tailoringversion": "text",
    }
    column = columns.get(table, "digest")
    with (
        psycopg.connect(getattr(database, role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(change.format(table, column, column))


@pytest.mark.parametrize("table", ["audit_entry", "decisions_decision"])
def test_not_even_the_owner_changes_a_row_by_mistake(database, table, some_rows):
    with psycopg.connect(database.superuser) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(f"DELETE FROM {table}")


@pytest.fixture
def some_rows(database, django_db_setup):
    """One row in each kind of table, so that "no rows" means hidden and not empty."""
    person, organisation, other = (f"00000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
    now = "2026-11-20T12:00:00Z"
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        run = connection.execute
        run(
            """INSERT INTO tenancy_organisation (id, kind, code, organisation_number, name, sort_key, language_form,
               population, website, address, colour) VALUES (%s, 'kommune', 'x', '', '{}', '', '', 0, '', '[]', '#000000')""",
            [organisation],
        )
        run(
            "INSERT INTO identity_person (id, identity_number, name, language, municipality, created_at)"
            " VALUES (%s, '00000000000', '', '', '', %s)",
            [person, now],
        )
        run(
            """INSERT INTO audit_entry (at, action, is_look, actor, actor_name, organisation_id, service, person_id, purpose,
               detail) VALUES (%s, 'a', false, 'x', '', %s, 's', %s, '', '{}')""",
            [now, organisation, person],
        )
        run(
            """INSERT INTO decisions_decision (id, case_id, number, person_id, organisation_id, service, edition, engine, date,
               facts, outcome, digest, summary, automatic, decided_by, approved_by, reasons, decided_at)
               VALUES (%s, %s, 1, %s, %s, 's', '', '', '2026-11-20', '', '', '', '{}', true, '', '', '', %s)""",
            [other, other, person, organisation, now],
        )
        run(
            """INSERT INTO cases_case (id, number, kind, person_id, person_name, name_key, organisation_id, service, edition,
               status, on_desk, stops, assigned_name, grounds, is_late, opened_at, changed_at, due)
               VALUES (%s, '1/1', 'application', %s, '', '', %s, 's', '', 'review', true, '[]', '', '', false, %s, %s,
                       '2026-12-20')""",
            [other, person, organisation, now, now],
        )
    yield
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "TRUNCATE tenancy_organisation, identity_person, audit_entry, decisions_decision, cases_case CASCADE"
        )
