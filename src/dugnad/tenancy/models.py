"""Organisations: municipalities, counties, state bodies and vendors."""

from django.db import models


class Organisation(models.Model):
    """Who offers services and owns cases. Public knowledge; only the owner's migrations and commands write it."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        MUNICIPALITY = "kommune"
        COUNTY = "fylkeskommune"
        STATE = "stat"
        VENDOR = "leverandør"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    code = models.CharField(
        max_length=60, unique=True
    )  # municipality or county number, or a state body's short name
    organisation_number = models.CharField(max_length=9, blank=True)
    name = models.JSONField()  # {"nb": …, "nn": …, "en": …}
    sort_key = models.CharField(max_length=120, db_index=True)
    language_form = models.CharField(max_length=2, blank=True)  # "nb", "nn"; empty: neutral
    population = models.PositiveIntegerField(default=0)
    website = models.CharField(max_length=120, blank=True)
    address = models.JSONField(default=list)  # lines as printed on a letter
    colour = models.CharField(max_length=7, default="#1b4f72")
    county = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    appeals_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.name["nb"])
