"""Drafts and batch decisions under way; what was typed is sealed, because it is not public yet."""

from django.db import models


class Draft(models.Model):
    """One declaration or batch decision being prepared by one person; nothing of it is on the ledger."""

    id = models.CharField(max_length=32, primary_key=True)
    person = models.CharField(max_length=80)
    post = models.CharField(max_length=80)
    kind = models.CharField(max_length=16)
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=80, db_index=True)
    sealed = models.BinaryField()
    version = models.IntegerField(default=0)
    seen_size = models.BigIntegerField()
    created_ms = models.BigIntegerField()
    saved_ms = models.BigIntegerField()
    done = models.BooleanField(default=False)

    class Meta:
        """Found by their person, the latest first."""

        indexes = (
            models.Index(fields=["person", "kind", "done", "-saved_ms"], name="draft_person"),
        )

    def __str__(self) -> str:
        """Return the draft's id."""
        return self.id
