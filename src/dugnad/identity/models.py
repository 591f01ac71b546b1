"""Persons as Dugnad knows them, and their sessions."""

from django.db import models


class Person(models.Model):
    """One person: the link between an identity number and our own id. Names and addresses stay in the register.

    Found only by the person, or by one who already knows the number (`dugnad.numbers`).
    """

    id = models.UUIDField(primary_key=True)
    identity_number = models.CharField(max_length=11, unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(
        max_length=4, blank=True
    )  # number of the home municipality at the last login
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Session(models.Model):
    """One login on one device. The cookie holds a secret, the row only its digest."""

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    person_id = models.UUIDField(db_index=True)
    person_name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, blank=True)
    acting_for = models.UUIDField(null=True)
    acting_for_name = models.CharField(max_length=200, blank=True)
    organisation_id = models.UUIDField(null=True)  # set: at work for this organisation
    eid_session = models.CharField(max_length=200, blank=True, db_index=True)
    level = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    interrupted = models.JSONField(null=True)  # a form that was sent after the session had run out

    def __str__(self) -> str:
        return str(self.id)


class SpentLogin(models.Model):
    """A login transaction that has been used; each may be used once."""

    transaction_id = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.transaction_id


class Attempt(models.Model):
    """How often something was tried in one window of time. The key is a digest with a salt of the day: no person, no address.

    The table is unlogged: after a crash of the database it is empty, which only means that counting begins again.
    """

    key = models.CharField(max_length=64, primary_key=True)
    window_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key
