"""Submissions from the public. Text, contact, files and answers are sealed; no address of the sender is kept."""

from django.db import models

from shanhai.acts import intake
from shanhai.domains.rows import Row


class Intake(Row, of=intake.Intake):
    """Roots over submissions."""


class Submission(models.Model):
    """One complaint or objection: open facts to route it by, sealed content, and its place in a root."""

    number = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=16, db_index=True)
    noun = models.CharField(max_length=40, default="")
    target = models.CharField(max_length=80, default="", db_index=True)
    region = models.CharField(max_length=12, default="", db_index=True)
    organ = models.CharField(max_length=80, default="", db_index=True)
    concerned = models.CharField(max_length=80, default="")
    named = models.BooleanField(default=False)
    files = models.IntegerField(default=0)
    received_ms = models.BigIntegerField(db_index=True)
    sealed = models.BinaryField()
    code_hash = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64, unique=True)
    intake = models.CharField(max_length=80, default="", db_index=True)
    position = models.IntegerField(default=-1)
    state = models.CharField(max_length=16, default="received", db_index=True)

    def __str__(self) -> str:
        """Return the receipt's number."""
        return self.number


class Piece(models.Model):
    """A sealed piece of a file that came with a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="pieces")
    file = models.IntegerField()
    place = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        """Pieces are read in order."""

        unique_together = (("submission", "file", "place"),)

    def __str__(self) -> str:
        """Return where it belongs."""
        return f"{self.submission_id}/{self.file}/{self.place}"


class Step(models.Model):
    """What an officer did with a submission; the sender reads the sealed words with the receipt's code."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="steps")
    at_ms = models.BigIntegerField()
    state = models.CharField(max_length=16)
    role = models.CharField(max_length=40)
    person = models.CharField(max_length=80)
    post = models.CharField(max_length=80)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        """Return the step."""
        return f"{self.submission_id} {self.state}"
