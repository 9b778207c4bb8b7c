"""Opening an untrusted file: first bytes, then a limited process, then text cells."""

import subprocess
import sys
from pathlib import Path

import msgspec

from shanhai.domains.imports.book import Answer, Sheet
from shanhai.domains.imports.child import SECONDS
from shanhai.kernel.errors import InvalidInputError

MAX_MB = 20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    b"\x00",
    b"%pdf",
    b"\x89png",
    b"\xff\xd8\xff",
    b"gif8",
    b"<!",
    b"<html",
    b"<?xml",
    b"{\\rtf",
)
_MACRO_SUFFIXES = {".xlsm", ".xltm", ".xlam", ".xla", ".xlsb"}


def open_sheets(path: Path) -> list[Sheet]:
    """Read every sheet of an untrusted file in a process of its own.

    Args:
        path: An .xlsx, .xls or .csv file.

    Returns:
        The worksheets in order, hidden ones marked.

    Raises:
        InvalidInputError: If the file is refused; the code and sentence say how to mend it.
    """
    kind = kind_of(path)
    command = [
        sys.executable,
        "-I",
        "-m",
        "shanhai.domains.imports.child",
        str(path.resolve()),
        kind,
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS * 2, check=False)  # noqa: S603 - fixed
    except subprocess.TimeoutExpired as error:
        raise InvalidInputError("import.file.time", limit=SECONDS) from error
    if done.returncode:
        raise InvalidInputError(*_death(done.returncode, done.stderr), limit=SECONDS)
    answer = msgspec.msgpack.decode(done.stdout, type=Answer)
    if answer.code:
        raise InvalidInputError(answer.code, **answer.facts)
    return answer.sheets


def kind_of(path: Path) -> str:
    """Return `xlsx`, `xls` or `csv` if extension and first bytes agree.

    Raises:
        InvalidInputError: If the file is missing, empty, too large, of another kind or mislabelled.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise InvalidInputError("import.file.missing", name=path.name)
    if path.stat().st_size > MAX_MB << 20:
        raise InvalidInputError("import.file.too_large", limit=MAX_MB)
    if suffix in _MACRO_SUFFIXES:
        raise InvalidInputError("import.file.macros")
    if suffix not in {".xlsx", ".xls", ".csv"}:
        raise InvalidInputError("import.file.kind", suffix=suffix or "—")
    with path.open("rb") as stream:
        head = stream.read(16)
    if not head:
        raise InvalidInputError("import.file.empty")
    return _agreed(path, suffix, head)


def _agreed(path: Path, suffix: str, head: bytes) -> str:
    if head.startswith(_OLE) and suffix in {".xls", ".xlsx"}:
        return _ole_kind(path, suffix)
    if head.startswith(_ZIP):
        agrees = suffix == ".xlsx"
    else:
        agrees = (
            suffix == ".csv" and not head.startswith(_OLE) and not head.lower().startswith(_OTHER)
        )
    if not agrees:
        raise InvalidInputError("import.file.mismatch", suffix=suffix)
    return suffix[1:]


def _ole_kind(path: Path, suffix: str) -> str:
    """Tell an old workbook from a protected new one by the stream names in the container."""
    raw = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise InvalidInputError("import.file.password")
    if "_VBA_PROJECT".encode("utf-16-le") in raw:
        raise InvalidInputError("import.file.macros")
    streams = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    if suffix != ".xls" or not any(stream in raw for stream in streams):
        raise InvalidInputError("import.file.mismatch", suffix=suffix)
    return "xls"


def _death(code: int, stderr: bytes) -> tuple[str]:
    """Return the code for a reading process that did not answer."""
    signal_cpu, signal_kill = -24, -9
    if code == signal_cpu:
        return ("import.file.time",)
    if code in {-6, -11, signal_kill} or b"MemoryError" in stderr or b"memory" in stderr:
        return ("import.file.memory",)
    return ("import.file.broken",)
