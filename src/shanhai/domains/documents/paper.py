"""What stands on an official document, before it is laid out: one paper makes the PDF and the DOCX alike.

Source: GB/T 9704—2012 《党政机关公文格式》 for the parts and their order; 《党政机关公文处理工作条例》 for
批复 and 公示 (articles 待核). A blank that only a pen may fill stays a blank.
"""

from datetime import date

import msgspec

from shanhai.kernel.periods import date_of

BLANK, BLANK_DAY = "＿＿＿＿＿＿", "＿＿＿＿年＿＿月＿＿日"


class Line(msgspec.Struct, frozen=True, tag="line"):
    """A paragraph of the body; `head` runs in before it, in 黑体."""

    text: str
    head: str = ""
    indent: bool = True


class Cell(msgspec.Struct, frozen=True):
    """A cell of a form: `label` is a heading cell, `seal` a box to stamp, `wide` how many columns it takes."""

    text: str
    wide: int = 1
    label: bool = False
    number: bool = False
    seal: bool = False


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table of a form: column widths in millimetres (156 in all), rows, and whether the first is a heading."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: bool = False


class Form(msgspec.Struct, frozen=True):
    """A page of tables under a title, with a line above them on both sides."""

    title: str
    left: str
    right: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One document; empty parts are left out.

    `mark` is the 发文机关标志, `number` the 文号, `addressee` the 主送, `organ` and `day` the signature,
    `copies`, `printer` the 版记; `code`, `url` and `proof` stand at the foot of every page.
    """

    kind: str
    name: str
    code: str
    url: str
    title: str = ""
    mark: str = ""
    number: str = ""
    addressee: str = ""
    body: tuple[Line | Table, ...] = ()
    attached: tuple[str, ...] = ()
    organ: str = ""
    day: str = ""
    time_ms: int
    copies: str = ""
    printer: str = ""
    forms: tuple[Form, ...] = ()
    proof: tuple[str, ...] = ()
    simulated: bool = False


def project_words(name: str) -> str:
    """Return a project's name with 项目 behind it, once."""
    return name if name.endswith("项目") else f"{name}项目"


def label(text: str, wide: int = 1) -> Cell:
    """Return a heading cell."""
    return Cell(text, wide=wide, label=True)


def spelled(day: date) -> str:
    """Return a date as documents write it, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_of(time_ms: int) -> str:
    """Return a time's day in UTC+8 as documents write it, a blank where there is none."""
    return spelled(date_of(time_ms)) if time_ms else BLANK_DAY
