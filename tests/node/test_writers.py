"""Several processes write at once: of what collides one enters, and the ledger verifies afterwards."""

import io
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from node.world import World, made_id
from node.writers import write
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.kernel.errors import StorageError
from shanhai.ledger.checkpoint import Checkpoint, sign_note
from shanhai.ledger.logfile import log_chunks, make_header
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node import schema
from shanhai.node.admission import Signed
from shanhai.node.fsck import check
from shanhai.node.grants import APPEND_ONLY, excess, grants
from shanhai.node.loop import Node, storing
from shanhai.node.postgres import PostgresStorage, connect
from shanhai.node.rebuild import rebuild
from shanhai.node.sql import SqlStorage
from shanhai.node.verify import Trust, verify_log

WRITERS, CODES, ALONE = 3, 10, 4
Maker = Callable[[], SqlStorage]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def maker(request: pytest.FixtureRequest) -> Maker:
    made: Maker = request.getfixturevalue(f"new_{request.param}")
    return made


def where(storage: SqlStorage, tmp_path: Path) -> str:
    """Return how another process finds the database."""
    if isinstance(storage, PostgresStorage):
        return str(storage.connection.info.dsn)
    return str(tmp_path / "shanhai.sqlite3")


def colliding(world: World) -> list[list[Signed]]:
    """Sign, for each writer, organisations whose codes the others register too, and some of its own."""
    acts: list[list[Signed]] = []
    for writer in range(WRITERS):
        codes = [*range(CODES), *(1000 * (writer + 1) + n for n in range(ALONE))]
        acts.append(
            [
                world.signed(
                    RegisterOrganisation(
                        name=f"模拟合作社{writer}之{code}",
                        kind=OrganisationKind.COOPERATIVE,
                        region="510722",
                        code=f"{code:018d}",
                    ),
                    made_id("org", 10_000 * (writer + 1) + code),
                )
                for code in codes
            ]
        )
    return acts


def test_of_what_collides_one_enters_and_the_ledger_verifies(maker: Maker, tmp_path: Path) -> None:
    world = World(maker())
    storage = world.node.storage
    assert isinstance(storage, SqlStorage)
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(WRITERS), context.Queue()
    told = where(storage, tmp_path)
    writers = [
        context.Process(target=write, args=(told, acts, world.now, start, answers))
        for acts in colliding(world)
    ]
    for one in writers:
        one.start()
    found = [answers.get(timeout=300) for _ in writers]
    for one in writers:
        one.join()
    accepted = sum(ok for outcomes in found for ok, _ in outcomes)
    refused = [codes for outcomes in found for ok, codes in outcomes if not ok]
    assert accepted == CODES + WRITERS * ALONE
    assert refused == [["object.taken"]] * (CODES * (WRITERS - 1))
    assert world.node.head().size == accepted + 1
    assert check(storage, None) == []
    assert rebuild(storage, print, write=False) == 0
    assert verified(world.node) == accepted + 1


def verified(node: Node) -> int:
    """Export and verify the log with every signature and rule; return its size."""
    head, known = node.head(), node.constants
    packed = list(node.storage.packed(0, head.size))
    checkpoint = Checkpoint(known.origin, head.size, head.root)
    note = sign_note(checkpoint.text, known.origin, Ed25519Signer(b"\x05" * 32)).encode()
    header = make_header(known.suite, known.origin, packed[0])
    log = b"".join(log_chunks(header, packed, note))
    return verify_log(io.BytesIO(log), Trust(known.ledger)).entries


@pytest.mark.postgres
def test_the_role_that_serves_appends_and_can_change_nothing(
    new_postgres: Callable[[], PostgresStorage],
) -> None:
    owner = new_postgres()
    world = World(owner)
    name = f"writer_{owner.connection.info.dbname}"
    owner.connection.execute(f'CREATE ROLE "{name}" LOGIN')
    try:
        for one in grants(name):
            owner.connection.execute(one)
        host = owner.connection.info.host
        serving = PostgresStorage(
            connect(f"host={host} dbname={owner.connection.info.dbname} user={name}")
        )
        node = Node.open(serving, lambda _: world.now)
        outcomes = node.submit_many(world.organisations(0, 12), world.now)
        assert all(one.accepted for one in outcomes)
        assert excess(serving.connection) == []
        assert "entry UPDATE" in excess(owner.connection)
        statements = [one for table in APPEND_ONLY for one in changing(table.name, table.key)]
        statements += ['DELETE FROM "head"', 'DELETE FROM "organisation"', 'DROP TABLE "entry"']
        for one in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                serving.connection.execute(one)
        serving.forget()
        with pytest.raises(StorageError):
            rebuild_as(serving)
        assert check(serving, None) == []
        serving.connection.close()
    finally:
        owner.connection.execute(f'DROP OWNED BY "{name}"')
        owner.connection.execute(f'DROP ROLE "{name}"')


def changing(table: str, key: str) -> tuple[str, str, str]:
    """Return statements that change a table."""
    return (
        f'DELETE FROM "{table}"',  # noqa: S608 - a table of ours
        f'TRUNCATE "{table}"',
        f'UPDATE "{table}" SET "{key}" = "{key}"',  # noqa: S608 - a table of ours
    )


def rebuild_as(storage: PostgresStorage) -> None:
    """Damage nothing, but try to write a projection anew as `rebuild` would."""
    with storing(), storage.transaction():
        storage.restore(schema.TIMELINE, [])
