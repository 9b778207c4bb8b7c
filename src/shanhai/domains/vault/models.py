"""Tables of the vault. Values are ciphertext; a record's erasure leaves commitments that nobody can open."""

from django.db import models


class Record(models.Model):
    """One object's secret, wrapped by the vault's key; erasing the row erases every value of the object."""

    object_id = models.CharField(max_length=80, primary_key=True)
    person = models.CharField(max_length=80, default="", db_index=True)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        """Return the object's id."""
        return self.object_id


class Value(models.Model):
    """One committed value: its label and committer are open, the value is encrypted."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="values")
    label = models.CharField(max_length=64)
    committer = models.CharField(max_length=80)
    commitment = models.CharField(max_length=64, unique=True)
    blind = models.CharField(max_length=64, default="", db_index=True)
    sealed = models.BinaryField()
    salt = models.BinaryField(default=bytes)
    """Sealed, and only where the commitment was made elsewhere; otherwise it follows from the record's secret."""

    def __str__(self) -> str:
        """Return the label; never the value."""
        return self.label


class Reveal(models.Model):
    """Who opened which value, when and why."""

    at_ms = models.BigIntegerField(db_index=True)
    person = models.CharField(max_length=80, db_index=True)
    post = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80, db_index=True)
    label = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Return who opened what."""
        return f"{self.person} {self.object_id} {self.label}"
