"""The steps of a restore that need no Django: an empty target, the log replayed, the folder named last."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from shanhai.kernel.errors import ProofError
from shanhai.node.replay import Replay
from shanhai.node.sql import SqlStorage


def refuse_full(target: Path) -> None:
    """Refuse a target that holds anything.

    Raises:
        ProofError: `restore.not_empty`.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ProofError("restore.not_empty", path=str(target))


def beside(target: Path) -> Path:
    """Return where a folder is built before it gets its name; what a killed restore left there is removed."""
    made = target.with_name(target.name + ".restoring")
    shutil.rmtree(made, ignore_errors=True)
    return made


def replay(storage: SqlStorage, entries: Iterable[bytes]) -> None:
    """Replay a checked backup's log into empty tables; its signatures were checked before."""
    Replay(storage, signatures=False).run(entries)


def keep(made: Path, target: Path) -> None:
    """Give a folder its name, durably; an empty target gives way."""
    if target.exists():
        target.rmdir()
    made.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
