"""What a document is, by its first bytes and not by its name."""

from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

HEAD_BYTES = 512


class FileKind(NamedTuple):
    """An accepted kind: its leading bytes, endings and media type.

    `inline` ones may be previewed; `member` begins the name of what a container of the kind holds.
    """

    magic: tuple[bytes, ...]
    endings: tuple[str, ...]
    media_type: str
    inline: bool = False
    member: str = ""


KINDS = (
    FileKind((b"%PDF-",), ("pdf",), "application/pdf", inline=True),
    FileKind((b"\xff\xd8\xff",), ("jpg", "jpeg"), "image/jpeg", inline=True),
    FileKind((b"\x89PNG\r\n\x1a\n",), ("png",), "image/png", inline=True),
    FileKind(
        (b"PK\x03\x04",),
        ("docx",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        member="word/",
    ),
    FileKind(
        (b"PK\x03\x04",),
        ("xlsx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        member="xl/",
    ),
    FileKind((b"PK\x03\x04",), ("ofd",), "application/ofd", member="OFD.xml"),
)
ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)
TEXTS |= {
    "file.kind": Text(
        "“{name}”不是可接受的文件，请上传 PDF、OFD、Word、Excel 或 JPG、PNG 图片",
        "“{name}” is not accepted; upload PDF, OFD, Word, Excel, JPG or PNG",
    ),
    "file.mislabelled": Text(
        "“{name}”的内容与扩展名不符，请核对文件后重新上传",
        "The content of “{name}” is not what its name says; check the file and upload it again",
    ),
}


def kind_named(name: str) -> list[FileKind]:
    """Return the kinds that a name's ending may be.

    Raises:
        InvalidInputError: `file.kind` for a foreign ending.
    """
    ending = name.rpartition(".")[2].lower()
    named = [kind for kind in KINDS if ending in kind.endings]
    if not named:
        raise InvalidInputError("file.kind", name=name)
    return named


def kind_of(name: str, head: bytes) -> FileKind:
    """Return the kind that both the name and the first bytes agree on.

    Args:
        name: The file's name.
        head: Its first bytes, up to `HEAD_BYTES`.

    Raises:
        InvalidInputError: `file.kind` for a foreign ending, `file.mislabelled` where they disagree.
    """
    for kind in kind_named(name):
        if head.startswith(kind.magic):
            return kind
    raise InvalidInputError("file.mislabelled", name=name)


def check_content(kind: FileKind, name: str, path: Path) -> None:
    """Look into a container for what its kind must hold; nothing is unpacked.

    Raises:
        InvalidInputError: `file.mislabelled`, for a broken container or another kind's.
    """
    if not kind.member:
        return
    try:
        with ZipFile(path) as archive:
            held = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InvalidInputError("file.mislabelled", name=name) from error
    if not any(one.startswith(kind.member) for one in held):
        raise InvalidInputError("file.mislabelled", name=name)
