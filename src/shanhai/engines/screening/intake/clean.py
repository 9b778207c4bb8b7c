"""Clean text into typed columns with DuckDB: numbers, truths, dates; each cell that fails gives the row's reason.

Accepted: thousands commas, 元 and ￥, full-width digits; 是 否 true false 1 0 yes no; dates like 2026-03-01,
2026/3/1, 20260301 and 2026年3月1日. Blank, NULL, NaN, N/A and dashes are unknown.
"""

from datetime import date

from shanhai.engines.screening.fields import EPOCH_DAYS, Field, Kind
from shanhai.engines.screening.sql import text
from shanhai.kernel.periods import day_number, ms_of

FULL = "０１２３４５６７８９．，－＋／：（）"
HALF = "0123456789.,-+/:()"
_BLANK = (
    "('', 'null', 'nan', 'none', 'n/a', 'na', '-', '--', '—', '——', '/', '无数据', '未知', '不详')"
)
_YES = "('是', 'true', '1', 'yes', 'y', 't', '有', '√')"
_NO = "('否', 'false', '0', 'no', 'n', 'f', '无', '没有', '×')"
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d")
LATEST_DAYS_AHEAD = 366
"""A date later than this after the day of the screening has a wrong year."""


def plain(column: str) -> str:
    """Return SQL for a cell without blanks and full-width digits; NULL where it says nothing."""
    half = f"trim(translate({column}, {text(FULL)}, {text(HALF)}))"
    return f"CASE WHEN lower({half}) IN {_BLANK} THEN NULL ELSE {half} END"


def value(field: Field, cell: str, scale: int) -> str:
    """Return SQL for a typed value, NULL where the cell says nothing or is wrong.

    Args:
        field: What it should be.
        cell: SQL of the plain cell.
        scale: Base units in one written unit: 100 where money is written in yuan.
    """
    if field.kind is Kind.TEXT:
        return cell
    if field.kind is Kind.TRUTH:
        return f"CASE WHEN lower({cell}) IN {_YES} THEN true WHEN lower({cell}) IN {_NO} THEN false END"
    if field.kind is Kind.DATE:
        return _day(cell)
    return f"TRY_CAST({_scaled(cell, scale)} AS BIGINT)"


def problem(field: Field, cell: str, scale: int, as_of: date) -> str:
    """Return SQL for what is wrong with a cell, in both languages, NULL where nothing is."""
    checks = {
        Kind.TEXT: _text_problems,
        Kind.TRUTH: _truth_problems,
        Kind.DATE: _date_problems,
        Kind.QUANTITY: _number_problems,
    }[field.kind](field, cell, scale, as_of)
    cases = " ".join(f"WHEN {test} THEN {text(said)}" for test, said in checks)
    said = f"concat({text(field.label('zh') + ' ' + field.name + '：')}, CASE {cases} END)"
    tests = " OR ".join(f"({test})" for test, _ in checks)
    return f"CASE WHEN {cell} IS NOT NULL AND ({tests}) THEN {said} END" if checks else "NULL"


Checks = list[tuple[str, str]]


def _text_problems(field: Field, cell: str, _scale: int, _as_of: date) -> Checks:
    if not field.values:
        return []
    known = ", ".join(text(one) for one in field.values)
    return [(f"{cell} NOT IN ({known})", f"不在取值内 not one of {'、'.join(field.values)}")]


def _truth_problems(field: Field, cell: str, scale: int, _as_of: date) -> Checks:
    return [(f"{value(field, cell, scale)} IS NULL", "不是是/否 not yes or no")]


def _date_problems(field: Field, cell: str, _scale: int, as_of: date) -> Checks:
    low, high = date_bounds(field, as_of)
    day = _day(cell)
    number = f"({day} - DATE '1970-01-01')"
    return [
        (f"{day} IS NULL", "不是日期 not a date"),
        (f"{number} < {low} OR {number} > {high}", "年份不对 wrong year"),
    ]


def _number_problems(field: Field, cell: str, scale: int, _as_of: date) -> Checks:
    scaled = _scaled(cell, scale)
    checks = [
        (f"{scaled} IS NULL", "不是数 not a number"),
        (f"{scaled} <> trunc({scaled})", "不是整数或分以下 not whole, or below one fen"),
    ]
    if field.low >= 0:
        checks.append((f"{scaled} < 0", "负数 negative"))
    return [
        *checks,
        (f"{scaled} < {field.low} OR {scaled} > {field.high}", "超出范围 out of range"),
    ]


def date_bounds(field: Field, as_of: date) -> tuple[int, int]:
    """Return the first and last day accepted, days since 1970: nothing much later than the screening."""
    latest = day_number(ms_of(as_of)) + LATEST_DAYS_AHEAD
    return max(field.low, EPOCH_DAYS[0]), min(field.high, latest)


def _scaled(cell: str, scale: int) -> str:
    number = f"regexp_replace({cell}, '[,，￥¥元人天 ]|个月', '', 'g')"
    fits = f"regexp_full_match({number}, '[+-]?[0-9]{{1,18}}(\\.[0-9]{{1,6}})?')"
    return f"(CASE WHEN {fits} THEN {number}::DECIMAL(28, 6) * {scale} END)"


def _day(cell: str) -> str:
    bare = f"regexp_replace({cell}, '[ T]00:00:00(\\.0+)?$', '')"
    styles = ", ".join(text(one) for one in _DATES)
    return f"try_strptime({bare}, [{styles}])::DATE"
