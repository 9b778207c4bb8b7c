"""The tables that a restore makes at once are those that the migrations make one after another."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

import databases
from demo_world import connected_to
from shanhai.domains.continuity import tables

Shape = dict[str, Any]


def shape() -> Shape:
    """Return each table's columns and constraints, without the names and the order that history gave them."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return {name: (_columns(cursor, name), _constraints(cursor, name)) for name in names}


def _columns(cursor: Any, table: str) -> list[Any]:
    found = connection.introspection.get_table_description(cursor, table)
    return sorted(
        (one.name, one.type_code, one.display_size, one.null_ok, one.default, one.collation)
        for one in found
    )


def _constraints(cursor: Any, table: str) -> list[str]:
    found = connection.introspection.get_constraints(cursor, table).values()
    return sorted(repr(sorted(one.items(), key=lambda item: item[0])) for one in found)


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """Return the name of an empty database beside the tests' own, which is open without a transaction."""
    with databases.lent() as address:
        yield databases.name_of(address) or str(tmp_path / f"{secrets.token_hex(4)}.sqlite3")


def test_tables_made_at_once_are_those_of_the_migrations(elsewhere: str) -> None:
    migrated, applied = shape(), tables.applied()
    assert len(migrated) > len(applied)
    with connected_to(elsewhere):
        assert connection.introspection.table_names() == []
        tables.bring_to(applied)
        assert tables.applied() == applied == tables.latest()
        assert shape() == migrated


def test_a_migration_of_a_later_release_is_refused(elsewhere: str) -> None:
    with connected_to(elsewhere), pytest.raises(LookupError, match="0999_later"):
        tables.bring_to((*tables.latest(), ("funds", "0999_later")))
