"""`restore`: a data folder made again from a backup, verified before and after, or nothing at all.

Everything is built beside the target and renamed when it holds; on PostgreSQL in one transaction, which ends with the
renaming, so that a restore broken off leaves an empty database. The log is replayed into the tables, so that a restored
state is what the log leads to, whatever the backup says; what was erased since is erased again before anybody is served.
"""

import os
import secrets
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from django.core.management import call_command
from django.db import connection, connections, transaction

from shanhai.domains.book import handle
from shanhai.domains.clock import now_ms
from shanhai.domains.continuity import tables, vault
from shanhai.domains.demo.founding import SEED_FILE, cast_of
from shanhai.domains.files.models import Document
from shanhai.kernel.errors import ProofError
from shanhai.ledger.checkpoint import parse_note, parse_vkey
from shanhai.ledger.logfile import LogReader
from shanhai.node.anchor import Anchor, default_folder
from shanhai.node.backup import epochs
from shanhai.node.backup.checking import Checked
from shanhai.node.backup.manifest import DOCUMENTS, FOLDER, LOG, TABLES, Manifest
from shanhai.node.backup.reading import Reader
from shanhai.node.backup.restoring import keep, replay
from shanhai.node.client import Officer
from shanhai.node.folder import sealer
from shanhai.node.fsck import check as fsck
from shanhai.node.sql import SqlStorage


class Restored(NamedTuple):
    """What a restore did: documents written, records erased again, records that stay closed, keys handed out."""

    documents: int
    erased: int
    closed: int
    keys: list[str]
    epoch: epochs.Opened | None


def refuse_database() -> None:
    """Refuse a database that holds anything.

    Raises:
        ProofError: `restore.database`.
    """
    if connection.introspection.table_names():
        raise ProofError("restore.database")


def restore(path: Path, checked: Checked, data_dir: Path, target: Path, reason: str) -> Restored:
    """Build a data folder from a checked backup and give it its name.

    Args:
        path: The backup.
        checked: What checking it showed.
        data_dir: The folder that Django stands on, new; its database is empty.
        target: The folder's name when it holds.
        reason: Why an older state than the anchor knows is taken; opens an epoch if something is lost.

    Raises:
        ProofError: `backup.…`, `restore.…`, or what the log is refused for.
    """
    if (
        connection.vendor == "sqlite"
    ):  # its file lies in the folder, and must be closed before it moves
        done = _build(path, checked, data_dir, reason)
        connections.close_all()
        keep(data_dir, target)
        return done
    try:
        with transaction.atomic():
            done = _build(path, checked, data_dir, reason)
            keep(data_dir, target)
    except BaseException:
        if not data_dir.exists():
            target.rename(data_dir)  # the commit failed
        raise
    finally:
        connections.close_all()
    return done


def _build(path: Path, checked: Checked, data_dir: Path, reason: str) -> Restored:
    ledger = checked.manifest.ledger
    keys = vault.cupboard_of(ledger).hand_out(data_dir)
    with Reader(path, checked.anchored.vkey if checked.anchored else None) as reader:
        _tables(reader)
        with reader.open(LOG) as log:
            replay(handle.storage(), LogReader(log))  # type: ignore[arg-type]  # read as a file
        documents = _files(reader, data_dir)
    vault.put_back(vault.cupboard_of(ledger).persons())
    erased = vault.replay_erasures(ledger)
    Document.objects.filter(pk__in=checked.manifest.damaged).update(damaged=True)
    _sound(checked.manifest)
    opened = _epoch(checked, data_dir, reason) if checked.lost else None
    return Restored(documents, erased, vault.closed(), keys, opened)


def settle(checked: Checked, done: Restored) -> Path | None:
    """Let the anchor know what stands now; called when the folder has its name.

    Returns:
        Where the anchor that knew of lost entries lies, None where nothing was lost.
    """
    stated = checked.manifest
    anchor = Anchor(default_folder(os.environ), stated.ledger)
    if done.epoch is not None:
        return epochs.begin(anchor, done.epoch)
    epochs.extend(anchor, parse_note(stated.note.encode()), parse_vkey(stated.vkey))
    return None


def _tables(reader: Reader) -> None:
    found = reader.manifest
    try:
        apps = tables.bring_to(found.migrations)
    except LookupError as error:
        raise ProofError("backup.release", made=found.release, ours=version("shanhai")) from error
    names = (one.name for one in found.members if one.name.startswith(TABLES))
    tables.load(apps, {_table(name): _lines(reader, name) for name in names})
    if set(tables.applied()) != set(tables.latest()):
        call_command("migrate", verbosity=0, interactive=False)


def _table(name: str) -> str:
    return name.removeprefix(TABLES).removesuffix(".jsonl")


def _lines(reader: Reader, name: str) -> Iterator[bytes]:
    with reader.open(name) as file:
        yield from file


def _files(reader: Reader, data_dir: Path) -> int:
    count = 0
    for one in reader.manifest.members:
        for top in (DOCUMENTS, FOLDER):
            if one.name.startswith(top):
                target = data_dir / (one.name if top == DOCUMENTS else one.name.removeprefix(top))
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    file.writelines(reader.pieces(one))
                count += top == DOCUMENTS
    os.sync()  # once for all, before anybody is told that they are there
    return count


def _sound(stated: Manifest) -> SqlStorage:
    """Look at what was written as a stranger would.

    Raises:
        ProofError: The first problem found, or `backup.differs`.
    """
    storage = handle.storage()
    for problem in fsck(storage, None):
        raise problem
    head = storage.head()
    if head is None or (head.size, head.root.hex()) != (stated.size, stated.root):
        raise ProofError("backup.differs", detail="restored head")
    return storage


def _epoch(checked: Checked, data_dir: Path, reason: str) -> epochs.Opened:
    storage, found = _sound(checked.manifest), checked.manifest
    folder = vault.cupboard_of(found.ledger).path
    officer = _node(storage, data_dir, found, folder)
    time_ms = now_ms(data_dir, simulated=found.simulated)
    act = epochs.Plan(officer, reason, time_ms, secrets.token_bytes)
    return epochs.open_epoch(storage, checked, act, sealer(data_dir, found.ledger))


def _node(storage: SqlStorage, data_dir: Path, found: Manifest, cupboard: Path) -> Officer:
    if found.simulated and (data_dir / SEED_FILE).exists():
        with storage.snapshot():
            genesis = next(iter(storage.packed(0, 1)))
        cast = cast_of(data_dir, epochs.founded_ms(genesis))
        return Officer(cast.posts["node"].id, cast.signers["node"])
    return epochs.node_officer(storage, data_dir, found.suite, cupboard)
