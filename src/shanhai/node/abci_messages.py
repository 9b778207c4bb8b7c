"""The messages of ABCI 2.0 that this application reads or writes, each with the fields it uses.

Source: `tendermint/abci/types.proto` of CometBFT v0.38.25. A field that is not named here is skipped.
"""

from enum import IntEnum
from typing import ClassVar

import msgspec

from shanhai.node.wire import Message

NANOS_IN_MS = 1_000_000


class Offered(IntEnum):
    """What becomes of an offered snapshot."""

    ACCEPT = 1
    ABORT = 2
    REJECT = 3
    REJECT_FORMAT = 4


class Applied(IntEnum):
    """What becomes of a snapshot's chunk."""

    ACCEPT = 1
    ABORT = 2
    RETRY = 3
    REJECT_SNAPSHOT = 5


class Timestamp(Message):
    """A time in UTC."""

    NUMBERS: ClassVar = (1, 2)
    seconds: int = 0
    nanos: int = 0

    @property
    def ms(self) -> int:
        """Return epoch milliseconds, rounded down."""
        return self.seconds * 1000 + self.nanos // NANOS_IN_MS

    @classmethod
    def of(cls, ms: int) -> "Timestamp":
        """Return the time of epoch milliseconds."""
        return cls(ms // 1000, ms % 1000 * NANOS_IN_MS)


class Snapshot(Message):
    """What a node offers to one that joins."""

    NUMBERS: ClassVar = (1, 2, 3, 4, 5)
    height: int = 0
    format: int = 0
    chunks: int = 0
    hash: bytes = b""
    metadata: bytes = b""


class PublicKey(Message):
    """A validator's key."""

    NUMBERS: ClassVar = (1,)
    ed25519: bytes = b""


class ValidatorUpdate(Message):
    """A validator and its power; 0 removes it."""

    NUMBERS: ClassVar = (1, 2)
    pub_key: PublicKey = msgspec.field(default_factory=PublicKey)
    power: int = 0


class ExecTxResult(Message):
    """What became of one transaction; `code` and `data` are hashed by the network."""

    NUMBERS: ClassVar = (1, 2, 3)
    code: int = 0
    data: bytes = b""
    log: str = ""


class Echo(Message):
    """Echo, and its answer."""

    NUMBERS: ClassVar = (1,)
    message: str = ""


class Empty(Message):
    """A request or answer without content."""


class Info(Message):
    """Where does the application stand?"""

    NUMBERS: ClassVar = (1,)
    version: str = ""


class InitChain(Message):
    """The chain begins."""

    NUMBERS: ClassVar = (1, 2, 4, 5, 6)
    time: Timestamp = msgspec.field(default_factory=Timestamp)
    chain_id: str = ""
    validators: list[ValidatorUpdate] = msgspec.field(default_factory=list)
    app_state_bytes: bytes = b""
    initial_height: int = 0


class Query(Message):
    """A question about committed state."""

    NUMBERS: ClassVar = (1, 2)
    data: bytes = b""
    path: str = ""


class CheckTx(Message):
    """May this transaction wait for its turn? `type` 1 asks again after a block."""

    NUMBERS: ClassVar = (1, 2)
    tx: bytes = b""
    type: int = 0


class OfferSnapshot(Message):
    """A peer's snapshot, and the application hash that the light client verified."""

    NUMBERS: ClassVar = (1, 2)
    snapshot: Snapshot = msgspec.field(default_factory=Snapshot)
    app_hash: bytes = b""


class LoadSnapshotChunk(Message):
    """Which chunk a peer asks for."""

    NUMBERS: ClassVar = (1, 2, 3)
    height: int = 0
    format: int = 0
    chunk: int = 0


class ApplySnapshotChunk(Message):
    """A chunk, and which peer sent it."""

    NUMBERS: ClassVar = (1, 2, 3)
    index: int = 0
    chunk: bytes = b""
    sender: str = ""


class PrepareProposal(Message):
    """Propose a block out of these transactions."""

    NUMBERS: ClassVar = (1, 2, 5, 6)
    max_tx_bytes: int = 0
    txs: list[bytes] = msgspec.field(default_factory=list)
    height: int = 0
    time: Timestamp = msgspec.field(default_factory=Timestamp)


class Proposed(Message):
    """A proposed block (ProcessProposal), or a decided one (FinalizeBlock): their numbers are the same."""

    NUMBERS: ClassVar = (1, 4, 5, 6)
    txs: list[bytes] = msgspec.field(default_factory=list)
    hash: bytes = b""
    height: int = 0
    time: Timestamp = msgspec.field(default_factory=Timestamp)


class ProcessProposal(Proposed):
    """May this block be voted for?"""


class FinalizeBlock(Proposed):
    """This block is decided; execute it."""


class Commit(Message):
    """Make the block that was executed last durable."""


class ListSnapshots(Message):
    """Which snapshots are there?"""


class Flush(Message):
    """Send what was answered so far."""


class ExceptionAnswer(Message):
    """The application cannot go on."""

    NUMBERS: ClassVar = (1,)
    error: str = ""


class InfoAnswer(Message):
    """Where the application stands."""

    NUMBERS: ClassVar = (1, 2, 3, 4, 5)
    data: str = ""
    version: str = ""
    app_version: int = 0
    last_block_height: int = 0
    last_block_app_hash: bytes = b""


class InitChainAnswer(Message):
    """The state at genesis; no validators are changed."""

    NUMBERS: ClassVar = (3,)
    app_hash: bytes = b""


class QueryAnswer(Message):
    """The answer to a question; `code` other than 0 refuses it."""

    NUMBERS: ClassVar = (1, 3, 7, 9)
    code: int = 0
    log: str = ""
    value: bytes = b""
    height: int = 0


class CheckTxAnswer(Message):
    """`code` 0 lets the transaction wait; otherwise `log` holds the reasons as JSON."""

    NUMBERS: ClassVar = (1, 2, 3)
    code: int = 0
    data: bytes = b""
    log: str = ""


WAITS = CheckTxAnswer()
"""The answer to nearly every check: made once, never changed."""


class CommitAnswer(Message):
    """Which blocks may be pruned; none."""

    NUMBERS: ClassVar = (3,)
    retain_height: int = 0


class ListSnapshotsAnswer(Message):
    """The snapshots there are."""

    NUMBERS: ClassVar = (1,)
    snapshots: list[Snapshot] = msgspec.field(default_factory=list)


class OfferSnapshotAnswer(Message):
    """An `Offered`."""

    NUMBERS: ClassVar = (1,)
    result: int = 0


class LoadSnapshotChunkAnswer(Message):
    """A chunk's bytes."""

    NUMBERS: ClassVar = (1,)
    chunk: bytes = b""


class ApplySnapshotChunkAnswer(Message):
    """An `Applied`; chunks to ask for again, senders to shun."""

    NUMBERS: ClassVar = (1, 2, 3)
    result: int = 0
    refetch_chunks: list[int] = msgspec.field(default_factory=list)
    reject_senders: list[str] = msgspec.field(default_factory=list)


class PrepareProposalAnswer(Message):
    """The transactions of the proposed block."""

    NUMBERS: ClassVar = (1,)
    txs: list[bytes] = msgspec.field(default_factory=list)


class ProcessProposalAnswer(Message):
    """1 accepts, 2 rejects."""

    NUMBERS: ClassVar = (1,)
    status: int = 0


class FinalizeBlockAnswer(Message):
    """A result for each transaction, changes of validators, and the hash of the state reached."""

    NUMBERS: ClassVar = (2, 3, 5)
    tx_results: list[ExecTxResult] = msgspec.field(default_factory=list)
    validator_updates: list[ValidatorUpdate] = msgspec.field(default_factory=list)
    app_hash: bytes = b""


REQUESTS: dict[int, type[Message]] = {
    1: Echo,
    2: Flush,
    3: Info,
    5: InitChain,
    6: Query,
    8: CheckTx,
    11: Commit,
    12: ListSnapshots,
    13: OfferSnapshot,
    14: LoadSnapshotChunk,
    15: ApplySnapshotChunk,
    16: PrepareProposal,
    17: ProcessProposal,
    20: FinalizeBlock,
}
"""Requests by their number in the envelope; vote extensions (18, 19) are never enabled."""
ANSWERS: dict[type[Message], tuple[int, type[Message]]] = {
    Echo: (2, Echo),
    Flush: (3, Empty),
    Info: (4, InfoAnswer),
    InitChain: (6, InitChainAnswer),
    Query: (7, QueryAnswer),
    CheckTx: (9, CheckTxAnswer),
    Commit: (12, CommitAnswer),
    ListSnapshots: (13, ListSnapshotsAnswer),
    OfferSnapshot: (14, OfferSnapshotAnswer),
    LoadSnapshotChunk: (15, LoadSnapshotChunkAnswer),
    ApplySnapshotChunk: (16, ApplySnapshotChunkAnswer),
    PrepareProposal: (17, PrepareProposalAnswer),
    ProcessProposal: (18, ProcessProposalAnswer),
    FinalizeBlock: (21, FinalizeBlockAnswer),
}
"""For each request, its answer's number in the envelope and its shape."""
EXCEPTION = 1
