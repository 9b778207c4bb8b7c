"""Which registered person a user account belongs to."""

from django.conf import settings
from django.db import models


class Account(models.Model):
    """Ties a sign-in to a person on the ledger; the person's posts say what they may do."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account"
    )
    person = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80, default="")

    def __str__(self) -> str:
        """Return the person's id."""
        return self.person
