"""An installation on SQLite needs no PostgreSQL driver."""

import subprocess
import sys

WITHOUT = """
import sys
for name in ("psycopg", "psycopg_binary"):
    sys.modules[name] = None
import shanhai.node.folder, shanhai.domains.clock, shanhai.cli.ledger, shanhai.cli.verify
"""


def test_nothing_asks_for_the_driver_on_sqlite() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
