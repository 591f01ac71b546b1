"""Who holds which role, where and for which services."""

from django.db import models


class Assignment(models.Model):
    """One person's role in one organisation; `service` empty means every service of that organisation."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    service = models.CharField(max_length=80, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    granted_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "organisation", "role", "service"],
                condition=models.Q(valid_to=None),
                name="one_live_assignment",
            )
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="assignment_by_role")]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"
