"""What is known of a stored document; its bytes lie in the data folder under their hash."""

from django.db import models


class Document(models.Model):
    """A document named by the hash of its bytes (the ledger's hash)."""

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    uploader = models.CharField(max_length=80)
    uploaded_ms = models.BigIntegerField()
    public = models.BooleanField(default=False)
    scrubbed_ms = models.BigIntegerField(default=0)
    damaged = models.BooleanField(default=False)

    class Meta:
        """The scrub reads the longest unread first; the damaged are few."""

        indexes = (
            models.Index(fields=["scrubbed_ms", "digest"], name="document_scrubbed"),
            models.Index(fields=["uploader", "-uploaded_ms", "digest"], name="document_uploader"),
            models.Index(
                fields=["digest"], name="document_damaged", condition=models.Q(damaged=True)
            ),
        )

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class Upload(models.Model):
    """An upload under way: chunks arrive in order and can be resumed."""

    id = models.CharField(max_length=32, primary_key=True)
    uploader = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    started_ms = models.BigIntegerField()

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class Mention(models.Model):
    """An entry whose payload names a document: read from the log, made again from it at any time."""

    digest = models.CharField(max_length=64)
    index = models.BigIntegerField()
    field = models.CharField(max_length=64)
    act = models.CharField(max_length=64)
    noun = models.CharField(max_length=64)
    subject = models.CharField(max_length=80)

    class Meta:
        """Looked up by document, written once an entry and field."""

        constraints = (
            models.UniqueConstraint(fields=["digest", "index", "field"], name="files_mention_once"),
        )

    def __str__(self) -> str:
        """Return the act and field."""
        return f"{self.index} {self.act}.{self.field}"


class Reading(models.Model):
    """How far the log has been read for mentions: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Return how many entries were read."""
        return str(self.size)
