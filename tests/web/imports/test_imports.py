"""Imports: what is read is shown before anything is signed, problems say how to mend, a second import matches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shanhai.acts.project import Project, ProjectState
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import desk
from shanhai.domains.imports import batches
from shanhai.domains.imports.models import ImportBatch, KeptMapping
from shanhai.domains.rows import row_of
from web.imports.conftest import HEAD
from web.workbench.village_world import World

Officer = Callable[[str], Client]
Write = Callable[..., Path]


def upload(client: Client, path: Path, **more: str) -> ImportBatch:
    given = {"source": "模拟公告〔2026〕1号", "year": "2026", **more}
    with path.open("rb") as file:
        response = client.post("/imports", {"file": file, **given})
    assert response.status_code == 302, response.text
    return ImportBatch.objects.get(pk=response.headers["Location"].rsplit("/", 1)[1])


def recorded(world: World, batch: ImportBatch) -> None:
    """Record every row of a batch, signed by the data desk's own key."""
    for project in batches.read(batch).result.projects:
        act = batches.record(batch, project)
        world.do("desk", act, desk.fresh_id(type(act)))


def test_a_preview_shows_what_would_be_recorded(officer: Officer, sheet: Write) -> None:
    client = officer("desk")
    batch = upload(client, sheet())
    text = client.get(f"/imports/{batch.id}").text
    assert "模拟大棚" in text
    assert "1,200,000.00" in text
    assert "签名记入 2 个项目" in text
    assert row_of(Project).objects.filter(state="recorded").count() == 0


def test_every_problem_names_its_cell_and_how_to_mend_it(officer: Officer, sheet: Write) -> None:
    client = officer("desk")
    rows = [HEAD, [1, "模拟大棚", "平武县", "若干"], [2, "模拟冷库", "无此县", 80]]
    batch = upload(client, sheet(rows))
    text = client.get(f"/imports/{batch.id}").text
    assert "项目 D2" in text
    assert "不是金额，请只填数字" in text
    assert "没有找到“无此县”这个县" in text
    client.cookies["django_language"] = "en"
    english = client.get(f"/imports/{batch.id}").text
    assert "is no amount; write a number only" in english


def test_the_annotated_copy_carries_the_problems(
    officer: Officer, sheet: Write, tmp_path: Path
) -> None:
    client = officer("desk")
    batch = upload(client, sheet([HEAD, [1, "模拟大棚", "平武县", "若干"]]))
    response = client.get(f"/imports/{batch.id}/annotated")
    path = tmp_path / "back.xlsx"
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert "不是金额" in str(rows[1])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"PK\x03\x04", "不支持 .docx 文件"),
        ("a.xlsx", b"", "文件是空的"),
    ],
)
def test_a_file_that_is_none_is_not_kept(
    officer: Officer, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with path.open("rb") as file:
        response = officer("desk").post("/imports", {"file": file, "source": "模拟"})
    assert response.status_code == 422
    assert words in response.text
    assert ImportBatch.objects.count() == 0


def test_a_mislabelled_file_says_so(officer: Officer, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7 not a table at all")
    client = officer("desk")
    batch = upload(client, path)
    assert "文件内容与扩展名 .xlsx 不符" in client.get(f"/imports/{batch.id}").text


def test_a_source_is_required(officer: Officer, sheet: Write) -> None:
    with sheet().open("rb") as file:
        response = officer("desk").post("/imports", {"file": file, "source": " "})
    assert response.status_code == 422
    assert "请填写来源" in response.text


def test_a_corrected_mapping_is_kept_for_the_organisation(officer: Officer, sheet: Write) -> None:
    client = officer("desk")
    rows: list[list[object]] = [["序号", "项目名称", "县", "资金"], [1, "模拟大棚", "平武县", 120]]
    batch = upload(client, sheet(rows))
    mapping = batches.read(batch).tables[0].mapping
    form = {
        "fingerprint": mapping.fingerprint,
        "column-B": "name",
        "column-C": "county",
        "column-D": "amount",
        "unit": "元",
    }
    refused = client.post(f"/imports/{batch.id}", form)
    assert refused.status_code == 422
    assert "请" in refused.text
    assert client.post(f"/imports/{batch.id}", {**form, "reason": "模拟理由"}).status_code == 302
    assert KeptMapping.objects.count() == 1
    again = upload(client, sheet(rows, "再一份.xlsx"))
    assert batches.read(again).result.projects[0].amount_fen == 12_000


def test_a_second_import_matches_instead_of_doubling(
    world: World, officer: Officer, sheet: Write
) -> None:
    client = officer("desk")
    batch = upload(client, sheet())
    recorded(world, batch)
    assert row_of(Project).objects.filter(state=ProjectState.RECORDED.value).count() == 2
    again = upload(client, sheet())
    text = client.get(f"/imports/{again.id}").text
    assert "已在账本中" in text
    assert "签名记入" not in text
    rows = [HEAD, [1, "模拟大棚", "平武县", 130], [2, "模拟水渠", "平武县", 9]]
    third = upload(client, sheet(rows))
    text = client.get(f"/imports/{third.id}").text
    assert "已在账本中，金额不同" in text
    assert "签名记入 1 个项目" in text


def test_the_sign_page_offers_the_acts_that_the_rules_accept(
    officer: Officer, sheet: Write
) -> None:
    client = officer("desk")
    batch = upload(client, sheet(), published="2020-01-05")
    text = client.get(f"/imports/{batch.id}/sign").text
    assert text.count('"project.record_published/1"') == 2
    assert '"submit": "/api/acts"' in text
    late = upload(client, sheet(), published="2999-01-05")
    text = client.get(f"/imports/{late.id}/sign").text
    assert "公布日期不能晚于今天" in text
    assert "project.record_published/1" not in text


def test_a_row_without_a_year_says_so(officer: Officer, sheet: Write) -> None:
    client = officer("desk")
    batch = upload(client, sheet(), year="")
    text = client.get(f"/imports/{batch.id}/sign").text
    assert "规则不通过的 2 行" in text
    assert "看不出是哪一年的项目" in text


def test_another_organisations_file_is_not_found(officer: Officer, sheet: Write) -> None:
    batch = upload(officer("desk"), sheet())
    assert officer("office").get(f"/imports/{batch.id}").status_code == 404
    assert officer("village").get("/imports").status_code == 403


def test_a_file_can_be_forgotten(officer: Officer, sheet: Write) -> None:
    client = officer("desk")
    batch = upload(client, sheet())
    path = batches.path_of(batch)
    assert path.exists()
    client.post(f"/imports/{batch.id}/remove")
    assert not path.exists()
    assert not ImportBatch.objects.exists()


def test_the_template_is_read_by_the_import(officer: Officer, tmp_path: Path) -> None:
    response = officer("desk").get("/imports/template")
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert "项目名称" in str(
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    )


def test_a_previews_queries_do_not_grow_with_rows(officer: Officer, sheet: Write) -> None:
    client, counts = officer("desk"), []
    for many in (2, 40):
        rows = [HEAD, *([n, f"模拟项目{n}", "平武县", n] for n in range(1, many + 1))]
        batch = upload(client, sheet(rows))
        client.get(f"/imports/{batch.id}")
        with CaptureQueriesContext(connection) as found:
            client.get(f"/imports/{batch.id}")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_batches_belong_to_an_organisation(officer: Officer, sheet: Write) -> None:
    batch = upload(officer("desk"), sheet())
    mine = Actor(organisation=batch.organisation)
    assert list(batches.batches_of(mine)) == [batch]
    assert not batches.batches_of(Actor(organisation="org-other")).exists()
