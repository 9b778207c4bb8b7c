"""What only a database can get wrong: writers side by side, outer transactions, edits behind the back."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.world import World
from shanhai.acts.officer import Organisation
from shanhai.kernel.errors import Halt, StorageError
from shanhai.node.fsck import check
from shanhai.node.loop import Node, storing
from shanhai.node.rebuild import Difference, rebuild
from shanhai.node.sql import SqlStorage
from shanhai.node.sqlite import SqliteStorage, connect
from shanhai.node.tables import table_of

Maker = Callable[[], SqlStorage]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def maker(request: pytest.FixtureRequest) -> Maker:
    made: Maker = request.getfixturevalue(f"new_{request.param}")
    return made


@pytest.fixture
def world(maker: Maker) -> World:
    return World(maker())


def storage_of(world: World) -> SqlStorage:
    assert isinstance(world.node.storage, SqlStorage)
    return world.node.storage


def opened(storage: SqlStorage, world: World) -> Node:
    return Node.open(storage, lambda _: world.now)


def test_two_writers_make_one_history(maker: Maker, world: World) -> None:
    signed = world.organisations(0, 60)
    failures: list[str] = []

    def work(node: Node, part: int) -> None:
        for one in signed[part::2]:
            outcome = node.submit(one, world.now)
            if not outcome.accepted:
                failures.append(str(outcome.refusals))

    nodes = [opened(maker(), world) for _ in range(2)]
    threads = [threading.Thread(target=work, args=(n, i)) for i, n in enumerate(nodes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.node.head().size == 61
    assert check(storage_of(world), None) == []
    for node in nodes:
        node.storage.connection.close()  # type: ignore[attr-defined]  # both are databases


def test_the_same_act_by_two_writers_enters_once(maker: Maker, world: World) -> None:
    other = opened(maker(), world)
    (signed,) = world.organisations(0, 1)
    first, second = world.node.submit(signed, world.now), other.submit(signed, world.now)
    assert second.duplicate
    assert first.receipt == second.receipt
    other.storage.connection.close()  # type: ignore[attr-defined]  # a database


def test_a_cache_is_dropped_when_another_writer_moved_the_head(maker: Maker, world: World) -> None:
    other = opened(maker(), world)
    (signed,) = world.organisations(0, 1)
    assert other.storage.find(Organisation, "nobody") is None
    world.node.submit(signed, world.now)
    other.head()
    found = other.storage.find(Organisation, str(signed_subject(signed.body)))
    assert found is not None
    other.storage.connection.close()  # type: ignore[attr-defined]  # a database


def signed_subject(body: bytes) -> str:
    return body.rpartition(b'"subject":"')[2].partition(b'"')[0].decode()


def test_an_outer_transaction_decides(world: World) -> None:
    storage = storage_of(world)
    signed = world.organisations(0, 2)
    storage.connection.execute("BEGIN")
    assert world.node.submit(signed[0], world.now).accepted
    storage.connection.execute("ROLLBACK")
    assert world.node.head().size == 1
    assert storage.find(Organisation, signed_subject(signed[0].body)) is None
    storage.connection.execute("BEGIN")
    assert world.node.submit(signed[1], world.now).accepted
    storage.connection.execute("COMMIT")
    assert world.node.head().size == 2
    assert check(storage, None) == []


def test_a_database_error_halts_and_writes_nothing(world: World) -> None:
    storage = storage_of(world)
    storage.connection.execute('ALTER TABLE "timeline" RENAME TO "away"')
    with pytest.raises(StorageError, match=r"storage\.failed"):
        world.node.submit_many(world.organisations(0, 3), world.now)
    storage.connection.execute('ALTER TABLE "away" RENAME TO "timeline"')
    assert world.node.head().size == 1
    assert all(o.accepted for o in world.node.submit_many(world.organisations(0, 3), world.now))


def test_a_failing_read_inside_a_rule_is_no_refusal(world: World) -> None:
    storage = storage_of(world)
    signed = world.organisations(0, 1)
    storage.forget()
    storage.connection.execute('ALTER TABLE "holder" RENAME TO "away"')
    with pytest.raises(StorageError):
        world.node.submit_many(signed, world.now)
    with pytest.raises(StorageError), storing():
        raise Halt("disk")


EDITS = [
    ('UPDATE "organisation" SET "name" = \'x\'', "fsck.columns"),
    ('UPDATE "organisation" SET "object" = "object" || "object"', "fsck.object"),
    ('DELETE FROM "person"', "fsck.object"),
    ('UPDATE "entry" SET "post" = \'x\' WHERE "index" = 3', "fsck.entry"),
    ('UPDATE "entry" SET "person" = \'x\' WHERE "index" = 3', "fsck.entry"),
    ('UPDATE "entry" SET "packed" = "leaf" WHERE "index" = 3', "fsck.entry"),
    ('DELETE FROM "entry" WHERE "index" = 3', "fsck.gap"),
    ('DELETE FROM "tree_node" WHERE "position" > 9', "fsck.node"),
    ('UPDATE "head" SET "time_ms" = 1', "fsck.head"),
    ('UPDATE "head" SET "rules" = 2', "fsck.head"),
    ('UPDATE "head" SET "origin" = \'x\'', "fsck.head"),
    ('UPDATE "head" SET "ledger" = \'x\'', "fsck.head"),
    ('UPDATE "head" SET "suite" = \'x\'', "suite.unknown"),
]


@pytest.mark.parametrize(("statement", "code"), EDITS)
def test_fsck_finds_an_edit(world: World, statement: str, code: str) -> None:
    world.node.submit_many(world.organisations(0, 6), world.now)
    assert check(storage_of(world), None) == []
    storage_of(world).connection.execute(statement)
    assert code in {problem.code for problem in check(storage_of(world), None)}


def test_bytes_that_are_no_text_are_found_and_never_taken_for_a_rule(world: World) -> None:
    world.node.submit_many(world.organisations(0, 2), world.now)
    storage = storage_of(world)
    broken = (b'{"id":"\xe1\xff"}',)
    for table in ("holder", "organisation"):
        storage.connection.execute(
            f'UPDATE "{table}" SET "object" = {storage.dialect.mark}',  # noqa: S608 - fixed names
            broken,
        )
    storage.forget()
    found = {problem.code for problem in check(storage, None)}
    assert {"fsck.columns", "fsck.object"} <= found
    organisation = storage.rows(table_of(Organisation))[0][0]
    with pytest.raises(Halt, match="do not decode"):
        storage.find(Organisation, organisation)
    storage.forget()
    with pytest.raises(Halt, match="do not decode"):
        storage.fetch({Organisation: {organisation}})


PROJECTIONS: list[tuple[str, str, str]] = [
    (
        'UPDATE "organisation" SET "name" = \'x\' WHERE "region" = \'510722\'',
        "organisation",
        "changed",
    ),
    ('DELETE FROM "holder"', "holder", "missing"),
    ('UPDATE "total" SET "value" = 99', "total", "changed"),
    ('DELETE FROM "timeline" WHERE "position" > 300', "timeline", "missing"),
    ('UPDATE "search" SET "text" = \'x\'', "search", "changed"),
]


@pytest.mark.parametrize(("statement", "table", "what"), PROJECTIONS)
def test_rebuild_puts_a_projection_right(
    world: World, statement: str, table: str, what: str
) -> None:
    world.node.submit_many(world.organisations(0, 4), world.now)
    storage, found = storage_of(world), list[Difference]()
    assert rebuild(storage, found.append) == 0
    storage.connection.execute(statement)
    storage.forget()
    assert rebuild(storage, found.append, write=False) > 0
    assert {(one.table, one.what) for one in found} == {(table, what)}
    rebuild(storage, found.append)
    assert rebuild(storage, found.append) == 0
    assert check(storage, None) == []


def test_sqlite_must_be_durable(new_sqlite: Callable[[], SqliteStorage]) -> None:
    storage = new_sqlite()
    storage.assert_durable()
    storage.connection.execute("PRAGMA synchronous=NORMAL")
    with pytest.raises(StorageError, match=r"not_durable"):
        storage.assert_durable()
    storage.connection.close()


def test_postgres_must_be_durable(new_postgres: Callable[[], Any]) -> None:
    storage = new_postgres()
    storage.assert_durable()
    storage.connection.execute("SET synchronous_commit TO off")
    with pytest.raises(StorageError, match=r"asynchronous"):
        storage.assert_durable()


def test_a_locked_database_is_an_answer(new_sqlite: Callable[[], SqliteStorage]) -> None:
    world = World(new_sqlite())
    storage, other = storage_of(world), new_sqlite()
    storage.connection.execute("PRAGMA busy_timeout=10")
    other.connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        world.node.submit_many(world.organisations(0, 1), world.now)
    other.connection.execute("ROLLBACK")
    assert isinstance(storage.connection, sqlite3.Connection)
    assert world.node.submit_many(world.organisations(0, 1), world.now)[0].accepted
    for one in (storage, other):
        one.connection.close()


@pytest.mark.postgres
def test_a_transaction_that_the_driver_has_yet_to_begin_is_the_callers(
    new_postgres: Callable[[], Any],
) -> None:
    world = World(new_postgres())
    connection = storage_of(world).connection
    connection.autocommit = False  # as Django's `atomic` does; nothing was asked yet
    (signed,) = world.organisations(0, 1)
    connection.rollback()
    assert world.node.submit(signed, world.now).accepted
    connection.rollback()
    assert world.node.head().size == 1
    connection.rollback()
    connection.autocommit = True


def test_a_database_that_cannot_be_opened_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"storage\.failed"):
        connect(tmp_path)
