"""A data folder's ledger: its database, the log's key, its anchor. No Django.

`D/shanhai.sqlite3`, or the PostgreSQL that DATABASE_URL names; `D/keys/log` holds the seed of the key that
signs checkpoints. The anchor lies outside, by ledger id, so that a fresh folder never trips an old anchor.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer
from shanhai.node.anchor import Anchor, default_folder
from shanhai.node.following import FollowingSealer, is_member, settings_of
from shanhai.node.loop import Crash, Node, never
from shanhai.node.schema import create_tables
from shanhai.node.seal import Sealer
from shanhai.node.sql import SqlStorage
from shanhai.node.sqlite import SqliteStorage
from shanhai.node.sqlite import connect as connect_sqlite

DATABASE = "shanhai.sqlite3"
LOG_KEY = Path("keys/log")
SEED_BYTES = 32
TEXTS["folder.key"] = Text(
    "账本签名密钥文件 {path} 不存在或格式不正确，请从备份恢复",
    "The log's key file {path} is missing or malformed; restore it from a backup",
)


def open_storage(
    folder: Path, environ: Mapping[str, str] = os.environ, *, create: bool = False
) -> SqlStorage:
    """Open the folder's database and assert that it is durable.

    Args:
        folder: The data folder.
        environ: Names the database.
        create: Whether to make the folder and its tables where they are missing.

    Raises:
        InvalidInputError: `genesis.missing`, if there is no database and none is to be made.
        StorageError: If it could lose an acknowledged act.
    """
    url, path = environ.get("DATABASE_URL", ""), folder / DATABASE
    storage: SqlStorage
    if url:
        storage = _postgres(url)
    elif create or path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        storage = SqliteStorage(connect_sqlite(path))
    else:
        raise InvalidInputError("genesis.missing")
    storage.assert_durable()
    if create:
        create_tables(storage.connection, storage.dialect)
    return storage


def _postgres(url: str) -> SqlStorage:
    from shanhai.node.postgres import (  # noqa: PLC0415 - an installation on SQLite has no driver
        PostgresStorage,
        connect,
    )

    return PostgresStorage(connect(url))


def make_log_key(folder: Path, suite: str, seed: bytes) -> Signer:
    """Write the seed of the key that signs checkpoints, readable by its owner only.

    Args:
        folder: The data folder.
        suite: `intl` (Ed25519) or `sm` (SM2).
        seed: 32 random bytes.

    Raises:
        FileExistsError: If the folder has a key already.
    """
    path = folder / LOG_KEY
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{suite}:{seed.hex()}\n")
    return signer_of(suite, seed)


def log_signer(folder: Path) -> Signer:
    """Return the key that signs this folder's checkpoints.

    Raises:
        InvalidInputError: `folder.key`.
    """
    path = folder / LOG_KEY
    try:
        suite, _, seed = path.read_text().strip().partition(":")
        raw = bytes.fromhex(seed)
    except (OSError, ValueError) as error:
        raise InvalidInputError("folder.key", path=str(path)) from error
    if len(raw) != SEED_BYTES or suite not in ("intl", "sm"):
        raise InvalidInputError("folder.key", path=str(path))
    return signer_of(suite, raw)


def signer_of(suite: str, seed: bytes) -> Signer:
    """Return the key of a seed in a suite, `intl` or `sm`."""
    return Sm2Signer(seed) if suite == "sm" else Ed25519Signer(seed)


def sealer(folder: Path, ledger: str, environ: Mapping[str, str] = os.environ) -> Sealer:
    """Return what signs and anchors the ledger of this folder."""
    kind = FollowingSealer if is_member(folder) else Sealer
    return kind(log_signer(folder), Anchor(default_folder(environ), ledger))


def open_node(
    folder: Path,
    now_ms: Callable[[bool], int],
    environ: Mapping[str, str] = os.environ,
    crash: Crash = never,
) -> Node:
    """Open the folder's ledger for writing: durable, not behind its clock, not behind its anchor.

    Args:
        folder: The data folder.
        now_ms: Gives the time, epoch ms, told whether the ledger's clock is simulated.
        environ: Names the database and the anchors' folder.
        crash: Called with the name of each step passed.

    Raises:
        InvalidInputError: `genesis.missing` or `folder.key`.
        StorageError: `clock.behind`, `storage.…`.
        ProofError: `anchor.…` or `seal.differs`.
    """
    return attach(open_storage(folder, environ), folder, now_ms, environ, crash)


def attach(
    storage: SqlStorage,
    folder: Path,
    now_ms: Callable[[bool], int],
    environ: Mapping[str, str] = os.environ,
    crash: Crash = never,
) -> Node:
    """Open the folder's ledger over a storage that is open already (Django's connection); see `open_node`."""
    node = _opened(storage, folder, now_ms, crash)
    keeper = sealer(folder, node.constants.ledger, environ)
    keeper.start(node)
    node.publisher = keeper
    return node


def _opened(storage: SqlStorage, folder: Path, now_ms: Callable[[bool], int], crash: Crash) -> Node:
    if not is_member(folder):
        return Node.open(storage, now_ms, None, crash)
    from shanhai.node.submitter import NetworkNode  # noqa: PLC0415 - other ledgers need no network

    found, node = settings_of(folder), NetworkNode.open(storage, now_ms, None, crash)
    node.to(found.submit or (f"127.0.0.1:{found.rpc}",))
    return node
