"""A mirror's data folder: its copy in `shanhai.sqlite3`, its key in `keys/witness`, small files in `witness/`.

What it cosigned last lies outside too, beside the anchors, so that a lost or restored folder cosigns nothing
that contradicts it. A mirror's copy is always SQLite: one process writes it, a page reads it.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.checkpoint import check_name
from shanhai.ledger.policy import Policies, Policy, parse_policy
from shanhai.ledger.signing import Ed25519Signer, Sm2Signer
from shanhai.node.anchor import default_folder
from shanhai.node.folder import SEED_BYTES, open_storage
from shanhai.node.sql import SqlStorage
from shanhai.node.witness.gather import Gathering
from shanhai.node.witness.mirror import Identity, Mirror, Shelves
from shanhai.node.witness.shelf import FileShelf

KEY, SHELF, POLICY = Path("keys/witness"), "witness", "witnesses.toml"
TEXTS |= {
    "mirror.key": Text(
        "联署密钥文件 {path} 不存在或格式不正确，请从备份恢复，或用 shanhai mirror init 生成",
        "The cosigning key's file {path} is missing or malformed; restore it, or make one with shanhai mirror init",
    ),
    "mirror.policy": Text(
        "读不到见证规则文件 {path}（{detail}）",
        "The policy file {path} cannot be read ({detail})",
    ),
}


def make_identity(folder: Path, name: str, suite: str, seed: bytes) -> Identity:
    """Write a new cosigning key, readable by its owner only.

    Args:
        folder: The mirror's data folder.
        name: The key's name, unique among the witnesses: the organisation's host name.
        suite: `intl` (Ed25519) or `sm` (SM2).
        seed: 32 random bytes.

    Raises:
        FileExistsError: If the folder has a key already.
        InvalidInputError: `note.name`.
    """
    check_name(name)
    path = folder / KEY
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{suite}:{seed.hex()}:{name}\n")
    return _identity(suite, seed, name)


def identity(folder: Path) -> Identity | None:
    """Return who cosigns from this folder, None where no key was made.

    Raises:
        InvalidInputError: `mirror.key`.
    """
    path = folder / KEY
    try:
        suite, _, rest = path.read_text(encoding="utf-8").strip().partition(":")
        seed, _, name = rest.partition(":")
        raw = bytes.fromhex(seed)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InvalidInputError("mirror.key", path=str(path)) from error
    if len(raw) != SEED_BYTES or suite not in ("intl", "sm") or not name:
        raise InvalidInputError("mirror.key", path=str(path))
    return _identity(suite, raw, name)


def _identity(suite: str, seed: bytes, name: str) -> Identity:
    return Identity(name, Sm2Signer(seed) if suite == "sm" else Ed25519Signer(seed))


def read_policy(path: Path) -> Policy:
    """Read a policy file.

    Raises:
        InvalidInputError: `mirror.policy` or `policy.…`.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise InvalidInputError("mirror.policy", path=str(path), detail=detail) from error
    return parse_policy(raw)


def gathering(folder: Path, policies: Policies | None = None) -> Gathering | None:
    """Return what gathers cosignatures in a sequencer's data folder.

    Args:
        folder: The data folder.
        policies: Of the log; where it has none, the folder's policy file counts.

    Returns:
        None where there is no policy at all.

    Raises:
        InvalidInputError: `mirror.policy` or `policy.…`.
    """
    if policies is not None:
        return Gathering(policies, shelf(folder))
    path = folder / POLICY
    return Gathering(read_policy(path), shelf(folder)) if path.exists() else None


def copy_storage(folder: Path) -> SqlStorage:
    """Open the mirror's copy, made where it is missing."""
    return open_storage(folder, {}, create=True)


def shelf(folder: Path) -> FileShelf:
    """Return the shelf in a data folder: a mirror's, or a sequencer's for what it gathers."""
    return FileShelf(folder / SHELF)


def open_mirror(
    folder: Path, policy: Policy, me: Identity, environ: Mapping[str, str] = os.environ
) -> Mirror:
    """Open the mirror of a folder."""
    outside = FileShelf(default_folder(environ) / "witnesses")
    return Mirror(copy_storage(folder), policy, me, Shelves(shelf(folder), outside))
