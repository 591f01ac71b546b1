"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(rows.functions()),
        migrations.RunSQL(
            rows.protect(
                "tenancy_organisation",
                grants={"dugnad_web": "SELECT", "dugnad_worker": "SELECT"},
                read=rows.EVERYONE,
                write="false",
                owner_writes=True,
            )
        ),
    ]
