"""Which stamped scans were matched to which printed documents."""

from django.db import models


class Scan(models.Model):
    """A scan whose QR code named a document; its bytes are a stored document of the same hash."""

    code = models.CharField(max_length=17)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    noun = models.CharField(max_length=64)
    object_id = models.CharField(max_length=80)
    act_id = models.CharField(max_length=64)
    page = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=80)
    post = models.CharField(max_length=80)
    matched_ms = models.BigIntegerField()

    class Meta:
        """One row a document and scan."""

        constraints = (
            models.UniqueConstraint(fields=["code", "digest"], name="documents_scan_once"),
        )
        indexes = (
            models.Index(fields=["object_id", "kind", "-matched_ms"], name="documents_scan_object"),
            models.Index(fields=["digest"], name="documents_scan_digest"),
        )

    def __str__(self) -> str:
        """Return code and digest."""
        return f"{self.code} {self.digest[:8]}"
