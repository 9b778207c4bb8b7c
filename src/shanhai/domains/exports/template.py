"""The template for declaring projects: headings the import knows, drop-downs, limits on numbers."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from shanhai.domains.imports.fields import COUNTS, LABELS, MONEY

ROWS = 500
_OPTIONS_SHEET = "选项"
LEFT_OUT = {
    "province",
    "prefecture",
    "county_code",
    "location",
    "subcategory",
    "fund_source",
    "benefits",
    "units",
    "period",
    "year",
    "approval",
    "procurement",
    "source",
    "publisher",
    "published",
}  # fields of announcements, not of a declaration
_FIELDS = [field for field in LABELS if field not in LEFT_OUT]
_HELP = (
    "请从第 3 行起填写，一行一个项目；金额一律为万元，只填数字，尚未确定请留空，不要填 0。",
    "Fill in from row 3, one project a row; amounts in 万元 (ten thousand yuan), digits only, blank if unknown.",
)


class Choices(msgspec.Struct, frozen=True):
    """What the drop-downs offer."""

    counties: Sequence[str]
    categories: Sequence[str] = (
        "产业发展",
        "基础设施",
        "就业帮扶",
        "乡村建设",
        "公共服务",
        "人才交流",
        "其他",
    )
    natures: Sequence[str] = ("新建", "改建", "扩建", "续建")


def write_template(path: Path, choices: Choices) -> None:
    """Write an empty .xlsx that the import reads when filled in.

    Args:
        path: Where to; an existing file is replaced.
        choices: Names for the drop-downs; counties by full name, or by adcode where names are shared.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("项目申报")
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        sheet.write_string(0, 0, "".join(_HELP[0]))
        sheet.write_comment(0, 0, _HELP[1])
        for at, field in enumerate(_FIELDS):
            sheet.write_string(1, at, _title(field), bold)
        sheet.set_row(1, 48)
        sheet.set_column(0, len(_FIELDS) - 1, 16)
        sheet.freeze_panes(2, 0)
        _add_lists(book, sheet, choices)
        _add_limits(sheet)


def _title(field: str) -> str:
    unit = "(万元)" if field in MONEY else ""
    return f"{LABELS[field].zh}{unit}\n{LABELS[field].en}"


def _add_lists(book: xlsxwriter.Workbook, sheet: Worksheet, choices: Choices) -> None:
    lists = {"county": choices.counties, "category": choices.categories, "nature": choices.natures}
    options = book.add_worksheet(_OPTIONS_SHEET)
    options.hide()
    for at, (field, names) in enumerate(lists.items()):
        options.write_column(0, at, names)
        letter = "ABC"[at]
        source = f"={_OPTIONS_SHEET}!${letter}$1:${letter}${max(len(names), 1)}"
        column = _FIELDS.index(field)
        rule = {
            "validate": "list",
            "source": source,
            "error_title": "请从列表选择 Choose from the list",
        }
        sheet.data_validation(2, column, 1 + ROWS, column, rule)


def _add_limits(sheet: Worksheet) -> None:
    for column, field in enumerate(_FIELDS):
        if field in MONEY:
            rule = {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0.000001,
                "maximum": 100_000,
            }
        elif field in COUNTS:
            rule = {
                "validate": "integer",
                "criteria": "between",
                "minimum": 0,
                "maximum": 100_000_000,
            }
        else:
            continue
        rule["error_title"] = "请填数字 Write a number"
        sheet.data_validation(2, column, 1 + ROWS, column, rule)
