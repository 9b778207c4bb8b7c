"""Tables of a Word document: widths in millimetres, merged cells, shaded headings, boxes to stamp."""

from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from shanhai.domains.documents.docx_text import run
from shanhai.domains.documents.paper import Cell, Table

SEAL_HEIGHT = Mm(28)


def add_table(made: Any, table: Table) -> None:
    """Add a table of a paper to a document."""
    grid = made.add_table(len(table.rows), len(table.widths))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(width)
    for place, row in enumerate(table.rows):
        _row(grid.rows[place], row, table.widths, head=table.head and place == 0)


def _row(line: Any, row: tuple[Cell, ...], widths: tuple[float, ...], *, head: bool) -> None:
    if any(cell.seal for cell in row):
        line.height, line.height_rule = SEAL_HEIGHT, WD_ROW_HEIGHT_RULE.AT_LEAST
    cells, column = line.cells, 0
    for cell in row:
        box = cells[column]
        if cell.wide > 1:
            box = box.merge(cells[column + cell.wide - 1])
        box.width = Mm(sum(widths[column : column + cell.wide]))
        column += cell.wide
        _fill(box, cell, strong=cell.label or head)


def _fill(box: Any, cell: Cell, *, strong: bool) -> None:
    words = box.paragraphs[0]
    for place, line in enumerate(cell.text.split("\n")):
        row = words if place == 0 else box.add_paragraph()
        row.paragraph_format.line_spacing = Pt(14)
        run(row, line, "hei" if strong else "fang", 10.5)
        if strong:
            row.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif cell.number:
            row.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    box.vertical_alignment = 0 if cell.seal else 1
    if strong:
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F4F4F4"/>')
        box._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no shading
