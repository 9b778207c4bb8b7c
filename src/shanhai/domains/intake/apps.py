"""Django's name for this app."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Complaints and objections."""

    name = "shanhai.domains.intake"
    label = "intake"
