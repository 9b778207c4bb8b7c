"""The Django app of the pages; it has templates and static files, and no table."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "shanhai.web"
    label = "web"
