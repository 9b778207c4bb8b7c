"""Django's name for this app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Holds, findings and corrections."""

    name = "shanhai.domains.oversight"
    label = "oversight"
