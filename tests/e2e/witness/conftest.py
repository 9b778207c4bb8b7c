"""The served demonstration with its door, as the desk's tests know it."""

from e2e.desk.conftest import complaints, enter, site, world

__all__ = ["complaints", "enter", "site", "world"]
