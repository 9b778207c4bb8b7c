"""What stands on the papers, from the demonstration's objects: words, layout, one state one file."""

import io
import re
from datetime import date
from typing import Any
from zipfile import ZipFile

import msgspec
import pypdfium2
import pytest
from docx import Document
from docx.shared import Mm

from demo_world import DemoDatabase
from shanhai.acts.notice import Notice, Stage
from shanhai.acts.payment import OFF, Payment, PaymentState
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.book.models import Entry
from shanhai.domains.documents import docx, fonts, notice, payment, pdf, signed
from shanhai.domains.documents.kinds import KINDS, Asked, kinds_of
from shanhai.domains.documents.paper import Cell, Form, Paper, Table, project_words
from shanhai.domains.rows import row_of, structs
from shanhai.kernel import money
from shanhai.kernel.errors import Refused
from shanhai.kernel.periods import ms_of

A4 = (pytest.approx(210 / 25.4 * 72, abs=0.5), pytest.approx(297 / 25.4 * 72, abs=0.5))
ASKED = Asked("石桥村村民委员会（模拟）", 1_780_000_000_000)


def first(kind: type[Any], **where: Any) -> Any:
    return structs(kind, row_of(kind).objects.filter(**where).order_by("id"))[0]


def approved() -> Project:
    rows = row_of(Project).objects.exclude(number="").filter(opening=False, declared_ms__gt=0)
    found: Project = structs(Project, rows.order_by("id"))[0]
    return found


def paper_of(kind: str, found: Any) -> Paper:
    return KINDS[kind].build(found, ASKED)


def pages(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_an_approval_says_what_was_approved_and_its_form_says_who_signed(
    demo_db: DemoDatabase,
) -> None:
    project = approved()
    letter, *rest = pages(pdf.render(paper_of("approval", project)))
    assert flat(f"{project.number}") in flat(letter)
    whole = flat(letter + "".join(rest))
    assert (
        flat(f"{money.yuan(project.approved_fen)}元（{money.capital(project.approved_fen)}）")
        in whole
    )
    assert "此复。" in whole
    assert "东西部协作项目审批表" in flat(rest[-1])
    for one in signed.signatures(project):
        if one.act in {"project.approve", "project.declare", "project.confirm_plan"}:
            assert flat(f"第{one.entry}条") in whole
            assert flat(one.organ) in whole


def test_no_persons_name_stands_on_a_paper(demo_db: DemoDatabase) -> None:
    form = paper_of("approval", approved()).forms[0]
    office = next(row for row in form.tables[0].rows if row[0].text == "办文")[1].text
    assert re.fullmatch(r"经办：.*（.*）\n审核：.*（.*）\n签发：.*（.*）", office)


def test_every_page_is_a4_and_bears_number_and_code(demo_db: DemoDatabase) -> None:
    paper = paper_of("approval", approved())
    document = pypdfium2.PdfDocument(pdf.render(paper))
    assert len(document) == 3
    for number, page in enumerate(document, 1):
        assert page.get_size() == A4
        text = page.get_textpage().get_text_range()
        assert f"— {number} —" in text
        assert paper.code in text


def test_the_type_area_is_that_of_the_standard(demo_db: DemoDatabase) -> None:
    page = pypdfium2.PdfDocument(pdf.render(paper_of("approval", approved())))[1]
    text, millimetre = page.get_textpage(), 72 / 25.4
    boxes = [
        text.get_charbox(place)
        for place in range(text.count_chars())
        if text.get_text_range(place, 1).strip()  # pdfium adds line ends of its own
    ]
    inside = [box for box in boxes if box[1] > 35 * millimetre]
    assert min(box[0] for box in inside) >= 28 * millimetre - 1
    assert max(box[2] for box in inside) <= (210 - 26) * millimetre + 1
    assert max(box[3] for box in inside) <= (297 - 37) * millimetre + 2


def test_one_state_gives_one_file_and_another_state_another(demo_db: DemoDatabase) -> None:
    paper = paper_of("approval", approved())
    assert pdf.render(paper) == pdf.render(paper_of("approval", approved()))
    assert docx.render(paper) == docx.render(paper_of("approval", approved()))
    changed = msgspec.structs.replace(paper, number="模拟〔2026〕99号")
    assert pdf.render(changed) != pdf.render(paper)


def test_what_happens_later_changes_no_approval(demo_db: DemoDatabase) -> None:
    project = approved()
    assert project.state is not ProjectState.APPROVED  # the story went on
    decided = signed.last_of(signed.signatures(project), "project.approve")
    assert decided is not None
    assert paper_of("approval", project).time_ms == decided.time_ms == project.approved_ms


def test_a_project_under_way_prints_its_form_alone(demo_db: DemoDatabase) -> None:
    project = first(Project, state=ProjectState.TOWNSHIP_REVIEW)
    [page] = pages(pdf.render(paper_of("approval", project)))
    assert "东西部协作项目审批表" in flat(page)
    assert "待办" in page


def test_a_published_project_has_no_papers(demo_db: DemoDatabase) -> None:
    project = first(Project, state=ProjectState.RECORDED)
    assert kinds_of(project) == []
    with pytest.raises(Refused, match=r"document\.too_early"):
        paper_of("approval", project)


def test_every_payment_form_is_one_page_with_amount_in_capitals(demo_db: DemoDatabase) -> None:
    found = structs(Payment, row_of(Payment).objects.order_by("id"))
    for one in [one for one in found if one.state not in OFF][::8]:
        [page] = pages(pdf.render(paper_of("payment", one)))
        assert flat(money.capital(one.amount_fen)) in flat(page)
        assert f"{one.code[:4]}-{one.code[4:]}".upper() in page


def test_a_payment_awaiting_the_east_says_so(demo_db: DemoDatabase) -> None:
    paper = paper_of("payment", first(Payment, state=PaymentState.PROPOSED))
    steps = {row[0].text: row[1].text for row in paper.forms[0].tables[2].rows}
    assert steps["东部会签"] == "待办"
    assert "县财政局" in steps["提出支付"]


def test_a_payment_called_off_has_no_form(demo_db: DemoDatabase) -> None:
    assert kinds_of(first(Payment, state=PaymentState.RETURNED)) == []


def test_the_splits_add_up_to_the_amount(demo_db: DemoDatabase) -> None:
    one = first(Payment, state=PaymentState.RECONCILED)
    rows = paper_of("payment", one).forms[0].tables[1].rows
    amounts = [money.parse(row[-1].text) for row in rows[1:]]
    assert sum(amounts[:-1]) == amounts[-1] == one.amount_fen


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("模拟银行 6222 0000 1234 5678", "模拟银行 ****5678"),
        ("622200001234", "****1234"),
        ("专户 12", "专户 12"),
        (None, "已依法删除"),
    ],
)
def test_an_account_shows_its_last_four_digits(account: str | None, shown: str) -> None:
    assert payment.masked(account) == shown


def test_a_notice_says_its_days_and_who_takes_objections(demo_db: DemoDatabase) -> None:
    one = first(Notice, stage=Stage.VILLAGE)
    [page] = pages(pdf.render(paper_of("notice", one)))
    assert flat(f"起{one.days}天（首日不计）") in flat(page)
    assert "受理电话：＿" in flat(page)  # nobody invents a number


def test_a_notice_of_older_content_is_refused(demo_db: DemoDatabase) -> None:
    one = first(Notice, stage=Stage.VILLAGE)
    with pytest.raises(Refused, match=r"document\.notice_outdated") as refusal:
        notice.build(one.but(version=one.version + 1))
    assert refusal.value.say("zh")


def test_a_draft_leaves_its_dates_to_the_pen(demo_db: DemoDatabase) -> None:
    project = first(Project, state=ProjectState.VILLAGE_NOTICE)
    [page] = pages(pdf.render(paper_of("draft", project)))
    assert "＿＿＿＿年＿＿月＿＿日" in flat(page)
    assert flat(ASKED.organ) in flat(page)


def test_a_draft_outside_its_stage_is_refused(demo_db: DemoDatabase) -> None:
    with pytest.raises(Refused, match=r"document\.too_early"):
        paper_of("draft", approved())


def test_days_nobody_set_are_no_days(demo_db: DemoDatabase) -> None:
    assert notice.days_set("110000", ms_of(date(2026, 1, 1))) == 0


def made(**more: Any) -> Paper:
    given: dict[str, Any] = {
        "kind": "approval",
        "name": "模拟",
        "code": "A-0000-0000-0000-0000",
        "url": "http://localhost:8000/p/A0000000000000000",
        "time_ms": 1_780_000_000_000,
        **more,
    }
    return Paper(**given)


def test_a_very_long_name_wraps_within_the_type_area() -> None:
    name = "模拟：" + "长名称" * 65
    form = Form(name, "编号", "年度", (Table((56.0, 100.0), ((Cell("名称"), Cell(name)),)),))
    document = pypdfium2.PdfDocument(
        pdf.render(made(title=name, mark="模拟机关文件", forms=(form,)))
    )
    for page in document:
        text = page.get_textpage()
        right = max(text.get_charbox(place)[2] for place in range(text.count_chars()))
        assert right <= (210 - 26) / 25.4 * 72 + 1


def test_markup_in_a_name_stays_a_name() -> None:
    name = '#import "x" *粗* $x$ <a> & {{ b }}'
    [page] = pages(pdf.render(made(title=name)))
    assert flat(name).replace('"', "") in flat(page).replace("“", "").replace("”", "").replace(
        '"', ""
    )
    body = Document(io.BytesIO(docx.render(made(title=name)))).paragraphs
    assert any(name == paragraph.text for paragraph in body)


def test_only_a_simulated_ledger_prints_a_watermark() -> None:
    assert "模" not in "".join(pages(pdf.render(made(name="甲", title="甲"))))
    assert "模拟" in flat("".join(pages(pdf.render(made(name="甲", title="甲", simulated=True)))))
    archive = ZipFile(io.BytesIO(docx.render(made(title="甲", simulated=True))))
    headers = [name for name in archive.namelist() if name.startswith("word/header")]
    assert any("模拟" in archive.read(name).decode() for name in headers)


def test_the_word_document_holds_the_same_words(demo_db: DemoDatabase) -> None:
    paper = paper_of("approval", approved())
    word = Document(io.BytesIO(docx.render(paper)))
    words = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert paper.title in words
    assert paper.number in words
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert paper.forms[0].tables[0].rows[0][1].text in cells
    section = word.sections[0]
    for length, millimetres in ((section.page_width, 210), (section.left_margin, 28)):
        assert length == pytest.approx(Mm(millimetres), rel=1e-3)


def test_faces_that_are_missing_are_named() -> None:
    assert set(fonts.missing()) <= set(fonts.ZH.values())
    assert all(names for names in fonts.chosen().values())


def test_a_project_is_called_a_project_once() -> None:
    assert project_words("道路") == "道路项目"
    assert project_words("道路项目") == "道路项目"


def test_the_signatures_of_an_object_cost_four_queries(
    demo_db: DemoDatabase, django_assert_num_queries: Any
) -> None:
    project = approved()
    assert Entry.objects.exists()
    with django_assert_num_queries(4):
        signed.signatures(project)
