"""Django's name for this app."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """To-dos, drafts and batch decisions of officers."""

    name = "shanhai.domains.workbench"
    label = "workbench"
