"""Uploaded spreadsheets on their way to be signed, and the mappings an organisation keeps. Neither is an act."""

from typing import ClassVar

from django.db import models


class ImportBatch(models.Model):
    """One uploaded file: who brought it, what it cites, and what its reader corrected."""

    id = models.CharField(max_length=32, primary_key=True)
    person = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=200)
    suffix = models.CharField(max_length=8)
    source = models.CharField(max_length=300)
    year = models.IntegerField(default=0)
    published = models.CharField(max_length=10, default="")
    reason = models.CharField(max_length=300, default="")
    kind = models.CharField(max_length=16, default="published")
    document = models.CharField(max_length=64, default="")
    created_ms = models.BigIntegerField()

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class KeptMapping(models.Model):
    """How an organisation reads a row of headings: its own workbook is mapped once."""

    organisation = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=16)
    mapping = models.TextField()

    class Meta:
        """A row of headings is read one way."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"], name="kept_mapping_once"
            )
        ]

    def __str__(self) -> str:
        """Return the fingerprint."""
        return self.fingerprint
