"""Django's name for this app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """公文."""

    name = "shanhai.domains.documents"
    label = "documents"
