"""Drafts, submitted applications and what is attached to them."""

from django.db import models


class Application(models.Model):
    """One application from draft to submission. `revision` counts saves, so that two tabs notice each other."""

    class Status(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft"
        SUBMITTED = "submitted"
        WITHDRAWN = "withdrawn"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    edition = models.CharField(max_length=64)
    collection_id = models.UUIDField()
    status = models.CharField(max_length=9, choices=Status.choices)
    answers = models.JSONField(default=dict)
    disputes = models.JSONField(default=dict)  # fact → what the applicant says instead
    language = models.CharField(max_length=2)
    replaces_id = models.UUIDField(null=True)  # the application this one asks to change
    revision = models.PositiveIntegerField(default=0)
    trail = models.JSONField(
        default=dict
    )  # answer → [the revision that last changed it, the tab it came from]
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "organisation_id", "service"],
                condition=models.Q(status="draft"),
                name="one_draft",
            )
        ]
        indexes = [models.Index(fields=["person_id", "-id"], name="application_of_person")]

    def __str__(self) -> str:
        return str(self.id)


class Claim(models.Model):
    """What a live application holds: one child and period. The constraint is what stops a second application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="claims")
    person_id = models.UUIDField()  # the applicant: whose row it is
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    subject_id = models.UUIDField()  # the child
    period = models.CharField(max_length=20)  # kindergarten year, such as "2026/27"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "organisation_id", "subject_id", "period"], name="one_claim"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.period}"


class Attachment(models.Model):
    """A checked file. `content` is always a PDF (an image was made one); kept in the database, so it commits with the rest."""

    id = models.UUIDField(primary_key=True)
    application_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    question = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=226)
    pages = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["application_id"], name="attachment_of_application"),
            models.Index(fields=["case_id"], name="attachment_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)
