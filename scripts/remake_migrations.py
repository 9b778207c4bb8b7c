"""Make every app's first migration anew: for as long as nothing is released, one migration an app.

Needs no database; run it after a noun or table changed, and review the difference.
"""

import os
import tempfile
from pathlib import Path

DOMAINS = Path(__file__).resolve().parent.parent / "src/shanhai/domains"


def main() -> None:
    """Delete and make the migrations."""
    for path in DOMAINS.glob("*/migrations/0*.py"):
        path.unlink()
    for path in DOMAINS.glob("*/migrations/max_migration.txt"):
        path.unlink()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "SHANHAI_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "shanhai.config.settings",
        }
        import django  # noqa: PLC0415 - settings come first
        from django.core.management import call_command  # noqa: PLC0415 - after settings

        django.setup()
        call_command("makemigrations", verbosity=1)


if __name__ == "__main__":
    main()
