"""The outbox: what happened, written in the transaction that made it happen."""

from django.db import models

from dugnad.shared.postgres import CurrentTransaction


class Event(models.Model):
    """One CloudEvent. `sequence` counts per subject from 1 without gaps; (`transaction`, `position`) orders all."""

    position = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction())
    id = models.UUIDField(unique=True)
    subject = models.UUIDField()
    sequence = models.PositiveIntegerField()
    type = models.CharField(max_length=80)
    at = models.DateTimeField()
    organisation_id = models.UUIDField(null=True)
    service = models.CharField(max_length=80, blank=True)
    person_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "sequence"], name="event_sequence")]
        indexes = [models.Index(fields=["transaction", "position"], name="event_feed")]

    def __str__(self) -> str:
        return f"{self.type} {self.sequence}"
