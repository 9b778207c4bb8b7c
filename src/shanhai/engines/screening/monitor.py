"""The figures of monitoring from a file: one row a household or person, days and yes/no, blanks unknown.

| columns | figure |
|---|---|
| cohort, fell | return rate 返贫率 |
| survey_risk, monitored | missed rate 漏测率 |
| loss_day, alert_day | lead time 提前量 |
| removed_day, returned_day | relapse within 12 months 复发率 |

A figure whose columns are not there is left out. A row with an unreadable cell, without an id, or whose id stands in
another row with other content is set aside with its reason.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from shanhai.engines.screening.figures import (
    Rate,
    lead_time,
    rate,
    relapse_rate,
    return_rate,
)
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS["screen.figures_columns"] = Text(
    "{file} 缺列：要有 {key}，以及这些列中的一对：{pairs}",
    "{file} lacks columns: it needs {key}, and a pair of: {pairs}",
)
DAYS = ("loss_day", "alert_day", "removed_day", "returned_day")
TRUTHS = ("cohort", "fell", "survey_risk", "monitored")
PAIRS = (
    ("cohort", "fell"),
    ("survey_risk", "monitored"),
    ("loss_day", "alert_day"),
    ("removed_day", "returned_day"),
)
_STYLES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
_YES, _NO = {"是", "true", "1", "yes", "y"}, {"否", "false", "0", "no", "n"}
_EARLIEST = date(1990, 1, 1)
Cells = dict[str, Any]


class Found(NamedTuple):
    """The figures by name, how many rows counted, and the rows set aside: number, id, reason."""

    figures: dict[str, Any]
    rows: int
    aside: list[tuple[int, str, str]]


def figures(rows: list[dict[str, Any]], file: str, key: str, until: date) -> Found:
    """Return the figures that the columns of a table allow.

    Args:
        rows: From `intake.table.read_table`.
        file: Its name, for messages.
        key: The column of ids.
        until: The last day that the data covers.

    Raises:
        InvalidInputError: There is no column of ids, or no pair of columns.
    """
    columns = set(rows[0]) if rows else set()
    pairs = [pair for pair in PAIRS if columns.issuperset(pair)]
    if key not in columns or not pairs:
        shown = "; ".join(", ".join(pair) for pair in PAIRS)
        raise InvalidInputError("screen.figures_columns", file=file, key=key, pairs=shown)
    used = [one for pair in pairs for one in pair]
    kept, aside = _typed(rows, key, used, until)
    made: dict[str, Callable[[], Any]] = {
        "cohort": lambda: return_rate(_where(kept, "cohort"), _column(kept, "fell")),
        "survey_risk": lambda: rate(
            _missed(kept[one]["monitored"]) for one in sorted(_where(kept, "survey_risk"))
        ),
        "loss_day": lambda: lead_time(_column(kept, "loss_day"), _column(kept, "alert_day")),
        "removed_day": lambda: relapse_rate(
            _column(kept, "removed_day"), _column(kept, "returned_day"), until
        ),
    }
    names = dict(zip(made, ("return_rate", "missed_rate", "lead_time", "relapse"), strict=True))
    found = {names[first]: _shown(made[first]()) for first, _ in pairs}
    return Found(found, len(kept), aside)


def _shown(one: Any) -> dict[str, Any]:
    return ({"value": one.value} if isinstance(one, Rate) else {}) | asdict(one)


def _missed(monitored: bool | None) -> bool | None:  # noqa: FBT001 - a cell
    return None if monitored is None else not monitored


def _column(kept: Mapping[str, Cells], column: str) -> dict[str, Any]:
    return {one: cells[column] for one, cells in kept.items() if cells[column] is not None}


def _where(kept: Mapping[str, Cells], column: str) -> list[str]:
    return [one for one, cells in kept.items() if cells[column]]


def _typed(
    rows: list[dict[str, Any]], key: str, used: list[str], until: date
) -> tuple[dict[str, Cells], list[tuple[int, str, str]]]:
    """Return the rows by id, and those set aside; the same row twice counts once."""
    seen: dict[str, list[tuple[int, Cells]]] = defaultdict(list)
    aside = []
    for number, row in enumerate(rows, 1):
        one = str(row[key] if row[key] is not None else "").strip()
        cells, faults = _cells(row, used, until)
        if not one:
            faults.append("没有编号 no id")
        if faults:
            aside.append((number, one, "；".join(faults)))
        else:
            seen[one].append((number, cells))
    kept = {}
    for one, found in seen.items():
        if all(cells == found[0][1] for _, cells in found):
            kept[one] = found[0][1]
            aside += [(number, one, "重复行 same row again") for number, _ in found[1:]]
        else:
            said = "编号重复且内容不同 id twice with different content"
            aside += [(number, one, said) for number, _ in found]
    return kept, sorted(aside)


def _cells(row: dict[str, Any], used: list[str], until: date) -> tuple[Cells, list[str]]:
    cells: Cells = {}
    faults = []
    for column in used:
        try:
            cells[column] = (_day if column in DAYS else _truth)(row[column])
        except ValueError:
            what = "不是日期 not a date" if column in DAYS else "不是是/否 not yes or no"
            faults.append(f"{column}：{what}")
            continue
        if column in DAYS and cells[column] and not _EARLIEST <= cells[column] <= until:
            faults.append(f"{column}：年份不对或晚于截止日 wrong year, or after the last day")
    return cells, faults


def _truth(value: Any) -> bool | None:
    text = str(value if value is not None else "").strip().lower()
    if text in _YES:
        return True
    if text and text not in _NO:
        raise ValueError(text)
    return False if text else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    for style in _STYLES:
        try:
            return datetime.strptime(text, style).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if text:
        raise ValueError(text)
    return None


def rejects(aside: list[tuple[int, str, str]]) -> bytes:
    """Return the rows set aside as CSV: row, id, reason."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([("row", "id", "reason"), *aside])
    return file.getvalue().encode()
