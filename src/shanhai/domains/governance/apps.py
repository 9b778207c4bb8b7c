"""Django's name for this app."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Organisations, officers, keys, parameters and releases."""

    name = "shanhai.domains.governance"
    label = "governance"
