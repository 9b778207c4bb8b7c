"""A shelf of small files: what a witness must find again after it stopped. The disk is an argument."""

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from shanhai.kernel.errors import StorageError
from shanhai.kernel.files import write_bytes
from shanhai.kernel.text import TEXTS, Text

TEXTS["witness.disk"] = Text(
    "无法写入 {path}（{detail}），本轮不联署、不给回执；请腾出磁盘空间或修正权限，镜像会自动重试",
    "{path} cannot be written ({detail}); nothing is cosigned or receipted this round. Free disk space or mend permissions, "
    "the mirror tries again by itself",
)


class Shelf(Protocol):
    """Bytes by name; a name is a path of plain words, `evidence/17-ours`."""

    def get(self, name: str) -> bytes | None:
        """Return what lies there, None for nothing."""

    def put(self, name: str, raw: bytes) -> None:
        """Put it there, durable before this returns."""

    def drop(self, name: str) -> None:
        """Take it away; nothing there is no error."""

    def names(self, folder: str) -> list[str]:
        """Return the names below a folder, sorted."""

    def locked(self) -> AbstractContextManager[None]:
        """Hold the shelf against every other process."""


class MemoryShelf:
    """A shelf in memory, for tests and simulations."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        """Return what lies there, None for nothing."""
        return self.kept.get(name)

    def put(self, name: str, raw: bytes) -> None:
        """Put it there."""
        self.kept[name] = raw

    def drop(self, name: str) -> None:
        """Take it away."""
        self.kept.pop(name, None)

    def names(self, folder: str) -> list[str]:
        """Return the names below a folder, sorted."""
        return sorted(name for name in self.kept if name.startswith(f"{folder}/"))

    def locked(self) -> AbstractContextManager[None]:
        """Do nothing: nobody else is there."""
        return nullcontext()


class FileShelf:
    """A shelf in a folder; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str) -> bytes | None:
        """Return what lies there, None for nothing."""
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, name: str, raw: bytes) -> None:
        """Put it there, synced to disk before this returns.

        Raises:
            StorageError: `witness.disk`; what lay there before is left as it was.
        """
        path = self.folder / name
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_bytes(path, raw)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise StorageError("witness.disk", path=str(path), detail=detail) from error

    def drop(self, name: str) -> None:
        """Take it away."""
        (self.folder / name).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        """Return the names below a folder, sorted."""
        below = self.folder / folder
        if not below.is_dir():
            return []
        found = (one.name for one in below.iterdir() if not one.name.startswith("."))
        return sorted(f"{folder}/{name}" for name in found)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the shelf against every other process and thread."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
