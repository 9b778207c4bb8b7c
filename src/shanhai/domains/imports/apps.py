"""Django's name for this app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Uploaded spreadsheets and the mappings that organisations keep."""

    name = "shanhai.domains.imports"
    label = "imports"
