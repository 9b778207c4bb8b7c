"""Django's name for this app."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """The money chain: transfers, allocations, lines, budgets, contracts, claims and payments."""

    name = "shanhai.domains.funds"
    label = "funds"
