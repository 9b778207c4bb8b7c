"""Which column is which: detected, shown, corrected by a person, kept for the next time."""

import hashlib

import msgspec

from shanhai.domains.imports.fields import LABELS, squash


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How one table is read; a person may correct it and keep it by its fingerprint.

    Attributes:
        headings: The heading of every column; two heading rows are joined by a line feed.
        columns: Field → zero-based column.
        unit: 元, 千元, 万元, 亿元, or blank where nothing states it.
        unit_source: `heading`, `title`, `assumed`, `confirmed`, or blank.
        county_code: County of every row without one of its own; blank if there is none.
        year: Year named in the title, or blank.
        fingerprint: Same headings, same fingerprint: the county's own workbook is mapped once.
    """

    headings: tuple[str, ...]
    columns: dict[str, int]
    unit: str = ""
    unit_source: str = ""
    county_code: str = ""
    year: str = ""
    fingerprint: str = ""


def fingerprint(headings: tuple[str, ...]) -> str:
    """Return 16 hex digits that name a row of headings, whatever its spaces and widths."""
    text = "\x1f".join(squash(heading) for heading in headings)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def corrected(
    mapping: Mapping,
    *,
    columns: dict[str, int] | None = None,
    unit: str = "",
    county_code: str = "",
) -> Mapping:
    """Return a mapping with a person's choices; a chosen unit counts as confirmed.

    Args:
        mapping: What was detected.
        columns: Field → column, replacing what was detected; unknown fields are dropped.
        unit: A unit of money.
        county_code: Adcode for rows without a county.
    """
    chosen = mapping.columns if columns is None else columns
    return msgspec.structs.replace(
        mapping,
        columns={k: v for k, v in chosen.items() if k in LABELS and 0 <= v < len(mapping.headings)},
        unit=unit or mapping.unit,
        unit_source="confirmed" if unit else mapping.unit_source,
        county_code=county_code or mapping.county_code,
    )
