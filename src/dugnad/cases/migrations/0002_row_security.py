"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "cases_case",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT, INSERT, UPDATE"},
                read=rows.OWN_OR_STAFF,
            )
        ),
        migrations.RunSQL(
            rows.protect("cases_note", grants={"dugnad_web": "SELECT, INSERT"}, read=rows.STAFF)
        ),
        migrations.RunSQL(
            rows.protect(
                "cases_informationrequest",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT"},
                read=rows.OWN_OR_STAFF,
            )
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE cases_number; GRANT USAGE ON SEQUENCE cases_number TO dugnad_web, dugnad_worker"
        ),
    ]
