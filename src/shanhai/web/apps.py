"""The Django app of the pages; it has templates and static files, and no table."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "shanhai.web"
    label = "web"

    def ready(self) -> None:
        """Let the shell show where the ledger stands."""
        from shanhai.web.slots import fill  # noqa: PLC0415 - models load after the apps

        fill()
