"""Databases of the test run's own on the PostgreSQL that `make test-postgres` starts; without it, SQLite in folders.

SHANHAI_TEST_DATABASE_URL says which server. What makes data folders asks here for the database of each: an address
for DATABASE_URL, or "" where the folder holds its own SQLite file.
"""

import itertools
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

import postgres_server

SERVER = os.environ.get("SHANHAI_TEST_DATABASE_URL", "")
NUMBERS = itertools.count(1)


def named(name: str) -> str:
    """Return the address of a database on the test run's server, "" where there is none."""
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl() if SERVER else ""


def name_of(address: str) -> str:
    """Return a database's name from its address."""
    return urlsplit(address).path.lstrip("/")


def create(template: str = "") -> str:
    """Make a database, empty or as a copy of another to which nobody is connected; return its address.

    Args:
        template: The address of the other.
    """
    if not SERVER:
        return ""
    name = f"own_{os.getpid()}_{next(NUMBERS)}"
    like = name_of(template) if template else "template0"
    _ask(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return named(name)


def twin(address: str) -> str:
    """Copy a database that is in use; return the copy's address, "" where there is none."""
    if not address:
        return ""
    made, programs = create(), postgres_server.find_programs()
    dumped = subprocess.run(
        [str(programs / "pg_dump"), "--dbname", address], check=True, capture_output=True
    )
    load = [str(programs / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", made]
    subprocess.run(load, input=dumped.stdout, check=True, capture_output=True)
    return made


def drop(address: str) -> None:
    """Delete a database, whoever is still connected."""
    if address:
        _ask(f'DROP DATABASE IF EXISTS "{name_of(address)}" WITH (FORCE)')


@contextmanager
def lent() -> Iterator[str]:
    """Lend an empty database for a block."""
    address = create()
    try:
        yield address
    finally:
        drop(address)


def environ_of(address: str) -> dict[str, str]:
    """Return what makes a command use that database."""
    return {"DATABASE_URL": address} if address else {}


def rows(address: str, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement on a database and return what it answers."""
    with psycopg.connect(address, autocommit=True) as connection:
        asked = connection.execute(statement.encode())
        return asked.fetchall() if asked.description else []


def _ask(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def kept_open() -> Iterator[None]:
    """Keep the end of a request from closing the connection in whose transaction a test stands.

    Django's test client does this itself; who calls the application or closes an answer asks for it.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
