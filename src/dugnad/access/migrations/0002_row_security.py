"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "access_assignment",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT"},
                read=f"{rows.OWN} OR {rows.STAFF_OF_ORGANISATION}",
                write=rows.STAFF_OF_ORGANISATION,
                owner_writes=True,
            )
        ),
    ]
