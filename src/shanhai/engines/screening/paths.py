"""What a command writes and reads: no file is written over one that is read, nor over another result."""

from collections.abc import Sequence
from pathlib import Path

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import clash
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.same_file": Text(
        "{file} 既要读又要写，请换一个输出文件名",
        "{file} would be both read and written; name another output",
    ),
    "screen.ending": Text(
        "这个结果只写 {endings}，请改 --out {file}",
        "This result is written as {endings}; change --out {file}",
    ),
    "screen.same_result": Text(
        "两个结果都要写到 {file}，请各用一个文件名",
        "Two results would both be written to {file}; give each a name of its own",
    ),
}


def ending(out: Path, *endings: str) -> None:
    """Refuse a name that promises another kind of file than is written.

    Raises:
        InvalidInputError: It ends otherwise.
    """
    if out.suffix.lower() not in endings:
        raise InvalidInputError("screen.ending", file=out.name, endings=" ".join(endings))


def apart(written: Sequence[Path], read: Sequence[Path]) -> None:
    """Refuse to write over what is read, or two results to one file.

    Args:
        written: Every file that is written or removed.
        read: Every file that is read.

    Raises:
        InvalidInputError: Two are one file.
    """
    found = clash(written, read)
    if found is not None:
        raise InvalidInputError(f"screen.{found[0]}", file=found[1].name)
