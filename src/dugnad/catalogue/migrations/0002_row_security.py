"""Who may see and write which rows."""

from django.db import migrations

from dugnad.shared import row_security as rows


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            rows.protect(
                "catalogue_adoption",
                grants={"dugnad_web": "SELECT, INSERT, UPDATE", "dugnad_worker": "SELECT"},
                read=rows.EVERYONE,
                write=rows.STAFF_OF_ORGANISATION,
                owner_writes=True,
            )
        ),
        migrations.RunSQL(
            rows.protect(
                "catalogue_tailoringversion",
                grants={"dugnad_web": "SELECT, INSERT", "dugnad_worker": "SELECT"},
                read=rows.EVERYONE,
                write=rows.STAFF_OF_ORGANISATION,
                owner_writes=True,
            )
        ),
        migrations.RunSQL(rows.write_once("catalogue_tailoringversion")),
        migrations.RunSQL(
            "GRANT SELECT ON catalogue_version, catalogue_edition TO dugnad_web, dugnad_worker"
        ),
        # An edition is named by the hash of its content and read only where both agree: one more harms nobody.
        migrations.RunSQL("GRANT INSERT ON catalogue_edition TO dugnad_web"),
        migrations.RunSQL(rows.write_once("catalogue_version")),
        migrations.RunSQL(rows.write_once("catalogue_edition")),
    ]
