"""Files as offices hand them in: encodings, broken rows, doubled columns; and outputs whole or not at all."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.model import load
from shanhai.engines.linkage.prepare import Prepared, Reading, prepare
from shanhai.engines.linkage.rejects import Rejects, merged
from shanhai.engines.linkage.spec import Side
from shanhai.engines.linkage.tables import Source, read, write

TEXT = "编号,姓名\n1,张三\n2,李四\n"
ROWS = {"编号": ["1", "2"], "姓名": ["张三", "李四"]}
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (tmp_path / "a.csv").write_bytes((mark + TEXT).encode(encoding))
    assert read(tmp_path / "a.csv").table.to_pydict() == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT.replace(",", delimiter), "utf-8")
    assert read(tmp_path / "a.txt").table.to_pydict() == ROWS


def test_rows_that_do_not_fit_are_set_aside_with_their_number(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n1,2\n1,2,3\n"x\ny",4\n\n5\n6,7\n', "utf-8")
    source = read(tmp_path / "a.csv")
    assert source.table["a"].to_pylist() == ["1", "x\ny", "6"]
    assert source.rows.tolist() == [1, 3, 6]
    assert sorted(source.aside) == [(2, "cells_many"), (4, "empty_row"), (5, "cells_few")]


def test_a_line_in_no_encoding_is_set_aside_alone(tmp_path: Path) -> None:
    lines = ["编号,姓名".encode(), "1,张三".encode(), b"2,\xff\xff\xff", "3,李四".encode("gb18030")]
    (tmp_path / "a.csv").write_bytes(b"\n".join(lines))
    source = read(tmp_path / "a.csv")
    assert source.table["姓名"].to_pylist() == ["张三", "李四"]
    assert source.aside == [(2, "encoding")]


def test_numbers_and_dates_in_sheets_stay_what_people_see(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["id", "birth", "phone", "id_no"])
    sheet.append([1, date(1949, 12, 31), 13800138001, "11010519491231002X"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").table.to_pylist() == [
        {"id": "1", "birth": "1949-12-31", "phone": "13800138001", "id_no": "11010519491231002X"}
    ]


def test_parquet_of_any_type_becomes_strings(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"id": [1, 2], "birth": [date(1999, 1, 2), None]}), tmp_path / "a.parquet"
    )
    assert read(tmp_path / "a.parquet").table.to_pydict() == {
        "id": ["1", "2"],
        "birth": ["1999-01-02", None],
    }


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", "", "linkage.empty"),
        ("a.csv", ",\n1,2\n", "linkage.empty"),
        ("a.csv", "a,a\n1,2\n", "linkage.doubled_column"),
        ("a.doc", "a\n", "linkage.kind"),
        ("a.parquet", "no parquet", "linkage.unreadable"),
        ("a.xlsx", "no workbook", "linkage.unreadable"),
        (None, "", "linkage.no_file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_both_languages(
    tmp_path: Path, name: str | None, content: str, code: str
) -> None:
    if name:
        (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(LinkageError) as refusal:
        read(tmp_path / (name or "a.csv"))
    assert refusal.value.code == code
    assert "—" not in refusal.value.say("zh") + refusal.value.say("en")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    table = pa.table({"id": ["1", "2"], "text": ['a,"b"', "=1+1"]})
    write(table, tmp_path / f"new/f{suffix}")
    assert read(tmp_path / f"new/f{suffix}").table.to_pydict() == table.to_pydict()


def test_same_table_gives_same_bytes_and_no_table_gives_a_heading(tmp_path: Path) -> None:
    table = pa.table({"id": ["1"], "p": [0.5]})
    for suffix in (".csv", ".parquet", ".xlsx"):
        for name in ("a", "b"):
            write(table, tmp_path / f"{name}{suffix}")
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    write(table.slice(0, 0), tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_text("utf-8") == "id,p\n"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_bytes(data)
    try:
        source = read(path)
    except LinkageError:
        return
    assert len(source.rows) == source.table.num_rows


def prepared(rows: list[dict[str, str | None]], **side: Any) -> Prepared:
    names = sorted({name for row in rows for name in row})
    table = pa.table({n: pa.array([row.get(n) for row in rows], pa.string()) for n in names})
    source = Source(table, np.arange(1, len(rows) + 1), [])
    return prepare(source, Reading("a.csv", Side(**side), load("persons"), TODAY))


def test_rows_without_a_clear_id_are_set_aside() -> None:
    same: dict[str, str | None] = {"id": "2", "name": "李四"}
    rows: list[dict[str, str | None]] = [
        {"id": None, "name": "王五"},
        same,
        same,
        {"id": "3", "name": "甲"},
        {"id": "3", "name": "乙"},
    ]
    found = prepared([*rows, {"id": "4", "name": "丙"}])
    assert found.table["id"].to_pylist() == ["2", "4"]
    assert found.rejects.counts == {"no_id": 1, "duplicate_row": 1, "duplicate_id": 2}
    assert found.rejects.table()["row"].to_pylist() == [1, 3, 4, 5]


def test_values_that_cannot_be_read_are_told_without_being_shown() -> None:
    wrong: dict[str, str | None] = {
        "id": "1",
        "id_no": "110105194912310021",
        "birth": "1999-02-30",
        "sex": "x",
    }
    found = prepared([wrong | {"region": "99", "phone": "12", "name": "张三"}])
    table = merged(found.rejects, Rejects("b.csv"))
    assert sorted(table["code"].to_pylist()) == sorted(
        ["checksum", "bad_date", "bad_sex", "bad_region", "bad_phone"]
    )
    assert found.table.num_rows == 1
    assert "110105194912310021" not in str(table.to_pydict())


def test_columns_are_found_by_their_chinese_names_or_as_the_spec_says() -> None:
    found = prepared(
        [{"编号": "1", "姓名": "张三", "证": "11010519491231002X"}], columns={"id_no": "证"}
    )
    assert found.columns == {"name", "id_no"}
    assert found.table["id_no_valid"].to_pylist() == ["11010519491231002X"]


@pytest.mark.parametrize(
    ("side", "code"),
    [
        ({"columns": {"name": "nope"}}, "linkage.no_column"),
        ({"id": "nope"}, "linkage.no_column"),
        ({}, "linkage.no_columns"),
    ],
)
def test_a_column_that_is_not_there_is_named(side: dict[str, Any], code: str) -> None:
    with pytest.raises(LinkageError) as refusal:
        prepared([{"甲": "1", "姓名": "张三"} if side else {"甲": "1"}], **side)
    assert refusal.value.code == code


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_character_are_recognised_without_a_mark(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT.encode(encoding))
    assert read(tmp_path / "a.csv").table.to_pydict() == ROWS


@pytest.mark.parametrize("content", [b"\0" * 99, TEXT.encode("utf-32"), TEXT.encode("utf-32-le")])
def test_what_is_no_text_of_an_office_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(LinkageError, match="encoding"):
        read(tmp_path / "a.csv")


def test_a_file_of_another_kind_than_its_name_is_named(tmp_path: Path) -> None:
    pq.write_table(pa.table(ROWS), tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes(b"PK\x03\x04 and so on")
    (tmp_path / "c.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on")
    for name, kind in (("a.csv", ".parquet"), ("b.csv", ".xlsx"), ("c.xlsx", ".xls")):
        with pytest.raises(LinkageError, match=f"kind {kind}; rename"):
            read(tmp_path / name)


def test_only_the_first_sheet_is_read_and_an_empty_one_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("data").append(["id", "name"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(LinkageError, match="first sheet"):
        read(tmp_path / "a.xlsx")


def test_a_cell_with_several_values_is_refused_with_its_column(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1"], "tags": [["a", "b"]]}), tmp_path / "a.parquet")
    with pytest.raises(LinkageError, match="tags"):
        read(tmp_path / "a.parquet")
