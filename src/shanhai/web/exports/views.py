"""/export/<noun>.<form>: csv and json as streams, xlsx as a file; the ledger's checkpoint on each."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse

from shanhai.domains import listings
from shanhai.domains.exports.cells import plain_text
from shanhai.domains.exports.streams import csv_lines, json_pieces
from shanhai.domains.listings import Asked, Listing
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.web.exports.rows import checkpoint, columns, rows
from shanhai.web.http import WebRequest, public
from shanhai.web.objects.lists import find_listing, query

MOST_ROWS = 20_000
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXTS["export.too_long"] = Text(
    "超过 {most} 行，不宜做成 Excel；请缩小筛选范围，或导出 CSV（不限行数）",
    "More than {most} rows are too many for Excel; narrow the filters, or export CSV, which has no limit",
)


def notes(found: Listing, want: Asked) -> list[str]:
    """Return the closing lines: what was asked for, and where the ledger stood."""
    asked = query(want).lstrip("?") or "—"
    return [f"{found.noun.text.zh} {found.noun.text.en}; 筛选 Filters: {asked}", *checkpoint()]


def as_csv(request: WebRequest, found: Listing, want: Asked) -> HttpResponseBase:
    """Stream a CSV with a byte order mark."""

    def pieces() -> Iterator[str]:
        yield from csv_lines(columns(found), rows(found, request.actor, want))
        for line in notes(found, want):
            text = plain_text(f"# {line}", columns(found)[0].kind).replace('"', '""')
            yield f'"{text}"\r\n'

    return StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")


def as_json(request: WebRequest, found: Listing, want: Asked) -> HttpResponseBase:
    """Stream a JSON array; the checkpoint stands in a header, so that the array stays one of rows."""
    made = json_pieces(columns(found), rows(found, request.actor, want))
    return StreamingHttpResponse(made, content_type="application/json")


def as_xlsx(request: WebRequest, found: Listing, want: Asked) -> HttpResponseBase:
    """Send a workbook, the notes on a sheet of their own.

    Raises:
        InvalidInputError: `export.too_long` beyond 20,000 rows.
    """
    from shanhai.domains.exports.workbook import write_workbook  # noqa: PLC0415 - heavy

    many = listings.matching(found, request.actor, want).order_by()[: MOST_ROWS + 1].count()
    if many > MOST_ROWS:
        raise InvalidInputError("export.too_long", most=MOST_ROWS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        made = rows(found, request.actor, want)
        name = found.noun.text.zh
        write_workbook(path, name, columns(found), made, notes=notes(found, want))
        return FileResponse(path.open("rb"), content_type=SHEET_TYPE)


FORMS: dict[str, Callable[[WebRequest, Listing, Asked], HttpResponseBase]] = {
    "csv": as_csv,
    "json": as_json,
    "xlsx": as_xlsx,
}


@public
def export(request: WebRequest, noun: str, form: str) -> HttpResponseBase:
    """Export what a list shows to whoever may see it."""
    if form not in FORMS:
        raise Http404(f"no export as {form}")
    found = find_listing(noun)
    want = listings.asked(found, request.GET.dict())
    response = FORMS[form](request, found, want)
    response["Content-Disposition"] = f'attachment; filename="shanhai-{noun}.{form}"'
    response["X-Shanhai-Checkpoint"] = checkpoint()[1].encode("ascii", "ignore").decode().strip()
    return response
