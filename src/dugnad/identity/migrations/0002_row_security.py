"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "identity_person",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT, INSERT"},
                read="id = (SELECT dugnad_person()) OR identity_number = ANY ((SELECT dugnad_numbers())::text[])",
                owner_writes=True,
                worker_reads_all=True,
            )
        ),
        migrations.RunSQL(
            rows.protect(
                "identity_session",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE"},
                read=f"{rows.OWN} OR digest = (SELECT dugnad_session())"
                " OR eid_session = (SELECT nullif(current_setting('dugnad.eid_session', true), ''))",
            )
        ),
        # Tells row-level security which session is asked for, and returns it: with the rights of who calls.
        migrations.RunSQL(
            """
            CREATE FUNCTION dugnad_session_of(wanted text) RETURNS SETOF identity_session LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM set_config('dugnad.session', wanted, true);
                RETURN QUERY SELECT * FROM identity_session WHERE digest = wanted;
            END $$;
            GRANT EXECUTE ON FUNCTION dugnad_session_of TO dugnad_web;
            """
        ),
        migrations.RunSQL("GRANT SELECT, INSERT ON identity_spentlogin TO dugnad_web"),
    ]
