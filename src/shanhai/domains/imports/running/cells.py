"""What a cell of a 期初 workbook holds, and what stands in the way of taking it: faults, merged cells, totals."""

from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.lines import is_total
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

FORMULA = ("=", "+", "@", "＝", "＋", "＠")
TEXTS |= {
    "import.opening.merged": Text(
        "这一格与上面的行合并了，说不清每行是多少，请拆分后逐行填写",
        "This cell is merged with the rows above, so nobody can say what belongs to which; split it and fill in each row",
    ),
}


def merged_into(sheet: Sheet, row: int, column: int) -> tuple[int, int] | None:
    """Return the first cell of the merged range that a cell hides in, None where it stands for itself."""
    for top, left, bottom, right in sheet.merged:
        inside = top <= row <= bottom and left <= column <= right
        if inside and (top, left) != (row, column):
            return top, left
    return None


def project_at(sheet: Sheet, row: int, column: int) -> str:
    """Return the project that a row names: one merged over several rows is each one's."""
    above = merged_into(sheet, row, column)
    return sheet.cell(*(above or (row, column))).strip()


def is_sum(sheet: Sheet, row: int, column: int) -> bool:
    """Return whether a row is a total (合计, 小计) and no project."""
    return is_total(project_at(sheet, row, column))


def checked(sheet: Sheet, row: int, column: int) -> str:
    """Return a cell's text.

    Raises:
        InvalidInputError: For a formula without a result, an error value, a text that begins like a formula,
            or a cell hidden in a merged range.
    """
    fault = next((one[2] for one in sheet.faults if one[:2] == (row, column)), None)
    if fault is not None:
        if fault:
            raise InvalidInputError("import.cell.error", value=fault)
        raise InvalidInputError("import.amount.formula")
    if merged_into(sheet, row, column) is not None:
        raise InvalidInputError("import.opening.merged")
    text = sheet.cell(row, column).strip()
    if text.startswith(FORMULA):
        raise InvalidInputError("import.cell.formula", value=text[0])
    return text
