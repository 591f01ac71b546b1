"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "decisions_decision",
                grants={"dugnad_web": "SELECT, INSERT", "dugnad_worker": "SELECT, INSERT"},
                read=rows.OWN_OR_STAFF,
            )
        ),
        migrations.RunSQL(rows.write_once("decisions_decision")),
    ]
