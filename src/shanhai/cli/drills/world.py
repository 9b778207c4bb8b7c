"""A small 模拟 ledger for drills: founders, their keys, and as many signed acts as asked for."""

import random
from collections.abc import Iterator
from pathlib import Path

from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.kernel.ids import new_id
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.admission import Signed
from shanhai.node.anchor import Anchor
from shanhai.node.client import Officer, draft, sign
from shanhai.node.folder import DATABASE, open_storage
from shanhai.node.founders import EXAMPLE, Founded, found, read_founders
from shanhai.node.founding import Constants, check_genesis
from shanhai.node.loop import Crash, Node, never
from shanhai.node.memory import Memory
from shanhai.node.records import Storage
from shanhai.node.seal import Sealer

START_MS = 1_780_243_200_000  # 2026-06-01 00:00 UTC+8
LOG_KEY = Ed25519Signer(b"\x01" * 32)


class World:
    """Founders and signed acts that depend on the seed only, so that every run is the same."""

    def __init__(self, seed: int, count: int, founders: str = EXAMPLE) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a drill repeats itself; no secret here
        self.genesis: Founded = found(read_founders(founders), START_MS, self.random.randbytes)
        signed = self.genesis.signed
        self.constants: Constants = check_genesis(signed.body, signed.signature).constants
        self.now = START_MS + 60_000
        self.acts = list(self._acts(count))

    def _acts(self, count: int) -> Iterator[Signed]:
        state = Node.found(Memory(), self.genesis.signed, START_MS)
        signer = Ed25519Signer(self.genesis.seeds["registrar"])
        post = next(
            one.id
            for (kind, _), one in state.storage.objects.items()  # type: ignore[attr-defined]  # a Memory
            if kind.noun == "post" and one.role.value == "registrar"
        )
        for number in range(count):
            payload = RegisterOrganisation(
                name=f"模拟合作社{number}",
                kind=OrganisationKind.COOPERATIVE,
                region="510722",
                code=f"{number:018d}",
            )
            subject = new_id("org", START_MS + number, self.random.randbytes(10))
            body = draft(
                self.constants,
                state.storage,
                Officer(post, signer),
                payload,
                subject,
                made_ms=self.now,
                nonce=self.random.randbytes(16),
            )
            yield sign(body, signer)

    def sealer(self, anchors: Path) -> Sealer:
        """Return what signs and anchors this ledger."""
        return Sealer(LOG_KEY, Anchor(anchors, self.constants.ledger))

    def begin(self, folder: Path, anchors: Path) -> Node:
        """Found the ledger in a fresh folder."""
        storage = open_storage(folder, {}, create=True)
        return Node.found(storage, self.genesis.signed, START_MS, self.sealer(anchors))

    def open(self, folder: Path, anchors: Path, crash: Crash = never) -> Node:
        """Open it as a start of the platform does, compared with the anchor."""
        storage = open_storage(folder, {})
        try:
            return self.attach(storage, anchors, crash)
        except BaseException:
            storage.connection.close()  # an open file would keep a drill's disk busy
            raise

    def attach(self, storage: Storage, anchors: Path, crash: Crash = never) -> Node:
        """Open it over a storage, compared with the anchor."""
        node = Node.open(storage, lambda _: self.now, None, crash)
        keeper = self.sealer(anchors)
        keeper.start(node)
        node.publisher = keeper
        return node


__all__ = ["DATABASE", "World"]
