"""Files in and out: CSV in the encodings offices use, Parquet, XLSX; written whole or not at all.

A row that cannot be taken is set aside with its number and reason, never dropped in silence. Row numbers count
from 1 for the first row below the heading.
"""

import codecs
import importlib
import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.text import Column, strings
from shanhai.kernel import sniff
from shanhai.kernel.files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK: Final = 1 << 20
DELIMITERS: Final = (",", "\t", ";", "|")
FALLBACK: Final = "gb18030"


class Source(NamedTuple):
    """A file as it was read: every value a string, null where the cell is empty."""

    table: Any
    """A `pyarrow.Table` of strings, shape (n rows, k columns)."""
    rows: NDArray[np.int64]
    """The number of each row in the file, from 1."""
    aside: list[tuple[int, str]]
    """Rows not in the table: number and reason code."""


def read(path: Path) -> Source:
    """Read a .csv, .tsv, .txt, .parquet or .xlsx file.

    Raises:
        LinkageError: If there is no such file, it is empty, has a doubled column, or is of another kind.
    """
    readers: dict[str, Callable[[Path], Source]] = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".txt": _read_csv,
        ".parquet": _read_parquet,
        ".xlsx": _read_xlsx,
        ".xls": _read_xlsx,
    }
    if path.suffix.lower() not in readers:
        raise LinkageError("linkage.kind", file=path.name)
    if not path.is_file():
        raise LinkageError("linkage.no_file", file=str(path))
    if not path.stat().st_size:
        raise LinkageError("linkage.empty", file=path.name)
    _fits(path)
    try:
        source = readers[path.suffix.lower()](path)
    except (pa.ArrowException, OSError, ValueError, UnicodeError) as error:
        raise LinkageError("linkage.unreadable", file=path.name, detail=str(error)) from error
    return _without_empty_rows(source)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(sniff.LOOK)


def _fits(path: Path) -> None:
    """Refuse a file whose content is of another kind than its name says."""
    suffix, kind = path.suffix.lower(), sniff.kind(_start(path))
    if kind and kind != suffix:
        raise LinkageError("linkage.other_kind", file=path.name, suffix=kind)


def _heading(names: list[str], file: str) -> list[str]:
    """Return the column names trimmed.

    Raises:
        LinkageError: If there is none, or one stands twice.
    """
    trimmed = [name.strip().strip("\ufeff") for name in names]
    doubled = sorted({name for name in trimmed if name and trimmed.count(name) > 1})
    if doubled:
        raise LinkageError("linkage.doubled_column", file=file, column="、".join(doubled))
    if not any(trimmed):
        raise LinkageError("linkage.empty", file=file)
    return [name or f"column{at}" for at, name in enumerate(trimmed, 1)]


def _without_empty_rows(source: Source) -> Source:
    table = source.table
    filled = np.zeros(table.num_rows, dtype=np.bool_)
    for column in table.columns:
        if filled.all():
            break
        filled |= np.asarray(column.is_valid(), dtype=np.bool_)
    if filled.all():
        return source
    known = {row for row, _ in source.aside}
    empty = [(int(row), "empty_row") for row in source.rows[~filled] if row not in known]
    return Source(table.filter(pa.array(filled)), source.rows[filled], source.aside + empty)


def _read_csv(path: Path) -> Source:
    encoding = _encoding(path)
    if encoding is not None:
        with path.open("rb") as file:
            return _parse(file, encoding, path.name, {})
    lines, bad = _mixed_lines(path)
    return _parse(io.BytesIO(b"\n".join(lines)), "utf-8", path.name, bad)


def _encoding(path: Path) -> str | None:
    """Return the encoding that fits the whole file, or None if neither UTF-8 nor GB 18030 does.

    Raises:
        LinkageError: It is no text, or of four bytes a character.
    """
    wide = sniff.wide(_start(path))
    if wide == sniff.UNKNOWN:
        raise LinkageError("linkage.encoding", file=path.name)
    if wide:
        return wide
    return next((name for name in ("utf-8", FALLBACK) if _decodes(path, name)), None)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _mixed_lines(path: Path) -> tuple[list[bytes], dict[int, str]]:
    """Return the lines in UTF-8, blank where a line fits no encoding, and the numbers of those."""
    lines, bad = [], {}
    for at, line in enumerate(path.read_bytes().splitlines()):
        text = None
        for name in ("utf-8", FALLBACK):
            with suppress(UnicodeDecodeError):
                text = line.decode(name)
                break
        if text is None:
            bad[at] = "encoding"
        lines.append((text or "").encode())
    return lines, bad


def _parse(file: Any, encoding: str, name: str, bad: dict[int, str]) -> Source:
    """Parse a CSV; a row with too many or too few cells is set aside.

    Row numbers are known to the parser only where it works in one thread, so that is done a second
    time where a row fails.
    """
    source: Any = file
    if encoding.startswith("utf-16"):
        source, encoding = io.BytesIO(file.read().decode(encoding).encode()), "utf-8"
    first = source.readline().decode(encoding, "replace")
    options = {"delimiter": max(DELIMITERS, key=first.count), "encoding": encoding}
    wrong: list[tuple[int, str]] = []

    def skip(row: Any) -> str:
        kind = "cells_many" if row.actual_columns > row.expected_columns else "cells_few"
        wrong.append(((row.number or 0) - 1, kind))
        return "skip"

    source.seek(0)
    table = _parsed(source, options, skip, threads=True)
    if wrong:
        wrong.clear()
        source.seek(0)
        table = _parsed(source, options, skip, threads=False)
    table = table.rename_columns(_heading(table.column_names, name))
    every = np.arange(1, table.num_rows + len(wrong) + 1, dtype=np.int64)
    rows = np.delete(every, [row - 1 for row, _ in wrong])
    return Source(table, rows, wrong + sorted(bad.items()))


def _parsed(source: Any, options: dict[str, str], skip: Any, *, threads: bool) -> Any:
    return pacsv.read_csv(
        source,
        pacsv.ReadOptions(use_threads=threads, encoding=options["encoding"]),
        pacsv.ParseOptions(
            delimiter=options["delimiter"],
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        pacsv.ConvertOptions(
            default_column_type=pa.string(), strings_can_be_null=True, null_values=[""]
        ),
    )


def _read_parquet(path: Path) -> Source:
    table = pq.read_table(path)
    nested = [one.name for one in table.schema if pa.types.is_nested(one.type)]
    if nested:
        raise LinkageError("linkage.nested", file=path.name, column="、".join(nested))
    return _source([strings(column) for column in table.columns], table.column_names, path)


def _read_xlsx(path: Path) -> Source:
    """Read the first sheet; a cell shows as people see it: a date as 1999-01-02, a whole number without .0."""
    calamine = importlib.import_module("python_calamine")
    try:
        sheet = calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    except calamine.CalamineError as error:
        raise ValueError(str(error)) from error
    if not sheet:
        raise LinkageError("linkage.empty_sheet", file=path.name)
    columns = [
        pa.array([_cell(row[at]) for row in sheet[1:]], pa.string()) for at in range(len(sheet[0]))
    ]
    return _source(columns, [str(name) for name in sheet[0]], path)


def _cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    return str(value)


def _source(columns: list[Column], names: list[str], path: Path) -> Source:
    empty_to_null = [pc.if_else(pc.equal(c, ""), None, c) for c in columns]
    table = pa.table(empty_to_null, names=_heading(names, path.name))
    return Source(table, np.arange(1, table.num_rows + 1, dtype=np.int64), [])


def write(table: Any, path: Path) -> None:
    """Write a table as .csv (UTF-8), .parquet or .xlsx, whole or not at all.

    Raises:
        LinkageError: If the name ends in something else.
    """
    writers = {".csv": _write_csv, ".parquet": pq.write_table, ".xlsx": _write_xlsx}
    if path.suffix.lower() not in writers:
        raise LinkageError("linkage.kind", file=path.name)
    with replacing(path) as partial:
        writers[path.suffix.lower()](table, partial)


def _write_csv(table: Any, path: Path) -> None:
    """Write a CSV with plain headings; cells are quoted where they must be."""
    with path.open("wb") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
        if table.num_rows:  # an empty chunk would be written as rubbish
            pacsv.write_csv(table.combine_chunks(), file, options)


def _write_xlsx(table: Any, path: Path) -> None:
    """Write one sheet; strings stay strings, so that no number of 18 digits is rounded."""
    xlsxwriter = importlib.import_module("xlsxwriter")
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.column_names)
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, row)
