"""Django's name for this app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号."""

    name = "shanhai.domains.accounts"
    label = "accounts"
