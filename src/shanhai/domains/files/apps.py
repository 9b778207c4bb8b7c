"""Django's name for this app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件."""

    name = "shanhai.domains.files"
    label = "files"
