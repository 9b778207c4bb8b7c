"""`backup`: one snapshot of log, tables and documents into one signed file, verified before it gets its name."""

import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from shanhai.domains.book.handle import node
from shanhai.domains.clock import machine_ms
from shanhai.domains.continuity import tables, vault
from shanhai.domains.files import store
from shanhai.domains.files.models import Document
from shanhai.node.anchor import Anchor, Anchored, default_folder
from shanhai.node.backup.checking import Checked, check
from shanhai.node.backup.manifest import DOCUMENTS, FOLDER, FORMAT, LOG, TABLES, Manifest
from shanhai.node.backup.writing import Writer
from shanhai.node.export import log_stream
from shanhai.node.folder import DATABASE
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer

MADE_AGAIN = frozenset({"files", "keys", "static", "maps"})
"""Folders that are written apart, never, or made again."""
ENDINGS_LEFT = (".new", ".part", ".lock")


class Made(NamedTuple):
    """A backup that was written and verified."""

    checked: Checked
    documents: int
    keys: list[str]


def backup(data_dir: Path, path: Path) -> Made:
    """Write a backup of a data folder while it is served, and verify it.

    Args:
        data_dir: The folder that Django stands on.
        path: The file to write; it must not be there.

    Raises:
        InvalidInputError: `backup.exists`, or `genesis.missing`.
        ProofError: If what was written does not verify; no file is left then.
    """
    book = node()
    sealer = book.publisher
    if not isinstance(sealer, Sealer):
        raise TypeError("a folder's node is sealed")
    with Writer(path) as writer:
        with book.storage.snapshot():
            stated = _head(book, sealer)
            _log(writer, book, sealer)
            _tables(writer)
            digests = list(Document.objects.order_by("pk").values_list("pk", flat=True))
        damaged = tuple(_documents(writer, data_dir, digests, stated.suite))
        _folder(writer, data_dir)
        writer.finish(
            replace(stated, members=tuple(writer.members), damaged=damaged), sealer.signer
        )
        keys = vault.keep_keys(data_dir, stated.ledger)
        checked = check(writer.beside, _anchored(stated))
        writer.keep()
    return Made(checked, len(digests) - len(damaged), keys)


def _head(book: Node, sealer: Sealer) -> Manifest:
    """Return the manifest of the state that the snapshot shows, without members."""
    head, known = book.head(), book.constants
    return Manifest(
        damaged=(),
        format=FORMAT,
        ledger=known.ledger,
        made_ms=machine_ms(),
        members=(),
        migrations=tables.applied(),
        note=sealer.checkpoint(book).decode(),
        origin=sealer.vkey(book).name,
        release=version("shanhai"),
        root=head.root.hex(),
        simulated=known.simulated,
        size=head.size,
        suite=known.suite.name,
        vkey=sealer.vkey(book).line,
    )


def _log(writer: Writer, book: Node, sealer: Sealer) -> None:
    with writer.member(LOG) as file:
        file.writelines(log_stream(book, sealer))


def _tables(writer: Writer) -> None:
    for model in tables.dumped():
        name = tables.options(model).db_table
        with writer.member(f"{TABLES}{name}.jsonl") as file:
            for row in tables.rows_of(model, vault.WITHOUT_KEYS.get(name)):
                file.write(tables.line_of(row))
                file.rows += 1
            file.rows -= 1  # the columns are no row


def _documents(writer: Writer, data_dir: Path, digests: Iterable[str], suite: str) -> Iterator[str]:
    """Write every sound document and yield the hashes of the others: damaged ones, and those that are gone."""
    for digest in digests:
        path = store.path_of(data_dir, digest)
        if not path.is_file() or store.digest_of(path, suite) != digest:
            yield digest
            continue
        with writer.member(f"{DOCUMENTS}{digest[:2]}/{digest}", packed=False) as file:
            file.writelines(store.chunks(path))


def _folder(writer: Writer, data_dir: Path) -> None:
    """Write what else lies in the folder: a simulated clock, names of regions, fonts, workbooks being imported."""
    for path in sorted(data_dir.rglob("*")):
        name = path.relative_to(data_dir)
        top, own = name.parts[0], name.name
        if top in MADE_AGAIN or top.startswith(DATABASE) or own.endswith(ENDINGS_LEFT):
            continue
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            with writer.member(f"{FOLDER}{name.as_posix()}") as file:
                file.writelines(store.chunks(path))


def _anchored(stated: Manifest) -> Anchored | None:
    """Return the anchor to verify by; None where acts were entered since the snapshot."""
    found = Anchor(default_folder(os.environ), stated.ledger).read()
    return found if found is not None and found.checkpoint.size <= stated.size else None
