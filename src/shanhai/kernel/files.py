"""Write a file whole or not at all: under a passing name beside it, synced, then renamed over it.

A reader never sees half a file, and neither an error, Ctrl-C nor a power cut harms what stood there before: rename
is atomic (POSIX.1-2017, `rename`), and data reach the disk before the name does.
"""

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

_READ, _PRIVATE = 0o666, 0o600


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Give an empty file beside `path` to write to; at the end it takes the place of `path`.

    Args:
        path: The file to write. Its folder is made where there is none; where it is a link, the file it leads to
            is written; where it exists, its permissions are kept; a pipe or a device is given itself.
        private: Readable by the owner alone, whatever stood there.

    Yields:
        The passing file: in the same folder, hidden, with the same suffix, of a name that no other writer has.

    Raises:
        OSError: The folder cannot be written, or `path` is itself a folder.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        yield _device(path)
        return
    mode = _mode_of(target, private=private)
    passing = target.with_name(f".{secrets.token_hex(6)}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode or _READ))
    except OSError as error:  # said of the file that was asked for, not of the passing one
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        yield passing
        if mode is not None:
            passing.chmod(mode)
        _sync(passing, os.O_RDWR)
        passing.replace(target)
    finally:
        passing.unlink(missing_ok=True)
    _sync_folder(target.parent)


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, as `replacing`."""
    with replacing(path, private=private) as passing:
        passing.write_bytes(data)


def beside(out: Path, suffix: str) -> Path:
    """Return the file beside a result: `alerts.parquet` → `alerts.rejects.csv`."""
    return out.with_name(f"{out.stem}.{suffix}")


def clash(written: Iterable[Path], read: Iterable[Path]) -> tuple[str, Path] | None:
    """Return the first file that would be written over one that is read, or twice.

    Args:
        written: Every file that is written or removed.
        read: Every file that is read.

    Returns:
        `same_file` or `same_result` with the file, None where all are apart.
    """
    sources, results = {path.resolve() for path in read}, set[Path]()
    for out in written:
        place = out.resolve()
        if place in sources or place in results:
            return ("same_file" if place in sources else "same_result"), out
        results.add(place)
    return None


def _device(path: Path) -> Path:
    """Return a pipe or device; refuse a folder."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path.name)
    return path


def _mode_of(target: Path, *, private: bool) -> int | None:
    """Return the permissions to give, None for those of a new file."""
    if private:
        return _PRIVATE
    return S_IMODE(target.stat().st_mode) if target.exists() else None


def _sync_folder(folder: Path) -> None:
    """Put a folder's names on disk where the system can; a disk that fails is told, for the name may be lost."""
    try:
        _sync(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EISDIR, errno.EINVAL):
            raise


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
