"""Submissions from the public. The text is sealed; no address of the sender's device is kept."""

from django.db import models

from shanhai.acts import intake
from shanhai.domains.rows import Row


class Intake(Row, of=intake.Intake):
    """Roots over submissions."""


class Submission(models.Model):
    """One complaint or objection: open facts to route it by, sealed text, and its place in a root."""

    number = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=16, db_index=True)
    noun = models.CharField(max_length=40, default="")
    target = models.CharField(max_length=80, default="", db_index=True)
    region = models.CharField(max_length=12, default="", db_index=True)
    organ = models.CharField(max_length=80, default="", db_index=True)
    received_ms = models.BigIntegerField(db_index=True)
    sealed = models.BinaryField()
    password_hash = models.CharField(max_length=128)
    leaf = models.CharField(max_length=64, unique=True)
    intake = models.CharField(max_length=80, default="", db_index=True)
    position = models.IntegerField(default=-1)
    state = models.CharField(max_length=16, default="received")
    outcome = models.CharField(max_length=80, default="")

    def __str__(self) -> str:
        """Return the receipt's number."""
        return self.number
