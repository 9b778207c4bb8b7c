"""The configuration as a Django app: it only brings its checks along."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No tables; registers the check of the authorisation table."""

    name = "shanhai.config"
    label = "shanhai_config"

    def ready(self) -> None:
        """Load the table, and with it the check that it is whole."""
        from shanhai.config import access  # noqa: F401, PLC0415 - apps come first
