"""A CometBFT node's home folder: keys, genesis file, configuration; and where its program is.

`make consortium` builds the program from `consensus/`, pinned. Everything here is written before the node starts, so
that no organisation depends on another's tool to make its keys. Source: CometBFT v0.38 configuration reference.
"""

import os
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from nacl.signing import SigningKey

from shanhai.acts.validator import Seat
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import write_bytes
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.admission import Signed
from shanhai.node.transactions import network_id

VERSION = "0.38.25"
PROGRAM = Path(".build/consensus/cometbft")
HOME = Path("consensus")
SOCKET = "app.sock"
BLOCK_BYTES = 1 << 20
TX_BYTES = 65_535
POWER = 10
TEXTS |= {
    "comet.missing": Text(
        "没有找到共识程序 CometBFT {version}：请在源码目录运行 make consortium，或用 SHANHAI_COMETBFT 指明其路径",
        "CometBFT {version} was not found: run make consortium in the source folder, or name it in SHANHAI_COMETBFT",
    ),
    "comet.version": Text(
        "共识程序的版本是 {found}，应为 {wanted}：请重新运行 make consortium",
        "The consensus program is version {found}, not {wanted}: run make consortium again",
    ),
}


def program(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the consensus program, of the pinned version.

    Raises:
        InvalidInputError: `comet.missing` or `comet.version`.
    """
    checkout = Path(__file__).resolve().parents[3] / PROGRAM
    named = environ.get("SHANHAI_COMETBFT") or (str(checkout) if checkout.exists() else "")
    found = named or shutil.which("cometbft") or ""
    if not found or not Path(found).exists():
        raise InvalidInputError("comet.missing", version=VERSION)
    said = subprocess.run([found, "version"], check=False, capture_output=True, text=True)  # noqa: S603 - the program found
    if said.stdout.strip() != VERSION:
        raise InvalidInputError("comet.version", found=said.stdout.strip()[:40], wanted=VERSION)
    return Path(found)


class Member(msgspec.Struct, frozen=True):
    """One organisation's node as the others know it.

    Its name, its validator's public key, its node id, where peers reach it, the key by which it cosigns checkpoints
    (a verifier key's line), and where its pages are ("" for none).
    """

    name: str
    public: str
    id: str
    address: str
    cosigner: str = ""
    url: str = ""

    @property
    def seat(self) -> Seat:
        """Return it as genesis names a validator."""
        public = to_base64(b64decode(self.public))
        return Seat(name=self.name, public=public, node=self.id, power=POWER)

    @property
    def peer(self) -> str:
        """Return how a peer writes it."""
        return f"{self.id}@{self.address}"


class Ports(NamedTuple):
    """Where a node listens: peers, local questions, pages (0 for no pages)."""

    p2p: int
    rpc: int
    web: int


def _readable(content: Any) -> bytes:
    """Return JSON as people read it."""
    return msgspec.json.format(msgspec.json.encode(content)) + b"\n"


def _write(path: Path, content: Any, *, private: bool = True) -> None:
    write_bytes(path, _readable(content), private=private)


def invitation(genesis: dict[str, Any], members: Sequence[Member]) -> bytes:
    """Return the file that every organisation is given to join: the network's genesis, and who the members are."""
    return _readable({**genesis, "members": members})


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()  # padded, as Go writes it


def _private(key: SigningKey) -> dict[str, str]:
    whole = bytes(key) + bytes(key.verify_key)
    return {"type": "tendermint/PrivKeyEd25519", "value": _base64(whole)}


def _public(raw: str) -> dict[str, str]:
    return {"type": "tendermint/PubKeyEd25519", "value": raw}


def _address(public: bytes) -> str:
    return sha256(public).hexdigest()[:40]


def make_keys(folder: Path, name: str, address: str, seeds: tuple[bytes, bytes]) -> Member:
    """Write a node's keys, each readable by its owner only.

    Args:
        folder: The node's data folder.
        name: What the organisation is called.
        address: Host and port at which peers reach it.
        seeds: 32 random bytes for votes and as many for the connection.

    Returns:
        What is told the others.
    """
    config, data = folder / HOME / "config", folder / HOME / "data"
    config.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    votes, link = SigningKey(seeds[0]), SigningKey(seeds[1])
    public = bytes(votes.verify_key)
    _write(config / "node_key.json", {"priv_key": _private(link)})
    key = {
        "address": _address(public).upper(),
        "pub_key": _public(_base64(public)),
        "priv_key": _private(votes),
    }
    _write(config / "priv_validator_key.json", key)
    state = data / "priv_validator_state.json"
    if not state.exists():  # what was voted for must never be forgotten
        _write(state, {"height": "0", "round": 0, "step": 0})
    return Member(name, _base64(public), _address(bytes(link.verify_key)), address)


def node_id(folder: Path) -> str:
    """Return the id by which peers know the node of a folder."""
    raw = (folder / HOME / "config/node_key.json").read_bytes()
    key: str = msgspec.json.decode(raw)["priv_key"]["value"]
    whole = b64decode(key)
    return _address(whole[len(whole) // 2 :])


def genesis(signed: Signed, members: Sequence[Member], time_ms: int) -> dict[str, Any]:
    """Return the network's genesis file: the ledger's genesis, and who votes.

    Args:
        signed: Entry 0 of the ledger.
        members: The organisations, one vote each.
        time_ms: Genesis time, epoch ms; ledger time of entry 0.
    """
    seconds, ms = divmod(time_ms, 1000)
    return {
        "genesis_time": f"{_utc(seconds)}.{ms:03d}Z",
        "chain_id": network_id(signed),
        "initial_height": "1",
        "consensus_params": {
            "block": {"max_bytes": str(BLOCK_BYTES), "max_gas": "-1"},
            "evidence": {
                "max_age_num_blocks": "100000",
                "max_age_duration": "172800000000000",
                "max_bytes": str(BLOCK_BYTES // 4),
            },
            "validator": {"pub_key_types": ["ed25519"]},
            "version": {"app": "0"},
            "abci": {"vote_extensions_enable_height": "0"},
        },
        "validators": [
            {"pub_key": _public(one.public), "power": str(POWER), "name": one.name}
            for one in members
        ],
        "app_hash": "",
        "app_state": {"body": to_base64(signed.body), "signature": to_base64(signed.signature)},
    }


def _utc(seconds: int) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - beside its only use

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


CONFIG = """\
# written by shanhai node; see docs/guide/consortium.md
proxy_app = "{proxy}"
abci = "socket"
moniker = "{name}"
log_level = "error"
db_backend = "goleveldb"
filter_peers = true                 # the ledger says who may connect: whose node votes, or is about to

[rpc]
laddr = "tcp://127.0.0.1:{rpc}"     # loopback only: whoever may ask it, may submit
max_body_bytes = 8000000
max_request_batch_size = 2000

[p2p]
laddr = "tcp://{listen}"
persistent_peers = "{peers}"
unconditional_peer_ids = "{ids}"
max_num_inbound_peers = 100
max_num_outbound_peers = 0
pex = false
addr_book_strict = false
allow_duplicate_ip = true
flush_throttle_timeout = "10ms"

[mempool]
size = 50000
cache_size = 100000
max_tx_bytes = {tx_bytes}
max_txs_bytes = 1073741824
recheck = true

[consensus]
timeout_commit = "200ms"
create_empty_blocks = true
create_empty_blocks_interval = "10s"   # so that ledger time is never older than that

[tx_index]
indexer = "null"
"""


def configure(
    folder: Path,
    name: str,
    ports: Ports,
    members: Sequence[Member],
    proxy: str = "",
    more: str = "",
) -> None:
    """Write a node's configuration.

    Args:
        folder: The node's data folder.
        name: Which of the members it is.
        ports: Where it listens.
        members: Everybody of the network.
        proxy: Its application; by default the socket in the folder where it is started.
        more: Further sections.
    """
    others = [one for one in members if one.name != name]
    own = next((one.address for one in members if one.name == name), members[0].address)
    host = "127.0.0.1" if own.startswith("127.") else "0.0.0.0"  # noqa: S104 - peers come from outside; the list says who
    text = CONFIG.format(
        proxy=proxy or f"unix://{SOCKET}",
        name=name,
        rpc=ports.rpc,
        listen=f"{host}:{ports.p2p}",
        peers=",".join(one.peer for one in others),
        ids=",".join(one.id for one in others),
        tx_bytes=TX_BYTES,
    )
    (folder / HOME / "config/config.toml").write_text(text + more, encoding="utf-8")


def write_genesis(folder: Path, made: dict[str, Any]) -> None:
    """Put the network's genesis file into a node's folder."""
    _write(folder / HOME / "config/genesis.json", made, private=False)
