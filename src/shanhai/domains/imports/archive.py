"""Checks of an .xlsx before anything parses it: a ZIP archive that may lie about its contents.

Source: OWASP ASVS 5.0 sections 5.2 (file upload: size, type, compression) and 1.5.1 (XML entities).
Runs in the reading process, under its limits.
"""

import re
import zipfile
from pathlib import Path

from shanhai.kernel.errors import InvalidInputError

MAX_ENTRIES = 2_000
MAX_TOTAL = 200 << 20
MAX_RATIO = 150
RATIO_FROM = 1 << 20
_CHUNK = 1 << 18
_NESTED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"MZ", b"\x7fELF")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_TARGET = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)


def check_archive(path: Path) -> None:
    """Refuse an archive that is no harmless .xlsx.

    Args:
        path: The file, already known to begin like a ZIP archive.

    Raises:
        InvalidInputError: If entries are too many, too large, too dense, overlapping, encrypted or nested,
            or hold macros, embedded objects, outside links or XML entities.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_declared(entries, path.stat().st_size)
            _check_names([entry.filename for entry in entries])
            for entry in entries:
                _check_content(archive, entry)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise InvalidInputError("import.file.broken") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]  # re-exported by zipfile, untyped
        raise InvalidInputError("import.file.broken") from error


def _check_declared(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise InvalidInputError("import.file.bomb", detail=f"{len(entries)} entries")
    if len({entry.filename for entry in entries}) < len(entries):
        raise InvalidInputError("import.file.bomb", detail="duplicate names")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise InvalidInputError("import.file.bomb", detail="unpacked size")
    if sum(entry.compress_size for entry in entries) > size:
        raise InvalidInputError("import.file.bomb", detail="overlapping entries")
    for entry in entries:
        if entry.flag_bits & 1:
            raise InvalidInputError("import.file.password")
        if entry.file_size > max(RATIO_FROM, MAX_RATIO * max(entry.compress_size, 1)):
            raise InvalidInputError("import.file.bomb", detail="compression ratio")


def _check_names(names: list[str]) -> None:
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise InvalidInputError("import.file.mismatch", suffix=".xlsx")
    for name in names:
        lower = name.lower()
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise InvalidInputError("import.file.bomb", detail="path outside the archive")
        if lower.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in lower:
            raise InvalidInputError("import.file.macros")
        if "/externallinks/" in lower or lower.endswith(("connections.xml", "querytables.xml")):
            raise InvalidInputError("import.file.external", detail=name)
        if "/embeddings/" in lower or "/activex/" in lower:
            raise InvalidInputError("import.file.embedded", detail=name)


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack one entry in pieces, so that a false declared size is found before it hurts."""
    seen, tail = 0, b""
    is_xml = not entry.filename.startswith("xl/media/")
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            if not seen and piece.startswith(_NESTED):
                raise InvalidInputError("import.file.embedded", detail=entry.filename)
            seen += len(piece)
            if seen > entry.file_size:
                raise InvalidInputError("import.file.bomb", detail="false declared size")
            if is_xml:
                _check_xml(tail + piece, entry.filename)
                tail = piece[-512:]
    if seen != entry.file_size:
        raise InvalidInputError("import.file.broken")


def _check_xml(piece: bytes, name: str) -> None:
    plain = piece.replace(b"\x00", b"")  # UTF-16 hides the declaration between zero bytes
    if _DOCTYPE.search(plain):
        raise InvalidInputError("import.file.entities", detail=name)
    if name == "[Content_Types].xml" and b"macroenabled" in plain.lower():
        raise InvalidInputError("import.file.macros")
    if name.endswith(".rels"):
        for tag in _TARGET.findall(plain):
            if b"/hyperlink" not in tag:
                raise InvalidInputError("import.file.external", detail=name)
