"""Django's name for this app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """个人信息保险库."""

    name = "shanhai.domains.vault"
    label = "vault"
