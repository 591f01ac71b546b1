"""Published versions and who has taken them into use. Public knowledge: written by owner and administrators."""

from django.db import models


class Version(models.Model):
    """One published, immutable version of a service: its files, named by their content hash."""

    hash = models.CharField(max_length=64, primary_key=True)
    service = models.CharField(max_length=80, db_index=True)
    number = models.PositiveIntegerField()
    files = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class Edition(models.Model):
    """What a case is decided by: a version and one tailoring, named by the hash of both; immutable."""

    hash = models.CharField(max_length=64, primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    tailoring = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.hash


class TailoringVersion(models.Model):
    """One step in what an organisation has decided on a service's open places; immutable, counted from 1.

    The newest counts. `text` is the whole tailoring ("" for none), `change` what this step did (see
    `types.Change`), `decided_name` the member of staff who did it, empty where it came from the files.
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    change = models.JSONField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120)
    decided_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "service", "number"], name="one_tailoring_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.organisation_id} {self.number}"


class Adoption(models.Model):
    """A service in use by an organisation, by which edition."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=80)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "service"], name="one_adoption")]

    def __str__(self) -> str:
        return f"{self.service} {self.organisation_id}"
