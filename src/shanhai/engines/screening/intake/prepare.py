"""Prepare a delivery: find its columns, prove or clean it, set bad rows aside, and say what there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from shanhai.engines.screening.compile import Source
from shanhai.engines.screening.intake import clean
from shanhai.engines.screening.intake.contract import odd_text, prove
from shanhai.engines.screening.intake.raw import Raw, read_raw
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.engines.screening.sql import name, text
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import replacing
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.no_key": Text(
        "{file} 没有户编号列“{key}”（有：{found}），请补上，或在 [data] 里写 key 或 columns",
        "{file} has no household column “{key}” (it has: {found}); add it, or set key or columns in [data]",
    ),
    "screen.key_twice": Text(
        "{file} 的户编号列“{key}”有两列，请删去一列",
        "{file} has two household columns “{key}”; delete one",
    ),
}
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table that keeps the contract: where it is, what was set aside, what it lacks.

    `rising` says that its rows are sorted by key as text; `absent` are fields without a column, unknown everywhere.
    """

    path: Path
    source: Source
    rows: int
    set_aside: int
    duplicates: int
    rising: bool
    absent: tuple[str, ...]
    regions: dict[str | None, int]


def prepare(
    delivery: Path, ruleset: Ruleset, as_of: date, connection: Any, folder: Path, rejects: Path
) -> Prepared:
    """Read a delivery and hold it to the contract of the fields that the rules use.

    Args:
        delivery: .parquet, .csv or .xlsx, one row a household.
        ruleset: Says which fields, and how the file is read.
        as_of: The day of the screening, for dates in the future.
        connection: A DuckDB connection from `sql.open_duckdb`.
        folder: An existing folder for copies.
        rejects: Where rows set aside are written, with their reason; removed if there are none.

    Raises:
        InvalidInputError: The file cannot be read, is empty, or has no column of household ids.
    """
    if delivery.suffix.lower() != ".parquet":
        raw = read_raw(delivery, folder)
        return _Cleaning(delivery, ruleset, as_of, connection, folder).run(raw, rejects)
    headings = _parquet_headings(delivery)
    found = _Columns(delivery, headings, ruleset)
    fields = {n: ruleset.fields[n] for n in found.columns}
    if ruleset.reading.money == "fen" and not found.doubled:
        proof = prove(delivery, found.columns, fields, found.key, as_of)
        if proof.kept and (proof.rising or _unique(connection, delivery, found.key)):
            regions, odd = _survey(
                connection, delivery, found.region, odd_text(found.columns, fields)
            )
            if not odd:
                rejects.unlink(missing_ok=True)
                rows = sum(regions.values())
                kept = (found.source, rows, 0, 0, proof.sorted, found.absent, regions)
                return Prepared(delivery, *kept)
    raw = _parquet_raw(delivery, headings, connection)
    return _Cleaning(delivery, ruleset, as_of, connection, folder).run(raw, rejects)


def _parquet_headings(path: Path) -> tuple[str, ...]:
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        detail = str(error)[:200]
        raise InvalidInputError("screen.unreadable", file=path.name, detail=detail) from error
    if not file.metadata.num_rows:
        raise InvalidInputError("screen.empty", file=path.name)
    return tuple(file.schema_arrow.names)


class _Columns:
    """Which heading is which field."""

    def __init__(self, delivery: Path, headings: tuple[str, ...], ruleset: Ruleset) -> None:
        reading = ruleset.reading
        heading = reading.columns.get(reading.key, reading.key)
        facts = {"file": delivery.name, "key": heading}
        if heading not in headings:
            shown = "、".join(headings[:_SHOWN])
            raise InvalidInputError("screen.no_key", **facts, found=shown)
        if headings.count(heading) > 1:
            raise InvalidInputError("screen.key_twice", **facts)
        region = reading.columns.get(reading.region, reading.region)
        used = {name: reading.columns.get(name, name) for name in ruleset.used_fields}
        self.key = heading
        self.region = region if region in headings else None
        self.columns = {name: h for name, h in used.items() if h in headings}
        self.absent = tuple(name for name in used if name not in self.columns)
        self.doubled = [h for h in self.columns.values() if headings.count(h) > 1]

    @property
    def source(self) -> Source:
        return Source(self.key, self.region, self.columns)


def _unique(connection: Any, path: Path, key: str) -> bool:
    """Return whether no key is missing or stands twice; a sort by hash that may spill."""
    one = name(key)
    query = (
        f"SELECT 1 FROM read_parquet({text(str(path))}) GROUP BY {one} "
        f"HAVING count(*) > 1 OR {one} IS NULL LIMIT 1"
    )
    return connection.execute(query).fetchone() is None


def _survey(
    connection: Any, path: Path, region: str | None, odd: str
) -> tuple[dict[str | None, int], int]:
    """Return how many rows each region has, and how many rows are odd; without a region column it is ""."""
    shown = f"{name(region)}::VARCHAR" if region else "''"
    query = (
        f"SELECT {shown} AS region, count(*), count(*) FILTER ({odd}) "
        f"FROM read_parquet({text(str(path))}) GROUP BY 1 ORDER BY 1"
    )
    found = connection.execute(query).fetchall()
    return {one: rows for one, rows, _ in found}, sum(wrong for _, _, wrong in found)


def regions_of(connection: Any, path: Path, region: str | None) -> dict[str | None, int]:
    """Return how many rows each region has; the region of a table without that column is ""."""
    return _survey(connection, path, region, "false")[0]


def _parquet_raw(path: Path, headings: tuple[str, ...], connection: Any) -> Raw:
    cells = ", ".join(f"{name(h)}::VARCHAR AS c{i}" for i, h in enumerate(headings))
    query = (
        "CREATE OR REPLACE TEMP VIEW raw AS "
        f"SELECT file_row_number + 1 AS row, NULL::VARCHAR AS problem, {cells} "
        f"FROM read_parquet({text(str(path))}, file_row_number = true)"
    )
    connection.execute(query)
    return Raw(path, headings)


class _Cleaning:
    """The slow way: every cell as text, typed or refused."""

    def __init__(
        self, delivery: Path, ruleset: Ruleset, as_of: date, connection: Any, folder: Path
    ) -> None:
        self.delivery, self.ruleset, self.as_of = delivery, ruleset, as_of
        self.connection, self.folder = connection, folder

    def run(self, raw: Raw, rejects: Path) -> Prepared:
        if raw.path != self.delivery:
            self.execute(
                f"CREATE OR REPLACE TEMP VIEW raw AS SELECT * FROM read_parquet({text(str(raw.path))})"
            )
        found = _Columns(self.delivery, raw.headings, self.ruleset)
        marked, cleaned = self.folder / "marked.parquet", self.folder / "clean.parquet"
        self.mark(raw, found, marked)
        self.double(marked, found)
        rows, aside, doubles = self.counts()
        self.write_clean(cleaned)
        self.write_rejects(raw, rejects, aside)
        regions = regions_of(self.connection, cleaned, "region" if found.region else None)
        source = Source(
            "household_id", "region" if found.region else None, {n: n for n in found.columns}
        )
        return Prepared(cleaned, source, rows, aside, doubles, True, found.absent, regions)  # noqa: FBT003

    def execute(self, query: str) -> Any:
        return self.connection.execute(query)

    def mark(self, raw: Raw, found: _Columns, path: Path) -> None:
        """Write every row typed, with the reasons why it cannot stay."""
        where = {h: [i for i, one in enumerate(raw.headings) if one == h] for h in raw.headings}
        key = clean.plain(f"c{where[found.key][0]}")
        region = clean.plain(f"c{where[found.region][0]}") if found.region else "NULL::VARCHAR"
        values, reasons = (
            [],
            [f"CASE WHEN {key} IS NULL THEN '没有户编号 no household id' END", "problem"],
        )
        for one, heading in found.columns.items():
            field = self.ruleset.fields[one]
            scale = 100 if field.unit.money and self.ruleset.reading.money == "yuan" else 1
            cells = [f"p{i}" for i in where[heading]]
            values.append(f"{clean.value(field, cells[0], scale)} AS {name(one)}")
            reasons.append(clean.problem(field, cells[0], scale, self.as_of))
            reasons += [_differs(cells[0], other, heading) for other in cells[1:]]
        used = sorted({i for h in found.columns.values() for i in where[h]})
        plain = "".join(f", {clean.plain(f'c{i}')} AS p{i}" for i in used)
        cells_as_read = ", ".join(f"c{i}" for i in range(len(raw.headings)))
        inner = (
            f"SELECT row, problem, {key} AS household_id, {region} AS region{plain}, {cells_as_read} "
            "FROM raw"
        )
        reason = ", ".join(reasons).replace(key, "household_id")
        columns = "".join(f", {one}" for one in values)
        marked = (
            f"SELECT row, household_id, region, concat_ws('；', {reason}) AS reason{columns} "
            f"FROM ({inner})"
        )
        self.execute(f"COPY ({marked}) TO {text(str(path))} (FORMAT parquet)")

    def double(self, marked: Path, found: _Columns) -> None:
        """Make the table of households that stand twice: equal rows count once, others not at all."""
        every = ", ".join(["region", *(name(one) for one in found.columns)])
        self.execute(
            "CREATE OR REPLACE TEMP TABLE doubles AS "
            f"SELECT household_id, min(row) AS first, count(DISTINCT ({every})) > 1 AS differ "
            f"FROM read_parquet({text(str(marked))}) WHERE reason = '' GROUP BY household_id HAVING count(*) > 1"
        )
        said = (
            "CASE WHEN m.reason <> '' THEN m.reason WHEN d.household_id IS NULL THEN '' "
            "WHEN d.differ THEN '户编号重复且内容不同 household twice with different content' "
            "WHEN m.row = d.first THEN '' ELSE '重复行 same row again' END"
        )
        self.execute(
            f"CREATE OR REPLACE TEMP VIEW judged AS SELECT m.* EXCLUDE (reason), {said} AS reason "
            f"FROM read_parquet({text(str(marked))}) m LEFT JOIN doubles d ON m.household_id = d.household_id AND m.reason = ''"
        )

    def counts(self) -> tuple[int, int, int]:
        doubled = "reason LIKE '%same row again' OR reason LIKE '%different content'"
        query = (
            "SELECT count(*), count(*) FILTER (reason <> ''), "
            f"count(*) FILTER ({doubled}) FROM judged"
        )
        rows, aside, doubles = self.execute(query).fetchone()
        return rows, aside, doubles

    def write_clean(self, path: Path) -> None:
        kept = "SELECT * EXCLUDE (row, reason) FROM judged WHERE reason = '' ORDER BY household_id"
        self.execute(f"COPY ({kept}) TO {text(str(path))} (FORMAT parquet)")

    def write_rejects(self, raw: Raw, path: Path, aside: int) -> None:
        """Write what was set aside as CSV: row, reason, and the row as it came."""
        if not aside:
            path.unlink(missing_ok=True)
            return
        cells = "".join(f", r.c{i} AS {name(h)}" for i, h in _own(raw.headings))
        aside_rows = (
            f"SELECT r.row, j.reason{cells} FROM judged j JOIN raw r ON r.row = j.row "
            "WHERE j.reason <> '' ORDER BY r.row"
        )
        with replacing(path) as part:
            self.execute(f"COPY ({aside_rows}) TO {text(str(part))} (FORMAT csv, HEADER)")


def _differs(first: str, other: str, heading: str) -> str:
    said = text(f"两列“{heading}”不一致 the two columns differ")
    return f"CASE WHEN {first} IS DISTINCT FROM {other} THEN {said} END"


def _own(headings: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield each column with a heading that is its own, for a file cannot carry one twice."""
    seen = {"row", "reason"}
    for index, heading in enumerate(headings):
        own = heading or f"column{index + 1}"
        while own.lower() in seen:
            own += "_"
        seen.add(own.lower())
        yield index, own
