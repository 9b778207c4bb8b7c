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
