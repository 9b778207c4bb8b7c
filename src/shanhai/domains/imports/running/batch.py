"""A 期初 workbook on its way to be signed: read with the organisation's mappings, tied, matched with the ledger."""

import hashlib

import msgspec
from django.core.cache import cache

from shanhai.acts.project import Project, ProjectState
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import node
from shanhai.domains.files.services import document_keep
from shanhai.domains.imports import batches
from shanhai.domains.imports.mapping import Mapping
from shanhai.domains.imports.models import ImportBatch, KeptMapping
from shanhai.domains.imports.opening import open_sheets
from shanhai.domains.imports.running.columns import KINDS
from shanhai.domains.imports.running.drafts import Draft, drafts
from shanhai.domains.imports.running.reading import Read, read_workbook
from shanhai.domains.rows import row_of

KIND = "opening"


def batch_create(
    *, actor: Actor, name: str, content: bytes, source: str, now_ms: int
) -> ImportBatch:
    """Keep an uploaded workbook, in the file store too, because the acts cite it by hash.

    Raises:
        InvalidInputError: For a missing basis, a wrong kind or size.
    """
    batch = batches.batch_create(
        actor=actor,
        name=name,
        content=content,
        source=source,
        year=0,
        published="",
        now_ms=now_ms,
    )
    kept = document_keep(
        actor=actor, name=batch.name, data=content, suite=node().constants.suite.name, now_ms=now_ms
    )
    batch.kind, batch.document = KIND, kept.digest
    batch.save(update_fields=["kind", "document"])
    return batch


def read(batch: ImportBatch) -> Read:
    """Read a workbook the way its organisation does; kept ten minutes for the same mappings.

    Raises:
        InvalidInputError: If the file is refused.
    """
    saved = batches.kept(batch.organisation)
    state = hashlib.sha256(msgspec.json.encode(saved, order="sorted")).hexdigest()[:16]
    key = f"opening/{batch.id}/{state}"
    raw: bytes | None = cache.get(key)
    if raw is not None:
        return msgspec.json.decode(raw, type=Read)
    found = read_workbook(open_sheets(batches.path_of(batch)), saved)
    cache.set(key, msgspec.json.encode(found), batches.KEPT_SECONDS)
    return found


def drafts_of(batch: ImportBatch, found: Read, county: str) -> list[Draft]:
    """Return the running projects of a workbook."""
    return drafts(found, county=county, basis=batch.source, document=batch.document)


def keep(batch: ImportBatch, mapping: Mapping, kind: str, columns: dict[str, int]) -> None:
    """Keep corrected columns for the organisation; the next workbook with the same headings uses them."""
    fields = {c.field for one in KINDS if one.name == kind for c in one.columns}
    chosen = {k: v for k, v in columns.items() if k in fields and 0 <= v < len(mapping.headings)}
    made = msgspec.structs.replace(mapping, columns=chosen)
    KeptMapping.objects.update_or_create(
        organisation=batch.organisation,
        fingerprint=mapping.fingerprint,
        defaults={"mapping": msgspec.json.encode(made).decode()},
    )


def matches(found: list[Draft], county: str) -> dict[str, str]:
    """Return, by name, the opening projects that are entered already: by county, year and name; one query."""
    rows = row_of(Project).objects.filter(
        opening=True, name__in=[one.name for one in found], region__startswith=county
    )
    there = {
        (name, year): one
        for one, name, year in rows.exclude(state=ProjectState.VOID.value).values_list(
            "id", "name", "year"
        )
    }
    known = ((one.name, there.get((one.name, one.values.get("year")))) for one in found)
    return {name: one for name, one in known if one}
