"""Fixtures: an empty storage of each kind."""

import contextlib
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shanhai.acts import book  # noqa: F401 - registers every noun
from shanhai.node.memory import Memory
from shanhai.node.postgres import PostgresStorage
from shanhai.node.postgres import connect as connect_postgres
from shanhai.node.records import Storage
from shanhai.node.schema import create_tables
from shanhai.node.sqlite import SqliteStorage
from shanhai.node.sqlite import connect as connect_sqlite
from shanhai.node.tables import POSTGRES, SQLITE

NUMBERS = itertools.count(1)


def _program(name: str) -> str | None:
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(beside[-1]) if beside else shutil.which(name)


def _as_postgres(command: list[str]) -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a private server on a socket; root cannot run one, so the system's user does."""
    programs = _program("initdb"), _program("postgres")
    if None in programs:
        pytest.skip("SKIPPED: PostgreSQL is missing, apt-get install postgresql-15")
    initdb, server = (str(p) for p in programs)
    folder = tmp_path_factory.mktemp("postgres")
    root = os.geteuid() == 0
    wrap = _as_postgres if root else list
    if root:
        for one in (folder, *folder.parents[:2]):
            one.chmod(0o755)
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    made = subprocess.run(
        wrap([initdb, "-D", data, "-A", "trust", "-U", "shanhai", "-E", "UTF8", "--locale=C"]),
        check=False,
        capture_output=True,
        cwd="/",
    )
    assert made.returncode == 0, made.stderr.decode()
    log = (folder.parent / f"{folder.name}.log").open("wb")
    options = ["-c", "listen_addresses=", "-k", str(folder)]
    running = subprocess.Popen(
        wrap([server, "-D", data, *options]), stdout=log, stderr=log, cwd="/"
    )
    where = f"host={folder} user=shanhai"
    for _ in range(200):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"{where} dbname=postgres").close()
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(0.1)
    yield where
    running.terminate()
    running.wait(20)
    log.close()


@pytest.fixture
def new_sqlite(tmp_path: Path) -> Callable[[], SqliteStorage]:
    """Return a maker of connections to one SQLite file."""

    def make() -> SqliteStorage:
        connection = connect_sqlite(tmp_path / "shanhai.sqlite3")
        create_tables(connection, SQLITE)
        return SqliteStorage(connection)

    return make


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[Callable[[], PostgresStorage]]:
    """Return a maker of connections to one new PostgreSQL database."""
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # a fixed name
    made: list[PostgresStorage] = []

    def make() -> PostgresStorage:
        connection = connect_postgres(f"{postgres_server} dbname={name}")
        create_tables(connection, POSTGRES)
        made.append(PostgresStorage(connection))
        return made[-1]

    yield make
    for storage in made:
        storage.connection.close()


KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def storage(request: pytest.FixtureRequest) -> Iterator[Storage]:
    """Return an empty storage of each kind in turn."""
    if request.param == "memory":
        yield Memory()
        return
    made = request.getfixturevalue(f"new_{request.param}")()
    yield made
    made.connection.close()
