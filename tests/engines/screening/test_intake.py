"""Intake: what departments really send is read, and what cannot be is set aside row by row with its reason."""

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from engines.screening.rule_world import DAY, alerts, fired, rules, run, write
from shanhai.engines.screening.backtest import backtest
from shanhai.engines.screening.intake.table import read_table
from shanhai.engines.screening.screen import Options, screen
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import beside

BODY = """
[fields.n]
type = "count"
unit = "person"
[fields.m]
type = "money"
[fields.d]
type = "date"
[fields.b]
type = "bool"
[[rules]]
id = "A"
when = "n >= 1 person and m >= 5元 and d >= 2026-01-01 and b"
zh = "{n} {m} {d} {b}"
en = "{n} {m} {d} {b}"
"""
HEAD = "household_id,n,m,d,b\n"


def reject_rows(path: Path) -> list[dict[str, str]]:
    """Read the file of rows set aside, beside `out.parquet`."""
    with beside(path.with_name("out.parquet"), "rejects.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def deliver(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a CSV delivery."""
    path = folder / "d.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_full_width_digits_are_read(tmp_path: Path, encoding: str) -> None:
    path = deliver(tmp_path, HEAD + '户1,３,"1,200",2026年3月1日,是\n', encoding)
    run(path, rules(BODY))
    assert [(a["household_id"], a["reason_zh"]) for a in alerts(path)] == [
        ("户1", "3 12 2026-03-01 是")
    ]


@pytest.mark.parametrize(
    "written", ["2026-03-01", "2026/3/1", "20260301", "2026年3月1日", "2026-03-01 00:00:00"]
)
def test_the_styles_of_dates_are_one(tmp_path: Path, written: str) -> None:
    path = deliver(tmp_path, HEAD + f"1,1,500,{written},true\n")
    run(path, rules(BODY))
    assert fired(path) == {("1", "A")}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,x,500,,", "不是数 not a number"),
        ("1,1.5,500,,", "不是整数"),
        ("1,-1,500,,", "负数 negative"),
        ("1,1,99999999999999,,", "超出范围 out of range"),
        ("1,1,500,2026-13-01,", "不是日期 not a date"),
        ("1,1,500,2062-03-01,", "年份不对 wrong year"),
        ("1,1,500,1026-03-01,", "年份不对 wrong year"),
        ("1,1,500,,maybe", "not yes or no"),
        (",1,500,,", "没有户编号 no household id"),
        ("1,1,500", "列数不符"),
        ("1,1,500,,,extra", "列数不符"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    path = deliver(tmp_path, HEAD + row + "\n2,1,500,2026-03-01,是\n")
    report = run(path, rules(BODY))
    assert (report.rows, report.set_aside, report.screened) == (2, 1, 1)
    (one,) = reject_rows(path)
    assert one["row"] == "2"
    assert reason in one["reason"]
    assert fired(path) == {("2", "A")}


def test_the_same_row_twice_counts_once_and_differing_ones_not_at_all(tmp_path: Path) -> None:
    good = "{},1,500,2026-03-01,是\n"
    text = HEAD + good.format(1) + good.format(1) + good.format(2) + "2,0,500,2026-03-01,是\n"
    path = deliver(tmp_path, text)
    report = run(path, rules(BODY))
    assert (report.set_aside, report.duplicates, fired(path)) == (3, 3, {("1", "A")})
    assert [one["row"] for one in reject_rows(path)] == ["3", "4", "5"]


def test_a_doubled_column_must_agree(tmp_path: Path) -> None:
    text = "household_id,n,n,m,d,b\n1,1,1,500,2026-03-01,是\n2,1,2,500,2026-03-01,是\n"
    path = deliver(tmp_path, text)
    run(path, rules(BODY))
    assert fired(path) == {("1", "A")}
    assert "两列" in reject_rows(path)[0]["reason"]


def test_a_parquet_file_that_breaks_the_contract_is_cleaned(tmp_path: Path) -> None:
    data: dict[str, Any] = {"household_id": [2, 1, 1], "n": pa.array([1, 1, 1], pa.int8())}
    path = write(
        tmp_path / "d.parquet", **data, m=["5", "600", "600"], d=["2026/3/1"] * 3, b=[1, 1, 1]
    )
    report = run(path, rules(BODY))
    assert (report.set_aside, fired(path)) == (1, {("1", "A")})


def test_money_in_yuan_and_other_headings(tmp_path: Path) -> None:
    reading = '[data]\nmoney = "yuan"\n[data.columns]\nm = "金额（元）"\n'
    path = deliver(
        tmp_path, "household_id,n,金额（元）,d,b\n1,1,5.00,2026-03-01,是\n2,1,4.99,2026-03-01,是\n"
    )
    run(path, rules(reading + BODY))
    assert fired(path) == {("1", "A")}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("d.csv", b"", "screen.empty"),
        ("d.csv", HEAD.encode(), "screen.empty"),
        ("d.csv", b"id,n\n1,2\n", "screen.no_key"),
        ("d.csv", b"household_id,household_id\n1,2\n", "screen.key_twice"),
        ("d.csv", b"household_id\n\xff\xff\xff\n", "screen.encoding"),
        ("d.parquet", b"PAR1", "screen.unreadable"),
        ("d.xlsx", b"PK", "screen.unreadable"),
        ("d.doc", b"x", "screen.format"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidInputError) as refused:
        run(path, rules(BODY))
    assert refused.value.code == code
    assert sorted(one.name for one in tmp_path.iterdir()) == [name]


SMALL = '[fields.n]\ntype = "count"\nunit = "person"\n[[rules]]\nid = "A"\nwhen = "n > {} persons"\nzh = "{{n}}"\nen = "{{n}}"\n'


def test_only_what_changed_is_screened_again(tmp_path: Path) -> None:
    old = write(tmp_path / "old.parquet", household_id=["a", "b", "c", "d"], n=[1, 5, 5, None])
    new = write(tmp_path / "d.parquet", household_id=["a", "b", "d", "e"], n=[6, 5, None, 7])
    out = tmp_path / "out.parquet"
    report = screen(new, rules(SMALL.format(3)), out, DAY, Options(since=old))
    assert (report.rows, report.screened, fired(new)) == (4, 2, {("a", "A"), ("e", "A")})
    listed = beside(out, "changed.csv").read_text().split()
    assert listed == ["household_id,change", "a,changed", "c,gone", "e,new"]


def test_nothing_changed_gives_no_alert(tmp_path: Path) -> None:
    path = write(tmp_path / "d.parquet", household_id=["a"], n=[5])
    report = screen(
        path, rules(SMALL.format(3)), tmp_path / "out.parquet", DAY, Options(since=path)
    )
    assert (report.screened, report.alerts) == (0, 0)


def test_a_backtest_lists_every_difference(tmp_path: Path) -> None:
    path = write(tmp_path / "d.parquet", household_id=["a", "b", "c", "d"], n=[1, 3, 5, None])
    out = tmp_path / "differences.csv"
    (found,) = backtest([path], rules(SMALL.format(3)), rules(SMALL.format(2)), out, DAY)
    assert (found.before, found.after, found.gained, found.lost, found.other) == (1, 2, 1, 0, 0)
    assert out.read_text().splitlines()[1] == "d.parquet,b,A,none,alert,3,3"


def test_a_small_table_is_read_with_blanks_as_none(tmp_path: Path) -> None:
    path = deliver(tmp_path, "a,b\n1,\n")
    assert read_table(path) == [{"a": "1", "b": None}]
