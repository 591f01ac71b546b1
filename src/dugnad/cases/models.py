"""Cases: what is open, who has it, and what was said about it."""

from django.db import models

from dugnad.cases.states import Status


class Case(models.Model):
    """One case (sak): an application or an appeal, in one organisation, about one person.

    `on_desk` is true while a person must act or wait; the desk's index holds just those, so that a list costs its page
    however many cases lie behind.
    """

    class Kind(models.TextChoices):
        """What opened it."""

        APPLICATION = "application"
        APPEAL = "appeal"

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True)
    decision_id = models.UUIDField(null=True)  # the latest, or the one appealed against
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=220)
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=80)
    edition = models.CharField(max_length=64)
    status = models.CharField(max_length=20, choices=Status.choices)
    on_desk = models.BooleanField()
    stops = models.JSONField(default=list)  # control points: [{"id", "law", "why": {nb, nn, en}}]
    proposal = models.JSONField(null=True)  # what a case worker proposes and an approver has yet to approve
    assigned_to = models.UUIDField(null=True)
    assigned_name = models.CharField(max_length=200, blank=True)
    grounds = models.TextField(blank=True)  # of an appeal: what the appellant says
    is_late = models.BooleanField(
        default=False
    )  # an appeal after its time limit: flagged, never refused here
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due = models.DateField()
    expected = models.DateField(
        null=True
    )  # when an answer was last said to come, where `due` could not be kept
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-id"], name="case_of_person"),
            # What the policy looks at is in the index, so that a count of the desk reads no case.
            models.Index(
                fields=["organisation", "due", "id"],
                include=["service", "person_id"],
                name="case_desk",
                condition=models.Q(on_desk=True),
            ),
            models.Index(
                fields=["organisation", "assigned_to", "due", "id"],
                include=["service", "person_id"],
                name="case_desk_assigned",
                condition=models.Q(on_desk=True),
            ),
            models.Index(fields=["organisation", "-id"], name="case_of_organisation"),
            models.Index(fields=["organisation", "name_key"], name="case_by_name"),
            models.Index(fields=["parent"], name="case_of_parent", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["application_id"], name="case_of_application"),
        ]

    def __str__(self) -> str:
        return self.number


class Note(models.Model):
    """An internal note; never shown to the resident here (access on request is a flow of its own)."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    text = models.TextField()
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class InformationRequest(models.Model):
    """What a case worker asks the resident for, by when, and the answer."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    text = models.TextField()
    asked_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    due = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
