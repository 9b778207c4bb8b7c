"""Read a small table whole, as rows of plain values; blanks are None."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from shanhai.engines.screening.intake.raw import read_raw
from shanhai.kernel.errors import InvalidInputError


def read_table(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a .parquet, .csv or .xlsx file.

    Raises:
        InvalidInputError: It cannot be read, is empty, or a heading stands twice.
    """
    if path.suffix.lower() == ".parquet":
        try:
            rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        except (OSError, ValueError) as error:
            detail = str(error)[:200]
            raise InvalidInputError("screen.unreadable", file=path.name, detail=detail) from error
        return rows
    with tempfile.TemporaryDirectory() as folder:
        raw = read_raw(path, Path(folder))
        table = pq.read_table(raw.path)
    if len(set(raw.headings)) < len(raw.headings):
        detail = "一个列名出现两次 a heading stands twice"
        raise InvalidInputError("screen.unreadable", file=path.name, detail=detail)
    names = table.column_names[2:]
    return [
        {h: row[n] or None for h, n in zip(raw.headings, names, strict=True)}
        for row in table.to_pylist()
    ]
