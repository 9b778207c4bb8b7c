"""Reading dates and periods as announcements write them."""

import re
from datetime import date, timedelta

from shanhai.domains.imports.fields import squash
from shanhai.kernel.errors import InvalidInputError

_EPOCH = date(1899, 12, 30)
_SERIAL = re.compile(r"^[2-6]\d{4}(\.\d+)?$")
_DATE = re.compile(
    r"^(20\d\d|19\d\d)(?:(?:年|[-./])(\d{1,2})(?:(?:月|[-./])(\d{1,2})日?|月)?|年度?|(\d\d)(\d\d)?)?(?:底|末|初|前|上旬|中旬|下旬)?$"
)
_TOKEN = re.compile(
    r"(20\d\d)([年./-])(\d{1,2})(?!\d)(?:(?:\2|月)(\d{1,2})(?!\d)日?|月)?|(?<!\d)()()(\d{1,2})月(?:(\d{1,2})日)?"
)
_TAIL = re.compile(r"(?<=[-至到~—])(\d{1,2})$")
_YEARS = re.compile(r"^(20\d\d)年?(?:-|至|到|~|—)(20\d\d)年?$")
_UNKNOWN = {"", "-", "--", "—", "——", "/"}


def read_date(text: str) -> str:
    """Read a day, month or year.

    Args:
        text: 2021年7月, 2021.7, 2021-07-12, 20210712, or a spreadsheet's serial day such as 44389.

    Returns:
        `2021-07-12`, `2021-07` or `2021`; blank where the cell says unknown.

    Raises:
        InvalidInputError: If it is no date of the calendar.
    """
    plain = squash(text)
    if plain in _UNKNOWN:
        return ""
    if _SERIAL.match(plain):
        return (_EPOCH + timedelta(days=int(float(plain)))).isoformat()
    match = _DATE.match(plain)
    if not match:
        raise InvalidInputError("import.date.invalid", value=text[:30])
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    return _joined(year, month, day, text)


def ambiguous(text: str) -> bool:
    """Return whether a spreadsheet may have turned 2021.10 into 2021.1."""
    return re.fullmatch(r"(20\d\d)\.1", squash(text)) is not None


def _joined(year: str, month: str | None, day: str | None, text: str) -> str:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise InvalidInputError("import.date.invalid", value=text[:30]) from error
    return year + (f"-{int(month):02}" if month else "") + (f"-{int(day):02}" if day else "")


def read_period(text: str) -> tuple[str, str]:
    """Read start and end from 2021年7月启动，2021年11月完成 or 2021.7-2021.11; blank where not found.

    Args:
        text: A period in words; durations such as 三个月 name no date and give blanks.

    Raises:
        InvalidInputError: If a date in it is not of the calendar.
    """
    plain = squash(text)
    years = _YEARS.match(plain)
    if years:
        return years[1], years[2]
    try:
        single = read_date(text)
    except InvalidInputError:
        single = ""
    if single or plain in _UNKNOWN:
        return ("", single) if re.search(r"[底前]$", plain) else (single, "")
    found: list[str] = []
    year = ""
    plain = re.sub(r"(?<=年)(\d{1,2})-(\d{1,2})月", r"\1月至\2月", _TAIL.sub(r"\1月", plain))
    for match in _TOKEN.finditer(plain):
        year = match[1] or year
        if year:
            found.append(_joined(year, match[3] or match[7], match[4] or match[8], text))
    return (found[0], found[1] if len(found) > 1 else "") if found else ("", "")
