"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "applications_application",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT, UPDATE"},
                read=rows.OWN_OR_STAFF,
            )
        ),
        migrations.RunSQL(
            rows.protect(
                "applications_claim",
                grants={"dugnad_web": "SELECT, INSERT, DELETE", "dugnad_worker": "SELECT, INSERT, DELETE"},
                read=rows.OWN_OR_STAFF,
            )
        ),
        migrations.RunSQL(
            rows.protect(
                "applications_attachment",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE, DELETE", "dugnad_worker": "SELECT"},
                read=rows.OWN_OR_STAFF,
            )
        ),
        migrations.RunSQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dugnad_web, dugnad_worker"),
    ]
