"""A PostgreSQL server of the test run's own, in a temporary folder, reached by a socket in it.

The folder is in memory where there is room: every test of a demonstration makes a database and drops it, and both
wait for the disk.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OPTIONS = "-c listen_addresses= -c max_connections=100 -c autovacuum=off -c jit=off -c wal_level=minimal -c max_wal_senders=0"
"""No background work: each database lives for one test. `fsync` stays on, for the platform refuses to run without."""
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108 - a folder of its own is made in it


@contextmanager
def serve() -> Iterator[str]:
    """Start a server and yield a libpq connection string without database; stop and delete it afterwards.

    PostgreSQL refuses to run as root, so root starts it as `postgres` or `nobody`.

    Raises:
        FileNotFoundError: If no PostgreSQL server is installed.
    """
    programs = find_programs()
    user = _servant() if os.geteuid() == 0 else None
    folder = tempfile.mkdtemp(prefix="shanhai-pg-", dir=_where())
    if user is not None:
        shutil.chown(folder, user)
    control = [str(programs / "pg_ctl"), "-D", f"{folder}/data", "-w", "-s", "-l", f"{folder}/log"]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)

    try:
        run(
            str(programs / "initdb"),
            "-D",
            f"{folder}/data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        )
        run(*control, "-o", f"-k {folder} {OPTIONS}", "start")
        yield f"host={folder} user=postgres"
        run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _where() -> Path:
    """Return where the server's folder goes; a socket's path must be short, so not below a test's own."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else Path("/tmp")  # noqa: S108 - as above


def find_programs() -> Path:
    """Return the folder with `initdb`, the newest version's."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parent.name))
    found = shutil.which("initdb")
    if not folders and found is None:
        raise FileNotFoundError("no PostgreSQL server: apt-get install postgresql")
    return folders[-1] if folders else Path(found or "").parent


def _servant() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
