"""What a command writes and reads: no file is written over one that is read, nor over another result."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shanhai.engines.linkage.errors import LinkageError
from shanhai.kernel.files import beside, clash

TABLES: Final = (".csv", ".parquet", ".xlsx")


def rejects_path(out: Path) -> Path:
    """Return where the reject list of an output goes: beside it, `F.csv` → `F.rejects.csv`."""
    return beside(out, "rejects.csv")


def tables(*written: Path) -> None:
    """Refuse names that end in no kind of table.

    Raises:
        LinkageError: One does.
    """
    for out in written:
        if out.suffix.lower() not in TABLES:
            raise LinkageError("linkage.kind", file=out.name)


def apart(written: Sequence[Path], read: Sequence[Path]) -> None:
    """Refuse to write over what is read, or two results to one file; the reject list of the first counts too.

    Args:
        written: Results, the one with a reject list first.
        read: Files that are read, keys and states among them.

    Raises:
        LinkageError: Two are one file.
    """
    found = clash((*written, rejects_path(written[0])), read)
    if found is not None:
        raise LinkageError(f"linkage.{found[0]}", file=found[1].name)
