"""What the policy looks at goes into the desk's indexes, in the order of the list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the two indexes of the desk anew."""

    dependencies = [("cases", "0002_row_security")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_desk"),
        migrations.RemoveIndex(model_name="case", name="case_desk_assigned"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("on_desk", True)),
                fields=["organisation", "due", "id"],
                include=["service", "person_id"],
                name="case_desk",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("on_desk", True)),
                fields=["organisation", "assigned_to", "due", "id"],
                include=["service", "person_id"],
                name="case_desk_assigned",
            ),
        ),
    ]
