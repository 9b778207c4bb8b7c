"""A paper as a Word document, which the office may still edit: the same parts as the PDF, by python-docx.

Fonts are named as offices have them (仿宋_GB2312 …). The archive's times are those of the act, so that the same
paper gives the same bytes.
"""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from shanhai.domains.documents import fonts, qr
from shanhai.domains.documents.docx_table import add_table
from shanhai.domains.documents.docx_text import border, page_number, run, watermark
from shanhai.domains.documents.paper import Form, Paper, Table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

PITCH = Pt(28.95)
RED = RGBColor(0xD7, 0x00, 0x0F)
GREY = RGBColor(0x6E, 0x6E, 0x6E)
MARK_WIDTH_PT = 436
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
EPOCH = (1980, 1, 1, 0, 0, 0)


def render(paper: Paper) -> bytes:
    """Return the DOCX of a paper."""
    made = Document()
    _page(made, paper)
    if paper.title:
        _letter(made, paper)
    for place, form in enumerate(paper.forms):
        if paper.title or place:
            made.add_section(WD_SECTION_START.NEW_PAGE)
        _form(made, form, attached=bool(paper.title))
    when = datetime.fromtimestamp(paper.time_ms // 1000, UTC).replace(tzinfo=None)
    properties = made.core_properties
    properties.title, properties.author = f"{paper.name} {paper.code}", paper.organ
    properties.created = properties.modified = when
    properties.last_modified_by, properties.comments = "", ""
    kept = io.BytesIO()
    made.save(kept)
    return _same_bytes(kept.getvalue())


def _same_bytes(archive: bytes) -> bytes:
    """Return the archive with every time fixed: a zip otherwise says when it was written."""
    kept = io.BytesIO()
    with ZipFile(io.BytesIO(archive)) as old, ZipFile(kept, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name, EPOCH)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return kept.getvalue()


def _page(made: "WordDocument", paper: Paper) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(7)
    made.settings.odd_and_even_pages_header_footer = True
    normal: Any = made.styles["Normal"]
    normal.font.name, normal.font.size = fonts.WORD["fang"], Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), fonts.WORD["fang"])
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        _foot(footer, paper, odd=odd)
    if paper.simulated:
        for place, header in enumerate((section.header, section.even_page_header)):
            header.is_linked_to_previous = False
            watermark(header.paragraphs[0], place)


def _foot(footer: Any, paper: Paper, *, odd: bool) -> None:
    number = footer.paragraphs[0]
    number.alignment = RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
    number.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    page_number(number)
    box = footer.add_table(1, 2, Mm(156))
    box.autofit = False
    box.columns[0].width, box.columns[1].width = Mm(22), Mm(134)
    picture, words = box.rows[0].cells
    picture.width, words.width = Mm(22), Mm(134)
    picture.paragraphs[0].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    picture.paragraphs[0].add_run().add_picture(io.BytesIO(qr.png(paper.url)), width=Mm(20))
    for place, line in enumerate(paper.proof):
        row = words.paragraphs[0] if place == 0 else words.add_paragraph()
        row.paragraph_format.line_spacing = Pt(10)
        run(row, line, "fang", 7.5, color=None if place == 0 else GREY)


def _blank(made: "WordDocument", count: int) -> None:
    for _ in range(count):
        made.add_paragraph()


def _title(made: "WordDocument", words: str) -> None:
    row = made.add_paragraph()
    row.alignment = CENTER
    row.paragraph_format.line_spacing = Pt(34)
    run(row, words, "biao", 22, bold=True)


def _head(made: "WordDocument", paper: Paper) -> None:
    mark = made.add_paragraph()
    mark.alignment = CENTER
    mark.paragraph_format.space_before = Mm(35)
    mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    size = min(46, MARK_WIDTH_PT // len(paper.mark))
    run(mark, paper.mark, "biao", size, bold=True, color=RED)
    _blank(made, 1)
    number = made.add_paragraph()
    number.alignment = CENTER
    run(number, paper.number, "fang", 16)
    border(number, "bottom", "D7000F", eighths=14, space=8)
    _blank(made, 1)


def _letter(made: "WordDocument", paper: Paper) -> None:
    if paper.mark:
        _head(made, paper)
    _title(made, paper.title)
    _blank(made, 1)
    if paper.addressee:
        run(made.add_paragraph(), f"{paper.addressee}：", "fang", 16)
    for item in paper.body:
        if isinstance(item, Table):
            add_table(made, item)
            continue
        row = _indented(made)
        if item.head:
            run(row, item.head, "hei", 16)
        run(row, item.text, "fang", 16)
    if paper.attached:
        _blank(made, 1)
        run(_indented(made), f"附件：{'、'.join(paper.attached)}", "fang", 16)
    _sign(made, paper)
    if paper.printer:
        _colophon(made, paper)


def _indented(made: "WordDocument") -> "Paragraph":
    row = made.add_paragraph()
    row.paragraph_format.first_line_indent = Pt(32)
    return row


def _sign(made: "WordDocument", paper: Paper) -> None:
    _blank(made, 2)
    wide = max(len(paper.organ), len(paper.day))
    for words, size in ((paper.organ, 16.0), (paper.day, 16.0), ("（待盖章）", 9.0)):
        row = made.add_paragraph()
        row.alignment = CENTER
        row.paragraph_format.keep_with_next = True
        row.paragraph_format.left_indent = Pt(max(0, 442 - 16 * (wide + 4)))
        row.paragraph_format.right_indent = Pt(64)
        run(row, words, "fang", size, color=GREY if size < 16 else None)  # noqa: PLR2004 - the stamp's note


def _colophon(made: "WordDocument", paper: Paper) -> None:
    _blank(made, 1)
    rows = [f"抄送：{paper.copies}。"] if paper.copies else []
    rows.append(f"{paper.printer}\t{paper.day}印发")
    for place, words in enumerate(rows):
        row = made.add_paragraph()
        row.paragraph_format.left_indent = row.paragraph_format.right_indent = Pt(14)
        row.paragraph_format.tab_stops.add_tab_stop(Pt(428), 2)
        run(row, words, "fang", 14)
        if place == 0:
            border(row, "top", "000000", eighths=8, space=4)
        last = place == len(rows) - 1
        border(row, "bottom", "000000", eighths=8 if last else 6, space=4)


def _form(made: "WordDocument", form: Form, *, attached: bool) -> None:
    if attached:
        run(made.add_paragraph(), "附件", "hei", 16)
    _title(made, form.title)
    row = made.add_paragraph()
    row.paragraph_format.line_spacing = Pt(18)
    row.paragraph_format.tab_stops.add_tab_stop(Pt(442), 2)
    run(row, f"{form.left}\t{form.right}", "fang", 10.5)
    for table in form.tables:
        add_table(made, table)
    for note in form.notes:
        row = made.add_paragraph()
        row.paragraph_format.line_spacing = Pt(14)
        run(row, note, "fang", 9, color=GREY)
