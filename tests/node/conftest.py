"""Fixtures: an empty storage of each kind."""

import itertools
import os
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


@pytest.fixture
def new_sqlite(tmp_path: Path) -> Callable[[], SqliteStorage]:
    """Return a maker of connections to one SQLite file."""

    def make() -> SqliteStorage:
        connection = connect_sqlite(tmp_path / "shanhai.sqlite3")
        create_tables(connection, SQLITE)
        return SqliteStorage(connection)

    return make


@pytest.fixture
def new_postgres(postgres_dsn: str) -> Iterator[Callable[[], PostgresStorage]]:
    """Return a maker of connections to one new PostgreSQL database."""
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(f"{postgres_dsn} dbname=postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    made: list[PostgresStorage] = []

    def make() -> PostgresStorage:
        connection = connect_postgres(f"{postgres_dsn} dbname={name}")
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
