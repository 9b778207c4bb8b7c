"""Run tests on PostgreSQL: start a server of the run's own, put Django's tests on it, stop it.

test_on_postgres.py                     every test that touches a database; with two workers half an hour
test_on_postgres.py tests/web/ledger …  these; options of pytest pass too

Copies of the demonstration are copies of a template database. Tests marked `sqlite` are left out and counted. `make test`
runs what is marked `postgres` on a server of its own: every storage and several writers at once (`tests/node`), and a
ledger that is founded, granted, backed up and restored by commands (`tests/cli/test_postgres.py`). That is where the
databases differ; pages and selectors go through Django, and are repeated here alone, for time.
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
    "tests/api",
    "tests/config",
    "tests/domains",
    "tests/web",
    "tests/cli/test_account.py",
    "tests/cli/test_demo.py",
    "tests/cli/test_intake.py",
    "tests/cli/test_openings.py",
    "tests/cli/test_postgres.py",
    "tests/cli/test_scrub.py",
    "tests/cli/test_start.py",
    "tests/e2e",
)


def main(named: list[str]) -> int:
    """Run the named tests, or the usual ones; return pytest's answer."""
    with postgres_server.serve() as dsn:
        folder = dict(part.split("=", 1) for part in dsn.split())["host"]
        url = f"postgresql://postgres@/postgres?host={folder}"
        environ = os.environ | {"SHANHAI_TEST_DATABASE_URL": url, "SHANHAI_TEST_POSTGRES": dsn}
        chosen = named if any(one.startswith("tests") for one in named) else [*named, *USUAL]
        command = [sys.executable, "-m", "pytest", "-n", "auto", "-m", "not sqlite", *chosen]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
