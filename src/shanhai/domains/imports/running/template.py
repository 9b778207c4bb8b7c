"""The empty 期初 workbook: four tables with the headings the import knows, drop-downs and one line of help."""

from pathlib import Path

import xlsxwriter

from shanhai.domains.imports.running.columns import KINDS, Column, Holds, Kind

ROWS = 500
OPTIONS = "选项"
MARKS = {Holds.AMOUNT: "(万元)", Holds.SHARE: "(%)"}
HELP = (
    "请从第 3 行起填写，四张表以项目名称相连；带 * 的列必填，金额一律为万元，日期写成 2021-07-12，资料校验值没有请留空。",
    "Fill in from row 3; the tables are tied by the project's name; columns with * are needed, amounts in 万元, dates as 2021-07-12.",
)


def write_template(path: Path) -> None:
    """Write an empty .xlsx that the import reads when filled in.

    Args:
        path: Where to; an existing file is replaced.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        sheets = [book.add_worksheet(kind.text.zh) for kind in KINDS]
        options = book.add_worksheet(OPTIONS)
        options.hide()
        taken = 0
        for kind, sheet in zip(KINDS, sheets, strict=True):
            _write_head(sheet, kind, bold)
            for at, column in enumerate(kind.columns):
                if column.choices:
                    options.write_column(0, taken, [one.zh for one in column.choices])
                    sheet.data_validation(2, at, 1 + ROWS, at, _rule(taken, column))
                    taken += 1


def _write_head(sheet: "xlsxwriter.worksheet.Worksheet", kind: Kind, bold: object) -> None:
    sheet.write_string(0, 0, HELP[0])
    sheet.write_comment(0, 0, HELP[1])
    for at, column in enumerate(kind.columns):
        sheet.write_string(1, at, heading(column), bold)
    sheet.set_row(1, 48)
    sheet.set_column(0, len(kind.columns) - 1, 18)
    sheet.freeze_panes(2, 1)


def heading(column: Column) -> str:
    """Return a column's heading, its unit beside it, English below."""
    star = "" if column.blank else "*"
    return f"{column.text.zh}{star}{MARKS.get(column.holds, '')}\n{column.text.en}"


def _rule(place: int, column: Column) -> dict[str, str]:
    letter = chr(ord("A") + place)
    return {
        "validate": "list",
        "source": f"={OPTIONS}!${letter}$1:${letter}${len(column.choices)}",
        "error_title": "请从列表选择 Choose from the list",
    }
