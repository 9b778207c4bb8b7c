"""Founding a 模拟 ledger with the cast as founders."""

import os
from hashlib import sha256
from pathlib import Path

from shanhai.acts.genesis import Clock, Genesis, Publication
from shanhai.acts.machine import Setting
from shanhai.domains.demo.cast import FOUNDERS, FOUNDING_BODIES, Actors, cast
from shanhai.kernel.canonical import encode
from shanhai.kernel.suite import INTL
from shanhai.node.admission import Signed
from shanhai.node.client import sign_genesis

SEED_FILE = Path("keys/demo-seed")
SEED_BYTES, NONCE_BYTES = 32, 16


def seed(data_dir: Path) -> bytes:
    """Return the data folder's demonstration seed, made on first use with mode 0600."""
    path = data_dir / SEED_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(SEED_BYTES))
    return path.read_bytes()


def genesis(
    actors: Actors,
    settings: tuple[Setting, ...],
    *,
    origin: str,
    web_origins: tuple[str, ...],
    rp_id: str,
) -> Genesis:
    """Return the payload of a 模拟 ledger's genesis."""
    return Genesis(
        name="山海演示账本（模拟）",
        suite=INTL.name,
        origin=origin,
        clock=Clock.SIMULATED,
        publication=Publication.OPEN,
        rp_id=rp_id,
        web_origins=web_origins,
        organisations=tuple(actors.organisations[name] for name in FOUNDING_BODIES),
        persons=tuple(actors.persons[name] for name in FOUNDERS),
        posts=tuple(actors.posts[name] for name in FOUNDERS),
        keys=tuple(actors.keys[name] for name in FOUNDERS),
        settings=settings,
        rules=1,
    )


def signed_genesis(actors: Actors, payload: Genesis, time_ms: int) -> Signed:
    """Sign genesis with every founding key."""
    signers = [actors.signers[name] for name in FOUNDERS]
    return sign_genesis(
        payload, signers, INTL, time_ms, sha256(encode(time_ms)).digest()[:NONCE_BYTES]
    )


def cast_of(data_dir: Path, time_ms: int) -> Actors:
    """Return the data folder's cast; ids depend on the founding time."""
    return cast(INTL, seed(data_dir), time_ms)
