"""Runs, borders, page numbers and the 模拟 watermark of a Word document."""

from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from shanhai.domains.documents import fonts

_WATERMARK = """<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
 path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>
<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>
<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
<v:path textpathok="t" o:connecttype="none"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="moni{place}" type="#_x0000_t136" style="position:absolute;width:380pt;height:190pt;rotation:328;
z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;
mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#d7000f" stroked="f">
<v:fill opacity="8000f"/><v:textpath style="font-family:黑体" string="模拟"/></v:shape></w:pict></w:r>"""


def run(
    row: Any,
    words: str,
    face: str,
    size: float,
    *,
    bold: bool = False,
    color: RGBColor | None = None,
) -> None:
    """Add words to a paragraph in one of the standard's faces."""
    made = row.add_run(words)
    made.font.name, made.font.size, made.font.bold = fonts.WORD[face], Pt(size), bold
    made._element.rPr.rFonts.set(qn("w:eastAsia"), fonts.WORD[face])  # noqa: SLF001 - python-docx names only Latin faces
    if color is not None:
        made.font.color.rgb = color


def border(row: Any, side: str, color: str, *, eighths: int, space: int) -> None:
    """Draw a line above or below a paragraph, its weight in eighths of a point."""
    layout = row._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    lines = layout.find(qn("w:pBdr"))
    if lines is None:
        lines = parse_xml(f"<w:pBdr {nsdecls('w')}/>")
        layout.insert_element_before(
            lines, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    lines.append(
        parse_xml(
            f'<w:{side} {nsdecls("w")} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{color}"/>'
        )
    )


def page_number(row: Any) -> None:
    """Add `— n —`, the number as a field that Word fills."""
    run(row, "— ", "song", 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run(row, "", "song", 14)
        inner = (
            f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
            if kind
            else f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>'
        )
        row.runs[-1]._element.append(parse_xml(inner))  # noqa: SLF001 - python-docx has no fields
    run(row, " —", "song", 14)


def watermark(row: Any, place: int) -> None:
    """Lay 模拟 across the page, behind the text."""
    row._p.append(parse_xml(_WATERMARK.format(ns=nsdecls("w"), place=place)))  # noqa: SLF001 - python-docx has no shapes
