"""Files in and out: CSV or Parquet, ids as text, whole numbers only, every refusal with its row."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from shanhai.engines.matching.market import LIMIT
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import replacing

_SHOWN = 40


def read_table(path: Path, wanted: tuple[str, ...], others: tuple[str, ...] = ()) -> pa.Table:
    """Read columns of a CSV or Parquet file as text or as they are stored.

    Args:
        path: The file; `.parquet` is Parquet, all else UTF-8 CSV with a header line.
        wanted: Columns that must be there.
        others: Columns that are taken where they are there.

    Returns:
        A table of the columns found, in the order asked for.

    Raises:
        InvalidInputError: The file cannot be read or lacks a column.
    """
    table = _read(path)
    names = table.column_names
    missing = [name for name in wanted if names.count(name) != 1]
    if missing:
        raise InvalidInputError(
            "match.columns",
            file=path.name,
            missing=", ".join(missing),
            found=", ".join(names)[:200],
            wanted=",".join(wanted),
        )
    return table.select([*wanted, *(name for name in others if name in names)])


def read_all(path: Path, wanted: str) -> pa.Table:
    """Read every column of a file that has the wanted one.

    Raises:
        InvalidInputError: The file cannot be read, lacks the column, or has two of one name.
    """
    table = _read(path)
    names = table.column_names
    if wanted not in names or len(set(names)) < len(names):
        raise InvalidInputError(
            "match.columns",
            file=path.name,
            missing=wanted,
            found=", ".join(names)[:200],
            wanted=f"{wanted}, …",
        )
    return table


def _read(path: Path) -> pa.Table:
    try:
        table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise InvalidInputError("match.file", file=path.name, detail=_why(path, error)) from error
    return table.rename_columns(
        [name.strip().removeprefix("\ufeff") for name in table.column_names]
    )


def _why(path: Path, error: Exception) -> str:
    """Return why a file cannot be read, in words that tell what to do."""
    text = str(error).split("\n")[0][:200]
    if path.suffix.lower() in {".xlsx", ".xls", ".et"}:
        return "这是表格文件，请另存为“CSV UTF-8” a workbook: save it as CSV UTF-8"
    if isinstance(error, FileNotFoundError):
        return "没有这个文件 no such file"
    if isinstance(error, UnicodeDecodeError) or "invalid utf8" in text.lower():
        return "不是 UTF-8（多半是 GBK），请另存为“CSV UTF-8” not UTF-8, likely GBK: save it as CSV UTF-8"
    return "空文件 empty file" if "empty" in text.lower() else text


def _parquet(path: Path) -> pa.Table:
    return pa.parquet.read_table(path)


def _csv(path: Path) -> pa.Table:
    """Read every column as text; repeated texts are kept once."""
    with path.open("rb") as file:
        header = file.readline().decode("utf-8-sig").strip()
    names = next(iter(_split(header)), [])
    text = pa.dictionary(pa.int32(), pa.string())
    return pa.csv.read_csv(
        path,
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, text), strings_can_be_null=False
        ),
    )


def _split(header: str) -> list[list[str]]:
    return list(csv.reader([header]))


def codes(table: pa.Table, column: str, file: str) -> tuple[NDArray[np.int32], list[str]]:
    """Return a column of ids as codes and the distinct ids, in order of appearance.

    Raises:
        InvalidInputError: An id is empty.
    """
    array = table[column]
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string())
    packed = array.unify_dictionaries() if array.num_chunks else array
    if not pa.types.is_dictionary(packed.type):
        packed = packed.dictionary_encode()
    whole = packed.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], packed.type)
    ids = [str(one) for one in whole.dictionary.to_pylist()]
    found = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    blank = {-1, *(k for k, one in enumerate(ids) if not one.strip())}
    bad = np.isin(found, list(blank)) if len(blank) > 1 or (found < 0).any() else np.zeros(0, bool)
    if bad.any():
        row = int(np.argmax(bad)) + 2
        raise InvalidInputError("match.empty_id", file=file, row=row, column=column)
    return found, ids


def whole_numbers(table: pa.Table, column: str, file: str) -> NDArray[np.int64]:
    """Return a column of whole numbers.

    Raises:
        InvalidInputError: A value is empty, no whole number, or beyond ±`LIMIT`; names its row.
    """
    array = table[column]
    if pa.types.is_dictionary(array.type):
        array = pc.cast(array, pa.string())
    with suppress(pa.ArrowInvalid):
        numbers = array.cast(pa.int64())
        if numbers.null_count == 0:
            found: NDArray[np.int64] = numbers.to_numpy()
            return _in_range(found, column)
    for row, value in enumerate(array.to_pylist()):
        text = str(value).strip() if value is not None else ""
        if not _is_whole(text):
            raise InvalidInputError(
                "match.not_integer",
                file=file,
                row=row + 2,
                column=column,
                value=text[:_SHOWN] or "空 blank",
            )
        if abs(int(float(text))) > LIMIT:
            raise InvalidInputError(
                "match.score_huge", column=column, value=text[:_SHOWN], limit=LIMIT
            )
    return np.array([int(float(str(one))) for one in array.to_pylist()], np.int64)


def _is_whole(text: str) -> bool:
    try:
        return float(text).is_integer()
    except (ValueError, OverflowError):
        return False


def _in_range(found: NDArray[np.int64], column: str) -> NDArray[np.int64]:
    for value in (int(found.max(initial=0)), int(found.min(initial=0))):
        if abs(value) > LIMIT:
            raise InvalidInputError("match.score_huge", column=column, value=value, limit=LIMIT)
    return found


@contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """Write a file whole or not at all; refuse with its name where it cannot be written."""
    try:
        with replacing(path) as passing:
            yield passing
    except OSError as error:
        detail = os.strerror(error.errno) if error.errno else str(error)
        raise InvalidInputError(
            "match.unwritable", file=path.name or str(path), detail=detail
        ) from error


def write_table(path: Path, columns: dict[str, list[Any]]) -> None:
    """Write a table as CSV or Parquet, by its suffix, whole or not at all."""
    with _writing(path) as passing:
        if path.suffix == ".parquet":
            pa.parquet.write_table(pa.table(columns), passing)
        else:
            with passing.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns)
                writer.writerows(zip(*columns.values(), strict=True))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with _writing(path) as passing:
        passing.write_bytes(data)
