"""The append-only log and the chain that seals it. No foreign keys: the log outlives what it tells of."""

from django.db import models
from django.db.models.functions import Now

from dugnad.shared.postgres import CurrentTransaction


class Entry(models.Model):
    """One change or one look. `transaction` lets the sealer know which rows can no longer be joined by others."""

    position = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction())
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now())
    action = models.CharField(max_length=60)
    is_look = models.BooleanField()
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=200, blank=True)
    organisation_id = models.UUIDField(null=True)
    service = models.CharField(max_length=80, blank=True)
    person_id = models.UUIDField(null=True)  # whose data
    case_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-position"], name="audit_of_person"),
            models.Index(fields=["organisation_id", "-position"], name="audit_of_organisation"),
            models.Index(fields=["transaction", "position"], name="audit_to_seal"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action}"


class Block(models.Model):
    """A link of the chain: the digest of all entries of the transactions `first` ≤ t < `end`, and of the link before."""

    number = models.BigIntegerField(primary_key=True)
    first_transaction = models.BigIntegerField()
    end_transaction = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"
