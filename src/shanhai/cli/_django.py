"""Make Django ready for a command that needs the data folder."""

import os
from pathlib import Path

SETTINGS = "shanhai.config.settings"


def choose(data_dir: Path | None, *, environ: dict[str, str] | None = None) -> Path:
    """Prepare the folder and the environment in which Django would stand on it; load nothing.

    Args:
        data_dir: The data folder; None takes SHANHAI_DATA_DIR, else `var/data`.
        environ: More settings, by environment name.

    Returns:
        The folder.
    """
    from shanhai.config.folder import default_data_dir, prepare

    folder = (data_dir or default_data_dir()).resolve()
    prepare(folder)
    os.environ.update({"SHANHAI_DATA_DIR": str(folder), **(environ or {})})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return folder


def ready(data_dir: Path | None, *, environ: dict[str, str] | None = None) -> Path:
    """Prepare the folder, load Django on it and bring its tables up to date; see `choose`."""
    folder = choose(data_dir, environ=environ)
    load()
    migrate()
    return folder


def load() -> None:
    """Load Django on the folder that was chosen."""
    import django

    django.setup()


def migrate() -> None:
    """Bring the tables up to date; cheap when they are, for many commands pass here."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
