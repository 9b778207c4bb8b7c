"""Read a small table whole, as rows of plain values; blanks are None."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from shanhai.engines.screening.intake.raw import read_raw
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS["screen.heading_twice"] = Text(
    "{file} 中列“{name}”出现两次，请删去或改名其中一列",
    "Column “{name}” stands twice in {file}; delete or rename one",
)


def _once(headings: Sequence[str], path: Path) -> None:
    """Refuse a heading that stands twice; columns without any do not count."""
    doubled = sorted({one for one in headings if one and headings.count(one) > 1})
    if doubled:
        raise InvalidInputError("screen.heading_twice", file=path.name, name="、".join(doubled))


def read_table(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a .parquet, .csv or .xlsx file.

    Raises:
        InvalidInputError: It cannot be read, is empty, or a heading stands twice.
    """
    if path.suffix.lower() == ".parquet":
        try:
            file = pq.ParquetFile(path)
            _once(file.schema_arrow.names, path)
            read = file.read()
        except (OSError, ValueError) as error:
            detail = str(error)[:200]
            raise InvalidInputError("screen.unreadable", file=path.name, detail=detail) from error
        if not read.num_rows:
            raise InvalidInputError("screen.empty", file=path.name)
        rows: list[dict[str, Any]] = read.to_pylist()
        return rows
    with tempfile.TemporaryDirectory() as folder:
        raw = read_raw(path, Path(folder))
        table = pq.read_table(raw.path)
    _once(raw.headings, path)
    names = table.column_names[2:]
    return [
        {h: row[n] or None for h, n in zip(raw.headings, names, strict=True)}
        for row in table.to_pylist()
    ]
