"""Why jobs failed; the jobs themselves are procrastinate's."""

from django.db import models


class Failure(models.Model):
    """One failed attempt of one job. `reason` is technical and holds no personal data."""

    job_id = models.BigIntegerField(db_index=True)
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.job_id} {self.reason}"
