"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "dispatch_dispatch",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT, INSERT, UPDATE"},
                read=rows.OWN_OR_STAFF,
                worker_reads_all=True,
            )
        ),
        migrations.RunSQL(
            rows.protect(
                "dispatch_document",
                grants={"dugnad_web": "SELECT", "dugnad_worker": "SELECT, INSERT"},
                read=rows.OWN_OR_STAFF,
                worker_reads_all=True,
            )
        ),
        migrations.RunSQL(rows.write_once("dispatch_document")),
    ]
