"""Batches of an import: keep the file, read it the way its organisation does, match what is recorded already."""

import hashlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import Http404

from shanhai.acts.project import Project as RecordedProject
from shanhai.acts.project import ProjectState
from shanhai.acts.project_declare import RecordPublished
from shanhai.data import regions
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.imports.mapping import Mapping, corrected
from shanhai.domains.imports.models import ImportBatch, KeptMapping
from shanhai.domains.imports.opening import MAX_MB, open_sheets
from shanhai.domains.imports.published import record_of, year_of
from shanhai.domains.imports.reading import read_projects
from shanhai.domains.imports.result import Project, Report
from shanhai.domains.rows import row_of
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

Batch = ImportBatch
SUFFIXES = (".xlsx", ".xls", ".csv")
KEPT_SECONDS = 600
SHOWN = 50
TEXTS["import.source.missing"] = Text(
    "请填写来源：公告文号或网址，以便他人核对",
    "State the source: the notice's number or address, so that others can check it",
)
TEXTS["import.year.missing"] = Text(
    "看不出是哪一年的项目：请在表中加“年度”列，或上传时填写年度",
    "The year is not stated: add a year column, or enter the year when uploading",
)


class Match(NamedTuple):
    """A recorded project that a row names again; `same` if the amount agrees too."""

    id: str
    same: bool


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(batch: ImportBatch) -> Path:
    """Return where a batch's file lies."""
    return _folder() / f"{batch.id}{batch.suffix}"


def batches_of(actor: Actor) -> "QuerySet[ImportBatch]":
    """Return the organisation's batches, newest first."""
    mine = ImportBatch.objects.filter(organisation=actor.organisation)
    return mine.order_by("-created_ms", "id")


def batch_or_404(actor: Actor, batch_id: str) -> ImportBatch:
    """Return one of the organisation's batches.

    Raises:
        Http404: If it is missing or another organisation's.
    """
    found = batches_of(actor).filter(pk=batch_id).first()
    if found is None:
        raise Http404(f"no import {batch_id}")
    return found


@transaction.atomic
def batch_create(
    *, actor: Actor, name: str, content: bytes, source: str, year: int, published: str, now_ms: int
) -> ImportBatch:
    """Keep an uploaded file; it is opened only by the reader that takes nothing on trust.

    Args:
        actor: Who brings it.
        name: The file's own name.
        content: Its bytes.
        source: What its rows cite where they name no source.
        year: The year of rows that name none, 0 where each names its own.
        published: `2021-07-12` where the table does not say, or "".
        now_ms: Time of the upload.

    Raises:
        InvalidInputError: For a missing source, a wrong kind or size.
    """
    suffix = Path(name).suffix.lower()
    if not source.strip():
        raise InvalidInputError("import.source.missing")
    if suffix not in SUFFIXES:
        raise InvalidInputError("import.file.kind", suffix=suffix or name[:20])
    if len(content) > MAX_MB << 20:
        raise InvalidInputError("import.file.too_large", limit=MAX_MB)
    if not content:
        raise InvalidInputError("import.file.empty")
    batch = ImportBatch.objects.create(
        id=secrets.token_hex(12),
        person=actor.person,
        organisation=actor.organisation,
        name=Path(name).name[:200],
        suffix=suffix,
        source=source.strip()[:300],
        year=year,
        published=published,
        created_ms=now_ms,
    )
    path_of(batch).write_bytes(content)
    return batch


def batch_remove(batch: ImportBatch) -> None:
    """Forget a file; what was signed from it stays on the ledger."""
    path_of(batch).unlink(missing_ok=True)
    batch.delete()


def kept(organisation: str) -> dict[str, Mapping]:
    """Return the mappings an organisation keeps, by fingerprint."""
    rows = KeptMapping.objects.filter(organisation=organisation)
    decode = msgspec.json.Decoder(Mapping).decode
    return {one.fingerprint: decode(one.mapping) for one in rows}


def keep(
    batch: ImportBatch, mapping: Mapping, *, columns: dict[str, int], unit: str, county: str
) -> None:
    """Keep a corrected mapping for the organisation; the next import of the same headings uses it."""
    made = corrected(mapping, columns=columns, unit=unit, county_code=county)
    KeptMapping.objects.update_or_create(
        organisation=batch.organisation,
        fingerprint=mapping.fingerprint,
        defaults={"mapping": msgspec.json.encode(made).decode()},
    )


def read(batch: ImportBatch) -> Report:
    """Read a batch the way its organisation does; kept ten minutes for the same mappings."""
    saved = kept(batch.organisation)
    state = hashlib.sha256(msgspec.json.encode(saved, order="sorted")).hexdigest()[:16]
    key = f"import/{batch.id}/{state}"
    raw: bytes | None = cache.get(key)
    if raw is not None:
        return msgspec.json.decode(raw, type=Report)
    report = read_projects(path_of(batch), regions.load(Path(settings.DATA_DIR)), saved)
    cache.set(key, msgspec.json.encode(report), KEPT_SECONDS)
    return report


def annotated(batch: ImportBatch, target: Path) -> None:
    """Write the file again with its problems beside each row.

    Raises:
        InvalidInputError: If the file cannot be opened at all.
    """
    from shanhai.domains.imports.mending import (  # noqa: PLC0415 - heavy, and only here
        write_mending,
    )

    write_mending(target, open_sheets(path_of(batch)), read(batch))


def completed(batch: ImportBatch, project: Project) -> Project:
    """Return a row with the batch's year and date where it names none."""
    changes: dict[str, str] = {}
    if not year_of(project) and batch.year:
        changes["year"] = str(batch.year)
    if not project.published and batch.published:
        changes["published"] = batch.published
    return msgspec.structs.replace(project, **changes) if changes else project


def record(batch: ImportBatch, project: Project) -> RecordPublished:
    """Return the act that records a row.

    Raises:
        InvalidInputError: `import.year.missing` where neither row nor batch names a year.
    """
    whole = completed(batch, project)
    if not year_of(whole):
        raise InvalidInputError("import.year.missing")
    return record_of(whole, source=batch.source)


def matches(batch: ImportBatch, projects: tuple[Project, ...]) -> dict[str, Match]:
    """Return, by import key, the recorded projects that rows name again: by place, year and name; one query."""
    names = {project.name for project in projects}
    rows = row_of(RecordedProject).objects.filter(state=ProjectState.RECORDED.value, name__in=names)
    known = {
        (region, year, name): (one, fen)
        for one, region, year, name, fen in rows.values_list(
            "id", "region", "year", "name", "planned_fen"
        )
    }
    found = {}
    for project in projects:
        there = known.get((project.county_code, year_of(completed(batch, project)), project.name))
        if there is not None:
            found[project.import_key] = Match(there[0], there[1] == (project.amount_fen or 0))
    return found
