"""Run tests on PostgreSQL: start a server of the run's own, put Django's tests on it, stop it.

test_on_postgres.py                     the tests whose database is Django's, and all that are marked postgres
test_on_postgres.py tests/web/ledger …  these
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import postgres_server  # noqa: E402 - the path comes first

USUAL = (
    "tests/node",
    "tests/cli/test_postgres.py",
    "tests/api",
    "tests/domains/files",
    "tests/domains/intake",
    "tests/domains/documents",
    "tests/web/ledger",
    "tests/web/files",
    "tests/web/documents",
    "tests/web/acts",
    "tests/web/objects",
)


def main(named: list[str]) -> int:
    """Run the named tests, or the usual ones; return pytest's answer."""
    with postgres_server.serve() as dsn:
        folder = dict(part.split("=", 1) for part in dsn.split())["host"]
        url = f"postgresql://postgres@/postgres?host={folder}"
        environ = os.environ | {"SHANHAI_TEST_DATABASE_URL": url, "SHANHAI_TEST_POSTGRES": dsn}
        command = [sys.executable, "-m", "pytest", "-n", "auto", *(named or USUAL)]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
