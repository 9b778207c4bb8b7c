"""What a load is made of: acts of a 模拟 county under the complete rules, or CometBFT's own key-value pairs beside them."""

import secrets
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from shanhai.acts.machine import Act
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.cli._chain import Planned, begin, declared
from shanhai.cli._county import START_MS, WAN, WEST
from shanhai.cli._load import Offered
from shanhai.cli._members import Officers
from shanhai.kernel.ids import new_id
from shanhai.kernel.periods import DAY_MS
from shanhai.ledger.body import act_id
from shanhai.node.client import draft, sign
from shanhai.node.folder import open_storage
from shanhai.node.rpc import Rpc
from shanhai.node.transactions import KNOWN, OK, transaction

PAIRING = 2
"""The first acts of the chain: a pair is proposed and confirmed."""
STARTS_MS = START_MS + 400 * DAY_MS
"""When work on a declared project begins."""
WAIT_S = 60.0
KV_BYTES = 1_200


def now_ms() -> int:
    """Return the machine's time, epoch ms."""
    return time.time_ns() // 1_000_000


class Acts:
    """Signed acts: a project declared, an organisation registered, in turn."""

    def __init__(self, folder: Path, officers: Officers) -> None:
        """Begin.

        Args:
            folder: A node's data folder, read for the state that is signed on.
            officers: Whose keys sign.
        """
        self.county = officers.county()
        self.storage = open_storage(folder, {})
        self._size, self._made = 0, 0

    def begin(self, ports: Sequence[Rpc]) -> None:
        """Bring the county's pair about where it is not there, and note the log's size."""
        for planned in islice(begin(self.county, WAN, now_ms()), PAIRING):
            self._bring(ports, planned)
        self._size = self._head(ports)["size"]

    def _bring(self, ports: Sequence[Rpc], planned: Planned) -> None:
        """Submit one act of the county's beginning and wait for it; one that was done before is refused."""
        self.storage.head()  # drops what it remembers of before
        id, tx = self.signed(planned.by, planned.act, planned.subject)  # noqa: A001 - the act's id
        size = self._head(ports)["size"]
        until = time.monotonic() + WAIT_S
        said = ports[0].broadcast([tx])[0]
        while said.code in (OK, KNOWN) and time.monotonic() < until:
            found = self._head(ports, size)
            if id in found["acts"] or self._done(planned):
                return
            time.sleep(0.05)

    def _done(self, planned: Planned) -> bool:
        """Return whether the database shows that an act of the beginning was done before."""
        self.storage.head()
        found: Any = self.storage.find(planned.act.row.on, planned.subject)
        return found is not None and found.state.value != "proposed"

    @staticmethod
    def _head(ports: Sequence[Rpc], start: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = ports[0].query("acts", start.to_bytes(8, "big"))
        return found

    def signed(self, by: str, act: Act, subject: str) -> Offered:
        """Return an act signed by one of the county's officers on the state that the database shows."""
        officer, now = self.county.officers[by], now_ms()
        body = draft(
            self.county.constants,
            self.storage,
            officer,
            act,
            subject,
            made_ms=now,
            nonce=secrets.token_bytes(16),
        )
        signed = sign(body, officer.signer)
        return act_id(self.county.suite, signed.body), transaction(signed)

    def make(self, count: int) -> list[Offered]:
        """Return so many new acts."""
        self.storage.head()
        return list(islice(self._acts(), count))

    def _acts(self) -> Iterator[Offered]:
        while True:
            self._made += 1
            number = secrets.randbelow(10**18)
            if self._made % 2:
                project = declared(self.county, f"模拟蔬菜大棚{number}", STARTS_MS)
                yield self.signed("village", project, fresh("prj"))
            else:
                payload = RegisterOrganisation(
                    name=f"模拟合作社{number}",
                    kind=OrganisationKind.COOPERATIVE,
                    region=WEST,
                    code=f"{number:018d}",
                )
                yield self.signed("registrar", payload, fresh("org"))

    def finished(self, port: Rpc) -> list[str]:
        """Return the act ids that entered since the last call."""
        found = port.query("acts", self._size.to_bytes(8, "big"))
        acts: list[str] = found["acts"]
        self._size += len(acts)
        return acts


def fresh(prefix: str) -> str:
    """Return a new id."""
    return new_id(prefix, now_ms(), secrets.token_bytes(10))


class KeyValues:
    """Pairs for CometBFT's own kvstore, as long as an act: the peer without signatures, rules and durable state."""

    def __init__(self, size: int = KV_BYTES) -> None:
        self._size, self._height = size, 0

    def begin(self, ports: Sequence[Rpc]) -> None:
        """Note the chain's height."""
        self._height = self._reached(ports[0])

    def make(self, count: int) -> list[Offered]:
        """Return so many new pairs."""
        made = (secrets.token_hex(self._size // 2) for _ in range(count))
        return [(one[:32], f"{one[:32]}={one[33:]}".encode()) for one in made]

    @staticmethod
    def _reached(port: Rpc) -> int:
        info = port.call("abci_info")["response"]
        return int(info.get("last_block_height", 0))

    def finished(self, port: Rpc) -> list[str]:
        """Return the keys in blocks that were committed since the last call."""
        done: list[str] = []
        reached = self._reached(port)
        while self._height < reached:
            block = port.call("block", height=str(self._height + 1))["block"]
            self._height += 1
            txs = msgspec.convert(block["data"]["txs"] or [], list[bytes])
            done += [one[:32].decode() for one in txs]
        return done
