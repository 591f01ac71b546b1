"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "events_event",
                grants={"dugnad_web": "SELECT, INSERT", "dugnad_worker": "SELECT, INSERT"},
                read=rows.OWN_OR_STAFF,
                write=rows.EVERYONE,
                worker_reads_all=True,
            )
        ),
        migrations.RunSQL(rows.write_once("events_event")),
        migrations.RunSQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dugnad_web, dugnad_worker"),
    ]
