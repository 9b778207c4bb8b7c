"""/imports: bring a spreadsheet, see how it is read, correct the mapping, take the annotated copy home."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shanhai.acts.roles import Role
from shanhai.data import regions
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.imports import batches
from shanhai.domains.imports.batches import Batch
from shanhai.domains.imports.fields import LABELS
from shanhai.domains.imports.mapping import Mapping
from shanhai.domains.imports.problems import letter
from shanhai.domains.imports.result import Report, TableRead
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.imports.lines import SHOWN, problems, project_lines
from shanhai.web.middleware import language

UNITS = ("元", "千元", "万元", "亿元")
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SKIP = Text("不读入", "Leave out")
TEXTS["import.unit.no_reason"] = Text(
    "更改金额单位请写明理由", "Say why the unit of the amounts is changed"
)


def home(request: WebRequest) -> HttpResponse:
    """Show the upload form and the organisation's files; POST keeps a file."""
    error = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("import", args=[_uploaded(request).id]))
        except InvalidInputError as refused:
            error = refused.say(language())
    context = {
        "batches": batches.batches_of(request.actor)[: batches.SHOWN],
        "running": request.actor.role is Role.COUNTY_OFFICE,
        "error": error,
        "given": request.POST,
    }
    return page(request, "imports/home.html", context, status=UNPROCESSABLE if error else 200)


def _uploaded(request: WebRequest) -> Batch:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInputError("import.file.empty")
    year = request.POST.get("year", "")
    return batches.batch_create(
        actor=request.actor,
        name=file.name or "",
        content=file.read(),
        source=request.POST.get("source", ""),
        year=int(year) if year.isdigit() else 0,
        published=request.POST.get("published", "")[:10],
        now_ms=ledger_now_ms(),
    )


def tables_of(report: Report) -> list[dict[str, Any]]:
    """Return how each table was read, with a choice for every column."""
    options = [("", SKIP), *LABELS.items()]
    return [
        {
            "read": table,
            "columns": _columns(table.mapping),
            "options": options,
            "units": UNITS,
            "confirmed": table.mapping.unit_source == "confirmed",
        }
        for table in report.tables
        if table.mapping.headings
    ]


def _columns(mapping: Mapping) -> list[dict[str, str]]:
    field_at = {place: field for field, place in mapping.columns.items()}
    return [
        {"letter": letter(place), "heading": heading, "field": field_at.get(place, "")}
        for place, heading in enumerate(mapping.headings)
    ]


def preview(request: WebRequest, batch: str) -> HttpResponse:
    """Show what would be recorded and what must be mended; POST corrects a table's mapping."""
    found = batches.batch_or_404(request.actor, batch)
    report, error = batches.read(found), ""
    if request.method == "POST":
        try:
            _correct(request, found, report)
            return HttpResponseRedirect(reverse("import", args=[found.id]))
        except InvalidInputError as refused:
            error = refused.say(language())
    result = report.result
    known = batches.matches(found, result.projects)
    context = {
        "batch": found,
        "result": result,
        "fresh": sum(one.import_key not in known for one in result.projects),
        "matched": len(known),
        "tables": tables_of(report),
        "errors": problems(result.errors),
        "warnings": problems(result.warnings),
        "lines": project_lines(result.projects[:SHOWN], known),
        "more": max(0, len(result.projects) - SHOWN),
        "error": error,
    }
    return page(request, "imports/preview.html", context, status=UNPROCESSABLE if error else 200)


def _correct(request: WebRequest, batch: Batch, report: Report) -> None:
    table = _table(report, request.POST.get("fingerprint", ""))
    if table is None:
        return
    mapping, unit = table.mapping, request.POST.get("unit", "")
    unit = unit if unit in UNITS else ""
    reason = request.POST.get("reason", "").strip()
    if unit and unit != mapping.unit and not reason:
        raise InvalidInputError("import.unit.no_reason")
    chosen = {
        field: place
        for place in range(len(mapping.headings))
        if (field := request.POST.get(f"column-{letter(place)}", "")) in LABELS
    }
    batches.keep(
        batch, mapping, columns=chosen, unit=unit, county=request.POST.get("county", "").strip()
    )
    if reason:
        batch.reason = reason[:300]
        batch.save(update_fields=["reason"])


def _table(report: Report, fingerprint: str) -> TableRead | None:
    return next((one for one in report.tables if one.mapping.fingerprint == fingerprint), None)


def annotated(request: WebRequest, batch: str) -> FileResponse:
    """Hand the file back with its problems written beside each row."""
    found = batches.batch_or_404(request.actor, batch)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problems.xlsx"
        batches.annotated(found, path)
        name = f"{Path(found.name).stem}-problems.xlsx"
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=name, content_type=SHEET_TYPE
        )


def remove(request: WebRequest, batch: str) -> HttpResponse:
    """Forget a file that is not needed."""
    batches.batch_remove(batches.batch_or_404(request.actor, batch))
    return HttpResponseRedirect(reverse("imports"))


def template(request: WebRequest) -> FileResponse:
    """Hand out an empty table with drop-downs that the import reads when filled in."""
    from shanhai.domains.exports.template import (  # noqa: PLC0415 - heavy, and only here
        Choices,
        write_template,
    )

    names = regions.load(Path(settings.DATA_DIR)).names
    mine = request.actor.region[:2]
    counties = [name for code, name in sorted(names.items()) if code[:2] == mine][:500]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, Choices(counties=counties or sorted(names.values())[:500]))
        return FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename="shanhai-projects.xlsx",
            content_type=SHEET_TYPE,
        )
