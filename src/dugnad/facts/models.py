"""What was fetched about a person for one purpose."""

from django.db import models


class Collection(models.Model):
    """All facts fetched for one application, each with source, validity, legal basis and time."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField(db_index=True)
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    fetched_at = models.DateTimeField()
    facts = models.JSONField()
    unavailable = models.JSONField(default=dict)  # register → reason, for those that did not answer

    def __str__(self) -> str:
        return str(self.id)
