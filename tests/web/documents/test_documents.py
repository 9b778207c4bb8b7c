"""Printing from the page: who may, the same bytes each time, and the way from paper to proof."""

import io
from collections.abc import Callable
from hashlib import sha256
from zipfile import ZipFile

import pypdfium2
import pytest
from django.test import Client

from documents_world import keep
from shanhai.acts.notice import Stage
from shanhai.acts.project import ProjectState
from shanhai.domains.documents import reading
from web.workbench.village_world import World

pytestmark = pytest.mark.django_db
Officer = Callable[[str], Client]


@pytest.fixture(scope="module")
def approved(world: World, django_db_blocker: object) -> str:
    return world.reach(ProjectState.APPROVED, name="模拟：黄花菜加工生产线")


@pytest.fixture(scope="module")
def noticed(world: World, django_db_blocker: object) -> tuple[str, str]:
    project = world.declare(name="模拟：冷链仓储")
    return project, world.opened(project, Stage.VILLAGE, "village")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_an_approval_prints_for_anyone_and_the_same_bytes_each_time(
    client: Client, officer: Officer, approved: str
) -> None:
    first = client.get(f"/documents/approval/{approved}/pdf")
    second = officer("leaders").get(f"/documents/approval/{approved}/pdf")
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert sha256(first.content).digest() == sha256(second.content).digest()
    assert "模拟农领复〔2026〕4号" in text_of(first.content)


def test_the_word_document_is_downloaded_under_its_number(client: Client, approved: str) -> None:
    answer = client.get(f"/documents/approval/{approved}/docx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "word/document.xml" in ZipFile(io.BytesIO(answer.content)).namelist()


def test_the_page_shows_state_and_files(client: Client, approved: str) -> None:
    page = client.get(f"/documents/approval/{approved}").text
    assert "待盖章" in page
    assert f"/documents/approval/{approved}/pdf" in page
    assert "登记扫描件" not in page  # visitors register nothing


def test_the_page_speaks_english(client: Client, approved: str) -> None:
    client.cookies["django_language"] = "en"
    assert "To be stamped" in client.get(f"/documents/approval/{approved}").text


def test_a_draft_names_the_officers_organ_and_visitors_get_none(
    client: Client, officer: Officer, noticed: tuple[str, str]
) -> None:
    address = f"/documents/draft/{noticed[0]}"
    assert client.get(address).status_code == 404
    assert "石桥村村民委员会" in text_of(officer("village").get(f"{address}/pdf").content)


@pytest.mark.parametrize(
    "address",
    ["/documents/nothing/prj0", "/documents/approval/prj0", "/documents/draft/{approved}"],
)
def test_what_is_not_there_is_not_found(officer: Officer, approved: str, address: str) -> None:
    assert officer("village").get(address.format(approved=approved)).status_code == 404


def test_a_notice_of_changed_content_is_refused_in_words(
    world: World, officer: Officer, noticed: tuple[str, str]
) -> None:
    page = officer("village").get(f"/documents/notice/{noticed[1]}/pdf")
    assert page.status_code == 200


def test_the_code_on_the_paper_leads_to_the_proof(
    client: Client, approved: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    paper = tmp_path_factory.mktemp("paper") / "a.pdf"
    paper.write_bytes(client.get(f"/documents/approval/{approved}/pdf").content)
    text = reading.read(paper)[0].text
    answer = client.get(text.removeprefix("http://localhost:8000"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/proof/")
    typed = text.rpartition("/")[2].lower()
    assert client.get("/p/", {"code": f"{typed[0]}-{typed[1:5]}-{typed[5:]}"}).status_code == 302


def test_a_wrong_code_and_an_unknown_one_say_so(client: Client, world: World) -> None:
    assert "不完整或有误" in client.get("/p/", {"code": "A-12"}).text
    unknown = client.get("/p/A0000000000000000")
    assert unknown.status_code == 404
    assert "账本中没有这份文件" in unknown.text
    assert client.get("/p/").status_code == 200


def test_the_menu_stands_on_the_objects_page(client: Client, approved: str) -> None:
    assert f"/documents/approval/{approved}" in client.get(f"/project/{approved}").text


def test_a_stamped_scan_finds_its_document(world: World, officer: Officer, approved: str) -> None:
    leaders = officer("leaders")
    printed = leaders.get(f"/documents/approval/{approved}/pdf").content
    picture = pypdfium2.PdfDocument(printed)[0].render(scale=2).to_pil()
    kept = io.BytesIO()
    picture.save(kept, "JPEG")
    scan = keep(world, "扫描件.jpg", kept.getvalue(), "leaders")
    answer = leaders.post("/documents/scan", {"scan": scan}, follow=True)
    assert answer.redirect_chain == [(f"/documents/approval/{approved}", 302)]
    assert "已盖章" in answer.text
    assert scan in answer.text
    assert "盖章扫描件 1 份" in leaders.get(f"/project/{approved}").text


def test_a_scan_of_another_document_says_which(
    world: World, officer: Officer, approved: str, noticed: tuple[str, str]
) -> None:
    leaders = officer("leaders")
    printed = leaders.get(f"/documents/notice/{noticed[1]}/pdf").content
    scan = keep(world, "公示.pdf", printed, "leaders")
    answer = leaders.post("/documents/scan", {"scan": scan, "expected": "A" + "0" * 16})
    assert answer.status_code == 422
    assert "这是“公示”的扫描件" in answer.text


def test_no_scan_chosen_says_so(officer: Officer, approved: str) -> None:
    answer = officer("leaders").post("/documents/scan", {"scan": ""})
    assert answer.status_code == 422
    assert "请先选择扫描件" in answer.text
    assert officer("leaders").get("/documents/scan").status_code == 200


def test_visitors_register_no_scan(client: Client, world: World) -> None:
    assert client.post("/documents/scan", {"scan": "0" * 64}).status_code == 302
