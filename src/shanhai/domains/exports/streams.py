"""CSV and JSON as streams: a row is sent as it is read, whatever the length of the table."""

import csv
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from shanhai.domains.exports.cells import Column, Row, plain_text

BOM = "\ufeff"


class _Echo:
    """A file that hands back what is written, so that csv can stream."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a CSV with a byte order mark, so that spreadsheet programs read it as UTF-8.

    Args:
        columns: What each cell of a row is.
        rows: Read once, lazily.
    """
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([column.title() for column in columns])
    for row in rows:
        cells = zip(columns, row, strict=True)
        yield writer.writerow([plain_text(value, column.kind) for column, value in cells])


def json_pieces(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a JSON array of objects piece by piece; money stays integer fen, unknown is null.

    Args:
        columns: Their names are the keys.
        rows: Read once, lazily.
    """
    names = [column.name for column in columns]
    start = b"["
    for row in rows:
        yield start + msgspec.json.encode(dict(zip(names, row, strict=True)))
        start = b",\n"
    yield b"[]" if start == b"[" else b"]"
