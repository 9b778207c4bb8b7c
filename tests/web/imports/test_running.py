"""期初导入: a county's workbook is read, mended, mapped once, tried by the rules, and entered with its money."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from shanhai.acts.contract import Contract
from shanhai.acts.opening import Opening
from shanhai.acts.opening_balance import ConfirmOpening, OpenProject
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.book import desk
from shanhai.domains.demo.cast import WEST
from shanhai.domains.imports.models import ImportBatch, KeptMapping
from shanhai.domains.imports.opening import open_sheets
from shanhai.domains.imports.running import batch as running
from shanhai.domains.imports.running.columns import KINDS
from shanhai.domains.imports.running.reading import read_workbook
from shanhai.domains.imports.running.template import heading, write_template
from shanhai.domains.rows import row_of, structs
from shanhai.web.imports import running_signing
from web.workbench.village_world import World

Officer = Callable[[str], Client]
ROAD = "石桥村通组公路（模拟）"
LEDGER: dict[str, dict[str, Any]] = {
    "projects": {
        "project": ROAD,
        "year": 2023,
        "category": "农村道路",
        "sector": "基础设施",
        "place": "石桥村（模拟）",
        "content": "硬化道路 3 公里",
        "owner": "山前县清溪农业发展中心（模拟）",
        "department": "山前县农业农村局（模拟）",
        "approver": "山前县农村工作领导小组（模拟）",
        "number": "模拟山农领复〔2023〕11号",
        "approved_ms": "2023-08-10",
        "approved_fen": 150,
        "paid_before_fen": 60,
        "stage": "实施中",
    },
    "lots": {
        "project": ROAD,
        "name": "一标段",
        "kind": "工程",
        "estimate_fen": 150,
        "control_fen": 145,
        "state": "已开工",
    },
    "contracts": {
        "project": ROAD,
        "lot": "一标段",
        "number": "模拟合〔2023〕1号",
        "contractor": "山前惠农建设有限公司（模拟）",
        "price_fen": 140,
        "advance_permille": 30,
        "retention_permille": 3,
        "account": "模拟银行 6222 0001",
        "account_kind": "单位对公账户",
        "signed_ms": "2023-11-20",
        "certified_fen": 80,
        "paid_before_fen": 60,
        "retained_before_fen": 1.8,
    },
    "money": {
        "project": ROAD,
        "line": "模拟山财农〔2023〕7号",
        "subject": "2130599",
        "kind": "东西部协作资金",
        "department": "山前县农业农村局（模拟）",
        "origin_year": 2023,
        "year": 2026,
        "issued_fen": 150,
        "amount_fen": 150,
        "number": "模拟山财预〔2023〕7号",
        "contract": "模拟合〔2023〕1号",
        "paid_fen": 60,
    },
}


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that fills the template; changes are by table and field, headings may be renamed."""

    def write(renamed: dict[str, str] | None = None, **changes: dict[str, Any]) -> Path:
        path = tmp_path / "期初.xlsx"
        with xlsxwriter.Workbook(str(path)) as made:
            for kind in KINDS:
                sheet = made.add_worksheet(kind.text.zh)
                values = LEDGER[kind.name] | changes.get(kind.name, {})
                for at, column in enumerate(kind.columns):
                    sheet.write(1, at, (renamed or {}).get(column.field, heading(column)))
                    if column.field in values:
                        sheet.write(2, at, values[column.field])
        return path

    return write


def upload(client: Client, path: Path) -> ImportBatch:
    with path.open("rb") as file:
        given = {"file": file, "source": "山前县在建项目台账（模拟）"}
        response = client.post("/imports/opening", given)
    assert response.status_code == 302, response.text
    return ImportBatch.objects.get(pk=response.headers["Location"].rsplit("/", 1)[1])


def enter(world: World, batch: ImportBatch) -> str:
    """Enter the workbook's first project, signed by the office."""
    (draft,) = running.drafts_of(batch, running.read(batch), WEST)
    subject = desk.fresh_id(OpenProject)
    person = world.actors.persons["office"].id
    values = desk.sealed(OpenProject, subject, person, draft.values)
    return str(world.do("office", desk.payload_of(OpenProject, values), subject))


def test_the_template_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    found = read_workbook(open_sheets(path), {})
    assert [kind for _, _, kind, _ in found.tables] == [kind.name for kind in KINDS]
    assert not found.problems
    for (_, _, _, mapping), kind in zip(found.tables, KINDS, strict=True):
        assert mapping.columns == {c.field: at for at, c in enumerate(kind.columns)}


def test_a_preview_shows_what_would_be_entered(officer: Officer, book: Callable[..., Path]) -> None:
    client = officer("office")
    batch = upload(client, book())
    text = client.get(f"/imports/opening/{batch.id}").text
    assert "要修改的地方" not in text
    for words in (ROAD, "1,500,000.00", "1,400,000.00", "600,000.00", "签名 1 个项目"):
        assert words in text
    assert not row_of(Project).objects.filter(opening=True).exists()


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("projects", {"owner": "没有这个单位"}, "账本中没有登记“没有这个单位”"),
        ("projects", {"approved_fen": "若干"}, "不是金额"),
        ("projects", {"approved_ms": "2023-08"}, "没有写到日"),
        ("projects", {"stage": "在建"}, "不在可选范围"),
        ("projects", {"place": ""}, "“实施地点”未填"),
        ("projects", {"year": "去年"}, "不是年度"),
        ("projects", {"region": "12345"}, "行政区划代码"),
        ("lots", {"state": "已结算"}, "请填写结算金额"),
        ("lots", {"project": "别的项目"}, "表中没有“别的项目”"),
        ("contracts", {"lot": "九标段"}, "本项目没有标段“九标段”"),
        ("contracts", {"retention_permille": "三"}, "不是 0 至 100 的百分数"),
        ("contracts", {"document": "abc"}, "不是 64 位校验值"),
        ("money", {"contract": "没有"}, "本项目没有合同“没有”"),
    ],
)
def test_every_problem_says_how_to_mend_it(
    officer: Officer, book: Callable[..., Path], table: str, change: dict[str, Any], words: str
) -> None:
    client = officer("office")
    batch = upload(client, book(**{table: change}))
    text = client.get(f"/imports/opening/{batch.id}").text
    assert words in text
    client.cookies["django_language"] = "en"
    assert client.get(f"/imports/opening/{batch.id}").status_code == 200


def test_a_countys_own_headings_are_mapped_once(
    officer: Officer, book: Callable[..., Path]
) -> None:
    client = officer("office")
    batch = upload(client, book({"place": "在哪里"}))
    text = client.get(f"/imports/opening/{batch.id}").text
    assert "缺少“实施地点”列" in text
    mapping = next(m for _, _, kind, m in running.read(batch).tables if kind == "projects")
    names = {place: field for field, place in mapping.columns.items()}
    chosen = {f"column-{chr(65 + at)}": name for at, name in names.items()}
    at = mapping.headings.index("在哪里")
    form = {"fingerprint": mapping.fingerprint, **chosen, f"column-{chr(65 + at)}": "place"}
    assert client.post(f"/imports/opening/{batch.id}", form).status_code == 302
    assert KeptMapping.objects.count() == 1
    again = upload(client, book({"place": "在哪里"}))
    assert "签名 1 个项目" in client.get(f"/imports/opening/{again.id}").text


def test_the_rules_are_asked_before_anything_is_signed(
    officer: Officer, book: Callable[..., Path]
) -> None:
    client = officer("office")
    batch = upload(client, book(contracts={"paid_before_fen": 61}))
    text = client.get(f"/imports/opening/{batch.id}/sign").text
    assert "累计已付与“期初已付”中该合同的合计 600,000.00 元不符" in text
    assert "shanhai-sign" not in text


def test_one_gesture_signs_what_the_rules_take(
    officer: Officer, book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def config(_request: Any, acts: list[Any], *_: Any, **__: Any) -> dict[str, str]:
        given.extend(acts)
        return {}

    monkeypatch.setattr(running_signing, "sign_config", config)
    client = officer("office")
    batch = upload(client, book())
    assert "规则全部通过" in client.get(f"/imports/opening/{batch.id}/sign").text
    assert not given
    client.post(f"/imports/opening/{batch.id}/sign")
    (made,) = given
    assert (made.body.act, made.verdict.accepted) == ("project.open/1", True)
    assert "6222 0001" not in made.raw.decode()


def test_what_is_entered_is_inert_matched_and_confirmed_by_another(
    world: World, officer: Officer, book: Callable[..., Path]
) -> None:
    client = officer("office")
    batch = upload(client, book())
    project = enter(world, batch)
    text = client.get(f"/imports/opening/{batch.id}").text
    assert "已在账本中" in text
    assert "签名 1 个项目" not in text
    assert "没有待录入的项目" in client.get(f"/imports/opening/{batch.id}/sign").text
    (contract,) = structs(Contract, row_of(Contract).objects.filter(project=project))
    assert contract.live_fen == 0
    assert (contract.advance_permille, contract.retention_permille) == (300, 30)
    (opening,) = row_of(Opening).objects.filter(project=project).values_list("id", flat=True)
    page = officer("office2").get(f"/project/{project}/confirm_opening").text
    for words in (
        "模拟合〔2023〕1号",
        "1,400,000.00",
        "模拟山财农〔2023〕7号",
        batch.document[:12],
    ):
        assert words in page
    assert f'value="{opening}"' in page
    world.do("office2", ConfirmOpening(openings=(opening,)), project)
    (found,) = structs(Project, row_of(Project).objects.filter(pk=project))
    assert (found.state, found.opening) == (ProjectState.EXECUTING, True)
    (contract,) = structs(Contract, row_of(Contract).objects.filter(project=project))
    assert (contract.live_fen, contract.paid_before_fen) == (140_000_000, 60_000_000)


def test_only_the_office_brings_projects_in(officer: Officer) -> None:
    assert officer("desk").get("/imports/opening").status_code in (302, 403, 404)
    assert "期初导入" in officer("office").get("/imports").text


def test_money_paid_before_stands_among_the_figures_with_its_explanation(
    world: World, officer: Officer, book: Callable[..., Path]
) -> None:
    project = enter(world, upload(officer("office"), book()))
    opening = row_of(Opening).objects.get(project=project).id
    world.do("office2", ConfirmOpening(openings=(opening,)), project)
    contract = row_of(Contract).objects.get(project=project).id
    for address in (f"/project/{project}", f"/contract/{contract}"):
        text = officer("office").get(address).text
        for words in ("why-paid_before", "期初已付", "600,000.00", "凭资料录入和确认"):
            assert words in text, (address, words)
        assert "18,000.00" in text
        assert "why-asked" not in text
    english = officer("office")
    english.cookies["django_language"] = "en"
    assert "Paid before the ledger" in english.get(f"/contract/{contract}").text
