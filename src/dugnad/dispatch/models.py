"""Dispatches: letters on their way, in the mailbox, and their documents."""

from django.db import models


class Dispatch(models.Model):
    """One letter to one person. The row is durable before anyone is told its id, and is itself the queue."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting"  # to be typeset and delivered
        DELIVERED = "delivered"  # in the mailbox
        FAILED = "failed"  # gave up; in the console, with its reason

    class Notice(models.TextChoices):
        """Whether the recipient was told that a letter has come."""

        NONE = "none"  # reserved, or no usable address
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    case_id = models.UUIDField(null=True)
    decision_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)  # decision, receipt, request, appeal
    title = models.CharField(max_length=200)
    search_text = models.TextField()
    content = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True)
    notice = models.CharField(max_length=7, choices=Notice.choices, default=Notice.WAITING)
    notice_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["person_id", "-id"],
                name="dispatch_inbox",
                condition=models.Q(state="delivered", archived_at=None),
            ),
            models.Index(fields=["person_id", "-id"], name="dispatch_of_person"),
            models.Index(
                fields=["person_id"],
                name="dispatch_unread",
                condition=models.Q(state="delivered", archived_at=None, opened_at=None),
            ),
            models.Index(fields=["case_id"], name="dispatch_of_case"),
            models.Index(
                fields=["organisation_id", "-id"],
                name="dispatch_stuck",
                condition=models.Q(state="failed") | models.Q(notice="failed"),
            ),
            models.Index(
                fields=["next_attempt_at"], name="dispatch_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["next_attempt_at"],
                name="dispatch_notice",
                condition=models.Q(state="delivered", notice__in=["waiting", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Document(models.Model):
    """The typeset letter (PDF/A-2a and PDF/UA-1), written once."""

    dispatch = models.OneToOneField(
        Dispatch, primary_key=True, on_delete=models.PROTECT, related_name="document"
    )
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    service = models.CharField(max_length=80)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    typeset_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.dispatch_id)
