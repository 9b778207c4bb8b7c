"""The configuration as a Django app, and two packages' apps without what they load for nothing."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No tables; registers the check of the authorisation table."""

    name = "shanhai.config"
    label = "shanhai_config"
    default = True

    def ready(self) -> None:
        """Load the table, and with it the check that it is whole."""
        from shanhai.config import access  # noqa: F401, PLC0415 - apps come first


class Cotton(AppConfig):
    """Cotton's components; its own configuration would load Django's admin, which we do not have."""

    name = "django_cotton"

    def ready(self) -> None:
        """Allow template tags in the attributes of {% cotton %}."""
        from django_cotton.nested_tag_support import (  # noqa: PLC0415 - templates come after apps
            enable_nested_tag_support,
        )

        enable_nested_tag_support()


class Partials(AppConfig):
    """Template partials; as above."""

    name = "template_partials"
