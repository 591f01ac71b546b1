"""Decisions: written once, with everything needed to make them again."""

from django.db import models


class Decision(models.Model):
    """One decision (vedtak). Never changed: a new view of the matter is a new decision."""

    id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    number = models.PositiveIntegerField()  # 1, 2 … within the case
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    edition = models.CharField(max_length=64)
    engine = models.CharField(max_length=40)
    date = models.DateField()  # the date the rules were applied for
    facts = models.BinaryField()  # canonical JSON: the input, with sources
    outcome = models.BinaryField()  # canonical JSON: results, law, trace
    digest = models.CharField(max_length=64)  # sha256 of edition, engine, date, facts and outcome
    summary = models.JSONField()  # what pages show without reading the trace
    automatic = models.BooleanField()
    decided_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120, blank=True)
    reasons = models.TextField(blank=True)  # a person's own reasons
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "number"], name="decision_number")]

    def __str__(self) -> str:
        return str(self.id)
