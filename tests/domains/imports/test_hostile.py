"""Files that lie, burst, or want something: each refused with its own code, nothing half-read."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
import xlwt

from shanhai.data.regions import RegionTable
from shanhai.domains.imports.reading import read_projects

if TYPE_CHECKING:
    from shanhai.domains.imports.result import ImportResult

ROWS: list[list[object]] = [["序号", "县", "项目名称", "投资(万元)"], [1, "姚安县", "甲项目", 10]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Repack = Callable[[dict[str, bytes]], Path]


@pytest.fixture
def good(write: Callable[..., Path]) -> Path:
    return write({"表": ROWS})


@pytest.fixture
def repack(good: Path, tmp_path: Path) -> Repack:
    """Return a maker of the good workbook with parts added or replaced."""

    def _repack(parts: dict[str, bytes]) -> Path:
        path = tmp_path / "改动.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, parts.get(name, old.read(name)))
            for name in parts.keys() - set(old.namelist()):
                new.writestr(name, parts[name])
        return path

    return _repack


def refusal(path: Path, table: RegionTable) -> str:
    result: ImportResult = read_projects(path, table).result
    assert (result.accepted, result.projects) == (0, ())
    (error,) = result.errors
    assert error.zh
    assert error.en
    assert "{" not in error.zh + error.en
    return error.code.removeprefix("import.")


def test_the_good_workbook_is_read(good: Path, table: RegionTable) -> None:
    assert read_projects(good, table).result.accepted == 1


def test_a_bomb_of_zeros(repack: Repack, table: RegionTable) -> None:
    assert refusal(repack({"xl/media/bomb.xml": b"0" * (150 << 20)}), table) == "file.bomb"


def test_too_many_entries(repack: Repack, table: RegionTable) -> None:
    assert refusal(repack({f"xl/a{n}.xml": b"" for n in range(2_100)}), table) == "file.bomb"


def test_a_false_declared_size(good: Path, tmp_path: Path, table: RegionTable) -> None:
    raw = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path = tmp_path / "假大小.xlsx"
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert refusal(path, table) in {"file.bomb", "file.broken"}


def test_a_path_outside_the_archive(repack: Repack, table: RegionTable) -> None:
    assert refusal(repack({"xl/../../etc/x.xml": b""}), table) == "file.bomb"


def test_a_nested_archive(repack: Repack, table: RegionTable) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"b")
    assert refusal(repack({"xl/media/image1.png": inner.getvalue()}), table) == "file.embedded"


def test_an_embedded_object(repack: Repack, table: RegionTable) -> None:
    assert refusal(repack({"xl/embeddings/oleObject1.bin": OLE}), table) == "file.embedded"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs(repack: Repack, table: RegionTable, encoding: str) -> None:
    laughs = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol">'
        '<!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><sst>&lol2;</sst>'
    )
    assert (
        refusal(repack({"xl/sharedStrings.xml": laughs.encode(encoding)}), table) == "file.entities"
    )


def test_a_file_read_through_an_entity(repack: Repack, table: RegionTable) -> None:
    attack = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    )
    assert refusal(repack({"xl/worksheets/sheet1.xml": attack}), table) == "file.entities"


def test_macros_by_name_and_by_content(good: Path, repack: Repack, table: RegionTable) -> None:
    renamed = good.rename(good.with_suffix(".xlsm"))
    assert refusal(renamed, table) == "file.macros"
    renamed.rename(good)
    assert refusal(repack({"xl/vbaProject.bin": OLE}), table) == "file.macros"


def test_an_external_workbook(repack: Repack, table: RegionTable) -> None:
    assert (
        refusal(repack({"xl/externalLinks/externalLink1.xml": b"<x/>"}), table) == "file.external"
    )


def test_an_external_relation_but_not_a_hyperlink(repack: Repack, table: RegionTable) -> None:
    rel = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
        'Target="http://example.org/" TargetMode="External"/></Relationships>'
    )
    part = "xl/worksheets/_rels/sheet1.xml.rels"
    assert refusal(repack({part: rel.format("image").encode()}), table) == "file.external"
    linked = repack({part: rel.format("hyperlink").encode()})
    assert read_projects(linked, table).result.accepted == 1


def test_a_password(tmp_path: Path, table: RegionTable) -> None:
    path = tmp_path / "密码.xlsx"
    path.write_bytes(OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512)
    assert refusal(path, table) == "file.password"


def test_an_old_document_in_a_workbooks_clothes(tmp_path: Path, table: RegionTable) -> None:
    path = tmp_path / "文档.xls"
    path.write_bytes(OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le") + b"\0" * 512)
    assert refusal(path, table) == "file.mismatch"


@pytest.mark.parametrize("keep", [40, 400, 3_000])
def test_a_truncated_workbook(good: Path, table: RegionTable, keep: int) -> None:
    good.write_bytes(good.read_bytes()[:keep])
    assert refusal(good, table) == "file.broken"


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("网页.xls", b"<html><table></table></html>", "file.mismatch"),
        ("文字.xlsx", "序号,项目名称\n".encode(), "file.mismatch"),
        ("图片.csv", b"\x89PNG\r\n\x1a\n", "file.mismatch"),
        ("零.csv", b"a\x00b,c\n", "file.mismatch"),
        ("乱码.csv", b"a,\xff\xff\x81\n", "file.encoding"),
        ("半引号.csv", '项目名称,投资(万元)\n"甲,10\n'.encode(), "file.broken"),
        ("空.xlsx", b"", "file.empty"),
        ("文本.txt", b"abc", "file.kind"),
        ("表.ods", b"PK\x03\x04", "file.kind"),
        ("假.xlsx", b"PK\x03\x04" + b"\0" * 60, "file.broken"),
    ],
)
def test_mislabelled_and_broken_files(
    tmp_path: Path, table: RegionTable, name: str, raw: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    assert refusal(path, table) == code


def test_a_zip_that_is_no_workbook(tmp_path: Path, table: RegionTable) -> None:
    path = tmp_path / "压缩包.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(path, table) == "file.mismatch"


def test_a_missing_file_and_one_too_large(tmp_path: Path, table: RegionTable) -> None:
    path = tmp_path / "大.csv"
    assert refusal(path, table) == "file.missing"
    with path.open("wb") as stream:
        stream.truncate((20 << 20) + 1)
    assert refusal(path, table) == "file.too_large"


def test_a_stray_cell_at_the_far_corner_exhausts_the_child_and_not_us(
    write: Callable[..., Path], repack: Repack, table: RegionTable
) -> None:
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert refusal(repack({"xl/worksheets/sheet1.xml": sheet}), table) == "file.memory"


def test_a_long_text_repeated_without_end_stays_in_the_child(
    tmp_path: Path, table: RegionTable
) -> None:
    long = "".join(chr(0x4E00 + place * place % 20_000) for place in range(30_000))
    path = tmp_path / "重复.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:  # stores the text once and refers to it
        sheet = book.add_worksheet("表")
        for row in range(60):
            sheet.write_row(row, 0, [long] * 20)
    assert path.stat().st_size < 1 << 20
    assert refusal(path, table) == "file.memory"


def test_an_old_xls_is_read_with_its_merged_cells(tmp_path: Path, table: RegionTable) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("计划")
    sheet.write_merge(0, 0, 0, 3, "2020年项目计划 单位：万元")
    rows: list[list[object]] = [["序号", "县", "项目名称", "投资"], [1, "姚安县", "甲", 12.5]]
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.write_merge(3, 3, 0, 2, "合计")
    sheet.write(3, 3, 12.5)
    path = tmp_path / "旧表.xls"
    book.save(str(path))
    result = read_projects(path, table).result
    assert [(p.county_code, p.amount_fen, p.year) for p in result.projects] == [
        ("532325", 12_500_000, "2020")
    ]
    assert (result.errors, result.skipped_totals) == ((), 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_in_any_common_encoding(
    tmp_path: Path, table: RegionTable, encoding: str, delimiter: str
) -> None:
    lines = [delimiter.join(map(str, row)) for row in ROWS]
    path = tmp_path / "表.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    assert [p.amount_fen for p in read_projects(path, table).result.projects] == [10_000_000]
