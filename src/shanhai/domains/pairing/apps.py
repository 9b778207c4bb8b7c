"""Django's name for this app."""

from django.apps import AppConfig


class PairingConfig(AppConfig):
    """Pairs of regions and their annual agreements."""

    name = "shanhai.domains.pairing"
    label = "pairing"
