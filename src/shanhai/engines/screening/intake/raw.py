"""Read CSV and XLSX of any department as text: encodings, separators, ragged rows, doubled headings.

Each becomes a Parquet file of texts `c0 … cn` with the row's number in the delivery; nothing is interpreted here.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shanhai.kernel import sniff
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.empty": Text(
        "{file} 是空的，没有可筛查的行，请检查导出",
        "{file} is empty, there is nothing to screen; check the export",
    ),
    "screen.encoding": Text(
        "{file} 的编码不认识，请另存为 UTF-8 或 GB18030",
        "The encoding of {file} is unknown; save it as UTF-8 or GB18030",
    ),
    "screen.other_kind": Text(
        "{file} 的内容其实是 {suffix}，请把扩展名改成 {suffix}",
        "{file} is really of the kind {suffix}; rename it so",
    ),
    "screen.empty_sheet": Text(
        "{file} 的第一张工作表是空的；只读第一张，请把数据移到最前",
        "The first sheet of {file} is empty; only the first is read, so move the data there",
    ),
    "screen.format": Text(
        "不认识 {file} 的格式，请用 .parquet、.csv 或 .xlsx",
        "Unknown format of {file}; use .parquet, .csv or .xlsx",
    ),
    "screen.unreadable": Text(
        "{file} 读不出来（{detail}），请重新导出",
        "{file} cannot be read ({detail}); export it again",
    ),
}
_BATCH = 20_000
_SAMPLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Raw:
    """A delivery as text: `path` is Parquet with row, problem, c0 … ; `headings` name c0 …."""

    path: Path
    headings: tuple[str, ...]


def read_raw(path: Path, folder: Path) -> Raw:
    """Read a CSV or XLSX file.

    Args:
        path: The delivery.
        folder: An existing folder for the text copy.

    Raises:
        InvalidInputError: It is empty, of unknown format or encoding, or damaged.
    """
    reader = {".csv": _csv, ".txt": _csv, ".tsv": _csv, ".xlsx": _xlsx, ".xls": _xlsx}.get(
        path.suffix.lower()
    )
    if reader is None:
        raise InvalidInputError("screen.format", file=path.name)
    _fits(path)
    rows = reader(path)
    headings = tuple(one.strip().lstrip("\ufeff") for one in next(rows, []))
    if not any(headings):
        empty = "screen.empty" if reader is _csv else "screen.empty_sheet"
        raise InvalidInputError(empty, file=path.name)
    made = folder / "raw.parquet"
    if not _write(rows, headings, made):
        raise InvalidInputError("screen.empty", file=path.name)
    return Raw(made, headings)


def _fits(path: Path) -> None:
    """Refuse an empty file, and one whose content is of another kind than its name says."""
    start = _start(path)
    if not start:
        raise InvalidInputError("screen.empty", file=path.name)
    kind = sniff.kind(start)
    if kind and kind != path.suffix.lower():
        raise InvalidInputError("screen.other_kind", file=path.name, suffix=kind)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(sniff.LOOK)


def _csv(path: Path) -> Iterator[list[str]]:
    encoding = _encoding(path)
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE).partition("\n")[0]
        file.seek(0)
        mark = max(",\t;|", key=sample.count)
        try:
            yield from csv.reader(file, delimiter=mark)
        except (csv.Error, UnicodeError) as error:
            detail = str(error)
            raise InvalidInputError("screen.unreadable", file=path.name, detail=detail) from error


def _encoding(path: Path) -> str:
    wide = sniff.wide(_start(path))
    if wide == sniff.UNKNOWN:
        raise InvalidInputError("screen.encoding", file=path.name)
    if wide:
        return wide
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as text:
                while text.read(1 << 20):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise InvalidInputError("screen.encoding", file=path.name)


def _xlsx(path: Path) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only for workbooks

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.iter_rows()
    except (CalamineError, OSError) as error:
        detail = str(error)
        raise InvalidInputError("screen.unreadable", file=path.name, detail=detail) from error
    for row in rows:
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    """Return a cell as it was meant: no `.0` behind whole numbers, ISO dates."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _write(rows: Iterable[list[str]], headings: tuple[str, ...], path: Path) -> int:
    """Write texts in batches and return how many rows there were, blank lines left out."""
    names = [f"c{i}" for i in range(len(headings))]
    schema = pa.schema(
        [("row", pa.int64()), ("problem", pa.string()), *((n, pa.string()) for n in names)]
    )
    numbered = ((n, row) for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row))
    total = 0
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(islice(numbered, _BATCH)):
            total += len(batch)
            cells = [_padded(row, len(headings)) for _, row in batch]
            columns: list[Any] = [[n for n, _ in batch], [_ragged(r, headings) for _, r in batch]]
            columns += [list(column) for column in zip(*cells, strict=True)]
            writer.write_batch(pa.record_batch(columns, schema=schema))
    return total


def _padded(row: list[str], width: int) -> list[str]:
    return (row + [""] * width)[:width]


def _ragged(row: list[str], headings: tuple[str, ...]) -> str | None:
    extra = [cell for cell in row[len(headings) :] if cell.strip()]
    if len(row) < len(headings) or extra:
        return f"列数不符 {len(row)} cells under {len(headings)} headings"
    return None
