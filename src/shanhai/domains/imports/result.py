"""What an import gives: projects to be submitted, complaints, and how each table was read."""

import hashlib
import re

import msgspec

from shanhai.domains.imports.fields import squash
from shanhai.domains.imports.mapping import Mapping
from shanhai.domains.imports.problems import Problem

_FIGURES = re.compile(r"[\d,.]+(?:亿元|万元|千元|元|亿|万)")


class Project(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A project as the announcement states it; `amount_fen` is None where it states none.

    Attributes:
        source_row: Row as the spreadsheet counts it, from 1.
        import_key: The same project of a second import has the same key.
        county_code: Six-digit adcode; of a prefecture where the notice names no county.
        start: `2021-07-12`, `2021-07` or `2021`, as `end`.
        amount_fen: Total investment or project money in fen, as the parts that follow.
    """

    name: str
    county_code: str
    amount_fen: int | None
    source_row: int
    sheet: str
    import_key: str
    county: str = ""
    township: str = ""
    village: str = ""
    location: str = ""
    category: str = ""
    subcategory: str = ""
    nature: str = ""
    content: str = ""
    aid_fen: int | None = None
    bridging_fen: int | None = None
    local_fen: int | None = None
    fund_source: str = ""
    benefits: str = ""
    households: int | None = None
    people: int | None = None
    poor_households: int | None = None
    poor_people: int | None = None
    linkage: str = ""
    target: str = ""
    supervising_unit: str = ""
    implementing_unit: str = ""
    start: str = ""
    end: str = ""
    asset_owner: str = ""
    year: str = ""
    source: str = ""
    publisher: str = ""
    published: str = ""
    remark: str = ""


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of reading one file.

    Attributes:
        accepted: Projects that can be submitted.
        rejected: Projects with at least one error.
        skipped_totals: Rows of totals and subtotals, checked against the projects and left out.
        errors: What must be mended.
        projects: The accepted ones, in the order of the file.
        warnings: What was read but should be looked at.
    """

    accepted: int
    rejected: int
    skipped_totals: int
    errors: tuple[Problem, ...]
    projects: tuple[Project, ...]
    warnings: tuple[Problem, ...] = ()


class TableRead(msgspec.Struct, frozen=True, kw_only=True):
    """How one table was read, for the preview: sheet, heading row from 1, and the mapping."""

    sheet: str
    header_row: int
    mapping: Mapping


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result together with how it came about."""

    result: ImportResult
    tables: tuple[TableRead, ...]


def import_key(county_code: str, year: str, *words: str) -> str:
    """Return 32 hex digits that name a project by county, year, name, place and fund, never by its amount."""
    parts = [_FIGURES.sub("", squash(word)) for word in words]
    return hashlib.sha256("\x1f".join((county_code, year, *parts)).encode()).hexdigest()[:32]
