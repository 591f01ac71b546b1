"""Who may see and write which rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
        ("procrastinate", "0040_pre_retry_failed_job"),
        ("tenancy", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(
            "GRANT SELECT ON jobs_failure TO dugnad_web; GRANT SELECT, INSERT ON jobs_failure TO dugnad_worker"
        ),
        migrations.RunSQL("""GRANT SELECT, INSERT, UPDATE ON procrastinate_jobs TO dugnad_web;
            GRANT SELECT, INSERT ON procrastinate_events TO dugnad_web;
            GRANT SELECT ON procrastinate_workers TO dugnad_web;
            GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_workers,
                procrastinate_periodic_defers TO dugnad_worker"""),
        migrations.RunSQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dugnad_web, dugnad_worker"),
    ]
