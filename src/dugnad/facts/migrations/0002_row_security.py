"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("facts", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "facts_collection",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT, INSERT, UPDATE"},
                read=rows.OWN_OR_STAFF,
            )
        ),
    ]
