"""Turning a checked file into text cells; runs in the reading process only."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import python_calamine as calamine

from shanhai.domains.imports.archive import check_archive
from shanhai.domains.imports.book import Sheet
from shanhai.kernel.errors import InvalidInputError

MAX_CELLS = 2_000_000
_ODD_SPACE = re.compile(r"_x000[DdAa9]_|[\u200b\u200e\u200f\ufeff\u00ad]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMPTY_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_workbook(path: Path, kind: str) -> list[Sheet]:
    """Read every worksheet.

    Args:
        path: The file.
        kind: `xlsx`, `xls` or `csv`, as its first bytes say.

    Raises:
        InvalidInputError: If the file is harmful, protected, damaged or too large.
    """
    if kind == "csv":
        return [_read_csv(path)]
    if kind == "xls":
        return _read_calamine(path)
    check_archive(path)
    sheets = _read_calamine(path)
    faults = _faults(path)
    for sheet in sheets:
        sheet.faults = faults.get(sheet.name, [])
    return sheets


def _read_calamine(path: Path) -> list[Sheet]:
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return list(_sheets(book))
    except calamine.PasswordError as error:
        raise InvalidInputError("import.file.password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InvalidInputError("import.file.broken") from error


def _sheets(book: calamine.CalamineWorkbook) -> Iterator[Sheet]:
    room = MAX_CELLS
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        room -= sheet.total_height * sheet.total_width
        if room < 0:
            raise InvalidInputError("import.file.memory")
        rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        merged = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []]
        yield Sheet(meta.name, meta.visible != calamine.SheetVisibleEnum.Visible, rows, merged)


def text_of(cell: object) -> str:
    """Return a cell as text: numbers to the 15 digits a spreadsheet shows, dates as ISO."""
    if isinstance(cell, str):
        return _ODD_SPACE.sub("", cell).strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, (int, timedelta)) else ""


def _faults(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Return the cells without a value that the parser shows as blank, by sheet name."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    with zipfile.ZipFile(path) as archive:
        for name, part in _parts(archive).items():
            raw = archive.read(part) if part in archive.namelist() else b""
            formulas = _EMPTY_FORMULA.finditer(raw) if b"<f" in raw or b":f" in raw else ()
            cells = [(match[1], "") for match in formulas if b't="str"' not in match[1]]
            cells += [
                (match[1], match[2].decode("ascii", "replace")) for match in _ERROR.finditer(raw)
            ]
            places = [(_PLACE.search(attributes), value) for attributes, value in cells]
            found[name] = [(int(at[2]) - 1, _number(at[1]), value) for at, value in places if at]
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - check_archive refused entities
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - check_archive refused entities
    except (ET.ParseError, KeyError) as error:
        raise InvalidInputError("import.file.broken") from error
    targets = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
    parts = {
        sheet.get("name") or "": targets.get(sheet.get(_RELATION), "")
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }
    return {k: v if v.startswith("xl/") else f"xl/{v}" for k, v in parts.items()}


def _number(letters: bytes) -> int:
    column = 0
    for byte in letters:
        column = column * 26 + byte - 64
    return column - 1


def _read_csv(path: Path) -> Sheet:
    raw = path.read_bytes()
    text = _decode(raw)
    head = text[:20_000]
    delimiter = max(",\t;|", key=head.count)
    rows: list[list[str]] = []
    room = MAX_CELLS
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            room -= len(row)
            if room < 0:
                raise InvalidInputError("import.file.memory")
            rows.append([text_of(cell) for cell in row])
    except csv.Error as error:
        raise InvalidInputError("import.file.broken") from error
    return Sheet(path.stem, hidden=False, rows=rows)


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
        if b"\x00" in raw:
            raise InvalidInputError("import.file.mismatch", suffix=".csv")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInputError("import.file.encoding")
