"""/imports/opening: a county's workbook of running projects, how it is read, what must be mended before it is signed."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.imports import batches
from shanhai.domains.imports.batches import Batch
from shanhai.domains.imports.mapping import Mapping
from shanhai.domains.imports.problems import letter
from shanhai.domains.imports.running import batch as running
from shanhai.domains.imports.running.columns import KINDS
from shanhai.domains.imports.running.drafts import Draft, strays
from shanhai.domains.imports.running.reading import Read
from shanhai.domains.imports.running.template import write_template
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.imports.lines import problems
from shanhai.web.imports.views import SHEET_TYPE, SKIP
from shanhai.web.middleware import language

COUNTY = 6


def county_of(request: WebRequest) -> str:
    """Return the county that the officer acts for."""
    return request.actor.region[:COUNTY]


def home(request: WebRequest) -> HttpResponse:
    """Show the upload form and the organisation's workbooks; POST keeps one."""
    error = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("opening_import", args=[_uploaded(request).id]))
        except InvalidInputError as refused:
            error = refused.say(language())
    mine = batches.batches_of(request.actor).filter(kind=running.KIND)
    context = {"batches": mine[: batches.SHOWN], "error": error, "given": request.POST}
    status = UNPROCESSABLE if error else 200
    return page(request, "imports/opening_home.html", context, status=status)


def _uploaded(request: WebRequest) -> Batch:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInputError("import.file.empty")
    return running.batch_create(
        actor=request.actor,
        name=file.name or "",
        content=file.read(),
        source=request.POST.get("source", ""),
        now_ms=ledger_now_ms(),
    )


def template(_request: WebRequest) -> FileResponse:
    """Hand out the empty workbook with drop-downs that the import reads when filled in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "opening.xlsx"
        write_template(path)
        return FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename="shanhai-opening.xlsx",
            content_type=SHEET_TYPE,
        )


def opening_or_404(request: WebRequest, batch: str) -> Batch:
    """Return one of the organisation's own workbooks of running projects."""
    return batches.batch_or_404(request.actor, batch)


def preview(request: WebRequest, batch: str) -> HttpResponse:
    """Show every project with its parts and what must be mended; POST corrects a table's columns."""
    found = opening_or_404(request, batch)
    try:
        read = running.read(found)
    except InvalidInputError as refused:
        context = {"batch": found, "refused": refused.say(language())}
        return page(request, "imports/opening_preview.html", context)
    if request.method == "POST":
        _correct(request, found, read)
        return HttpResponseRedirect(reverse("opening_import", args=[found.id]))
    drafts = running.drafts_of(found, read, county_of(request))
    known = running.matches(drafts, county_of(request))
    told = [*read.problems, *strays(read), *(p for one in drafts for p in one.problems)]
    context = {
        "batch": found,
        "lines": [_line(one, read, known) for one in drafts],
        "fresh": sum(ready(one, read) and one.name not in known for one in drafts),
        "matched": len(known),
        "broken": sum(not ready(one, read) for one in drafts),
        "errors": problems(told),
        "tables": [_table(*one) for one in read.tables],
        "totals": len(read.totals),
    }
    return page(request, "imports/opening_preview.html", context)


def ready(draft: Draft, read: Read) -> bool:
    """Return whether nothing of a project must be mended first."""
    rows = {
        (one.sheet, one.row)
        for many in read.rows.values()
        for one in many
        if one.values.get("project") == draft.name
    }
    broken = any((p.sheet, p.row) in rows for p in read.problems)
    columns = any(p.code == "import.opening.column" for p in read.problems)
    return not (draft.problems or broken or columns)


def _line(draft: Draft, read: Read, known: dict[str, str]) -> dict[str, Any]:
    values = draft.values
    return {
        "draft": draft,
        "values": values,
        "lots": len(values["lots"]),
        "contracts": len(values["contracts"]),
        "price_fen": _sum(values["contracts"], "price_fen"),
        "budget_fen": _sum(values["budgets"], "amount_fen"),
        "ready": ready(draft, read),
        "known": known.get(draft.name, ""),
    }


def _sum(rows: list[dict[str, Any]], name: str) -> int | None:
    """Return the sum of a column, None where a part of it is unknown."""
    parts = [one.get(name) for one in rows]
    return None if None in parts else sum(part or 0 for part in parts)


def _table(sheet: str, row: int, kind: str, mapping: Mapping) -> dict[str, Any]:
    found = next(one for one in KINDS if one.name == kind)
    field_at = {place: field for field, place in mapping.columns.items()}
    return {
        "sheet": sheet,
        "row": row,
        "kind": found.text,
        "fingerprint": mapping.fingerprint,
        "options": [("", SKIP), *((one.field, one.text) for one in found.columns)],
        "columns": [
            {"letter": letter(at), "heading": heading, "field": field_at.get(at, "")}
            for at, heading in enumerate(mapping.headings)
        ],
    }


def _correct(request: WebRequest, batch: Batch, read: Read) -> None:
    mark = request.POST.get("fingerprint", "")
    for _, _, kind, mapping in read.tables:
        if mapping.fingerprint == mark:
            names = (
                (request.POST.get(f"column-{letter(at)}", ""), at)
                for at in range(len(mapping.headings))
            )
            running.keep(batch, mapping, kind, {field: at for field, at in names if field})
