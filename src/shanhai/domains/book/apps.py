"""Django's name for this app."""

from django.apps import AppConfig


class BookConfig(AppConfig):
    """The ledger's own tables, and the one service that judges and submits acts."""

    name = "shanhai.domains.book"
    label = "book"
