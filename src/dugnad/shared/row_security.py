"""SQL for row-level security and grants, written the same way for every table.

`dugnad_web` and `dugnad_worker` own no table and bypass no policy. A transaction that has set neither person nor
organisation sees no rows: every policy compares with a setting, and a comparison with NULL is not true.
"""

from collections.abc import Mapping

# Written as sub-selects so that PostgreSQL reads each setting once per statement, not once per row.
PERSON = "(SELECT dugnad_person())"
ORGANISATION = "(SELECT dugnad_organisation())"
SERVICES = "(SELECT dugnad_services())"

OWN = f"person_id = {PERSON}"
STAFF = f"(organisation_id = {ORGANISATION} AND service = ANY ({SERVICES}::text[]))"
STAFF_OF_ORGANISATION = f"organisation_id = {ORGANISATION}"
# CASE and not OR: a plain filter, which leaves the planner the order of an index. So every query names its own person,
# organisation or key; the policy only checks it.
OWN_OR_STAFF = f"CASE WHEN {PERSON} IS NOT NULL THEN {OWN} ELSE {STAFF} END"
EVERYONE = "true"


def functions() -> str:
    """Return SQL that creates the functions the policies read: who asks, for which organisation and services."""
    return """
    CREATE FUNCTION dugnad_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT nullif(current_setting('dugnad.person', true), '')::uuid $$;
    CREATE FUNCTION dugnad_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT nullif(current_setting('dugnad.organisation', true), '')::uuid $$;
    CREATE FUNCTION dugnad_services() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT string_to_array(nullif(current_setting('dugnad.services', true), ''), ',') $$;
    CREATE FUNCTION dugnad_numbers() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT string_to_array(nullif(current_setting('dugnad.numbers', true), ''), ',') $$;
    CREATE FUNCTION dugnad_session() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT nullif(current_setting('dugnad.session', true), '') $$;
    CREATE FUNCTION dugnad_write_once() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION '% is write-once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO dugnad_web, dugnad_worker;
    """


def protect(
    table: str,
    *,
    grants: Mapping[str, str],
    read: str,
    write: str | None = None,
    worker_reads_all: bool = False,
    owner_writes: bool = False,
) -> str:
    """Return SQL that forces row-level security on `table` and grants exactly `grants` (role → "SELECT, INSERT").

    `read` says which rows may be seen, `write` (default: the same) which may be written. `worker_reads_all` is for
    tables that are themselves a queue: the worker claims from them across organisations. `owner_writes` is for what
    set-up loads.
    """
    check = write or read
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY read ON {table} FOR SELECT USING ({read})",
        f"CREATE POLICY add ON {table} FOR INSERT WITH CHECK ({check})",
        f"CREATE POLICY change ON {table} FOR UPDATE USING ({check}) WITH CHECK ({check})",
        f"CREATE POLICY remove ON {table} FOR DELETE USING ({check})",
    ]
    if worker_reads_all:
        statements.append(f"CREATE POLICY worker ON {table} TO dugnad_worker USING (true) WITH CHECK (true)")
    if owner_writes:
        statements.append(f"CREATE POLICY owner ON {table} TO dugnad_owner USING (true) WITH CHECK (true)")
    statements += [f"GRANT {rights} ON {table} TO {role}" for role, rights in grants.items()]
    return ";\n".join(statements) + ";"


def write_once(table: str) -> str:
    """Return SQL that refuses every UPDATE, DELETE and TRUNCATE of `table`, whoever asks."""
    return f"""
    CREATE TRIGGER write_once BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION dugnad_write_once();
    CREATE TRIGGER write_once_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION dugnad_write_once();
    """
