"""Django's name for this app."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects, their notices and lots, from declaration to archive."""

    name = "shanhai.domains.projects"
    label = "projects"
