"""Applications over SQLite files, and a world whose officers sign for them."""

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from node.world import START_MS, World
from shanhai.acts.validator import Seat
from shanhai.acts.witness_policy import WitnessPolicy
from shanhai.kernel.canonical import from_base64, to_base64
from shanhai.kernel.suite import INTL, Suite
from shanhai.ledger.entry import unpack
from shanhai.node.abci_messages import PublicKey, ValidatorUpdate
from shanhai.node.consensus import Application
from shanhai.node.fake import FakeNetwork, FakeNode
from shanhai.node.loop import Crash, never
from shanhai.node.memory import Memory
from shanhai.node.schema import create_tables
from shanhai.node.sqlite import SqliteStorage, connect
from shanhai.node.tables import SQLITE
from shanhai.node.transactions import transaction

SECOND = 1_000


def app_state(world: World) -> bytes:
    """Return what a genesis file carries of the ledger."""
    packed = next(iter(world.node.storage.packed(0, 1)))
    entry = unpack(packed)
    made = {"body": to_base64(entry.body), "signature": to_base64(entry.signature)}
    return msgspec.json.encode(made)


@cache
def _empty() -> bytes:
    """Return a database with every table and no row."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(connection, SQLITE)
    try:
        return connection.serialize()
    finally:
        connection.close()


def opener(path: Path, crash: Crash = never, **settings: Any) -> Callable[[], Application]:
    """Return what opens an application over one database file, as a process does when it starts; see `Application`."""
    held: list[SqliteStorage] = []

    def make() -> Application:
        for old in held:
            old.connection.close()
        if not path.exists():
            path.write_bytes(_empty())
        connection = connect(path)
        connection.execute(
            "PRAGMA synchronous=OFF"
        )  # no power is cut here, and a disk's sync is slow
        held[:] = [SqliteStorage(connection)]
        return Application(held[0], crash=crash, **settings)

    return make


class Consortium:
    """A fake network of some nodes; the world's own node in memory serves as the officers' view."""

    def __init__(
        self,
        folder: Path,
        nodes: int = 4,
        suite: Suite = INTL,
        validators: tuple[Seat, ...] = (),
        witnesses: tuple[WitnessPolicy, ...] = (),
    ) -> None:
        self.world = World(Memory(), suite, validators=validators, witnesses=witnesses)
        self.folder, self.now = folder, START_MS + SECOND
        made = [FakeNode(opener(folder / f"{number}.sqlite3")) for number in range(nodes)]
        said = [
            ValidatorUpdate(PublicKey(from_base64(one.public)), one.power) for one in validators
        ]
        self.network = FakeNetwork(made, app_state(self.world), START_MS, said)

    def acts(self, first: int, count: int) -> list[bytes]:
        """Return so many signed registrations as transactions."""
        return [transaction(one) for one in self.world.organisations(first, count)]

    def tick(self) -> int:
        """Let a second pass and return the time."""
        self.now += SECOND
        return self.now

    def close(self) -> None:
        """Close every database."""
        for node in self.network.nodes:
            node.application.storage.connection.close()
