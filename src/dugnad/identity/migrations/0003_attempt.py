"""Counts of attempts, for rate limits that hold over all processes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_row_security")]
    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("window_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE identity_attempt SET UNLOGGED;"
            "GRANT SELECT, INSERT, UPDATE, DELETE ON identity_attempt TO dugnad_web"
        ),
    ]
