"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "audit_entry",
                grants={"dugnad_web": "SELECT, INSERT", "dugnad_worker": "SELECT, INSERT"},
                read=f"{rows.OWN} OR {rows.STAFF_OF_ORGANISATION}",
                write=rows.EVERYONE,
                worker_reads_all=True,
            )
        ),
        migrations.RunSQL(rows.write_once("audit_entry")),
        migrations.RunSQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dugnad_web, dugnad_worker"),
        migrations.RunSQL(
            "GRANT SELECT ON audit_block TO dugnad_web; GRANT SELECT, INSERT ON audit_block TO dugnad_worker"
        ),
        migrations.RunSQL(rows.write_once("audit_block")),
    ]
