"""Django's name for this app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BookConfig(AppConfig):
    """The ledger's own tables, and the one service that judges and submits acts."""

    name = "shanhai.domains.book"
    label = "book"

    def ready(self) -> None:
        """Load every app's lists."""
        autodiscover_modules("listings")
