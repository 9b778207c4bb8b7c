"""Reading amounts of money as people write them, exactly or not at all."""

import re

import msgspec

from shanhai.domains.imports.fields import squash
from shanhai.kernel import money
from shanhai.kernel.errors import InvalidInputError

UNITS = {"元": 100, "千元": 100_000, "万元": money.FEN_PER_WAN, "亿元": 10_000 * money.FEN_PER_WAN}
UNKNOWN = {"", "-", "--", "—", "——", "―", "–", "/", "\\", "－"}
TOO_LARGE_FEN = 1_000_000_000 * 100
TOO_SMALL_FEN = 1_000 * 100
_LONG = {"亿": "亿元", "万": "万元", "": ""}
_AMOUNT = re.compile(
    r"^[¥$]?(?:人民币|RMB)?([\d,]*\d(?:\.\d*)?|\.\d+)(亿元|亿|万元|万|千元|元)?整?$"
)
_NEGATIVE = re.compile(r"^(?:-|−|\()[\d,.]+\)?(?:亿元|亿|万元|万|千元|元)?$")
_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)(亿元|亿|万元|万|千元|元)?")
_STATED = re.compile(r"(\d[\d,]*(?:\.\d+)?)(亿元|亿|万元|万|千元|元)")
_TOTAL = re.compile(
    r"(?:总投资|总额|合计|共计|总计|投资|=)[^\d,;。]{0,6}(\d[\d,]*(?:\.\d+)?)(亿元|亿|万元|万|千元|元)"
)
_VAGUE = re.compile(r"约|大概|左右|近|余|多|以上|以内|不超过|预计|暂定|待定")


class Rule(msgspec.Struct, frozen=True):
    """How a column of amounts is to be read.

    Attributes:
        unit: 元, 千元, 万元, 亿元, or blank where nothing states it.
        confirmed: Whether a person confirmed the unit, so that sizes are no longer doubted.
    """

    unit: str
    confirmed: bool = False


def read_amount(text: str, rule: Rule) -> int | None:
    """Read a cell.

    Args:
        text: What stands in the cell.
        rule: The column's unit.

    Returns:
        Fen, or None where the cell says that the amount is unknown.

    Raises:
        InvalidInputError: If the text is no plain positive amount of a known unit.
    """
    plain = squash(text)
    if plain in UNKNOWN:
        return None
    match = _AMOUNT.match(plain)
    if not match:
        code = "import.amount.negative" if _NEGATIVE.match(plain) else "import.amount.text"
        raise InvalidInputError(code, value=text[:30])
    own = _LONG.get(match[2] or "", match[2] or "")
    if own and rule.unit and own != rule.unit:
        raise InvalidInputError("import.unit.contradiction", value=text[:30], unit=rule.unit)
    unit = own or rule.unit
    if not unit:
        raise InvalidInputError("import.unit.unknown")
    return _plausible(to_fen(match[1], unit), match[1], unit, confirmed=rule.confirmed or bool(own))


def to_fen(digits: str, unit: str) -> int:
    """Return exact fen.

    Raises:
        InvalidInputError: If `digits` go below one fen or are badly grouped.
    """
    try:
        return money.parse(
            digits.rstrip(".") if not digits.startswith(".") else "0" + digits, UNITS[unit]
        )
    except InvalidInputError as error:
        fraction = error.code == "money.fraction"
        code = "import.amount.fraction" if fraction else "import.amount.text"
        raise InvalidInputError(code, value=digits) from error


def _plausible(fen: int, digits: str, unit: str, *, confirmed: bool) -> int:
    if fen == 0:
        raise InvalidInputError("import.amount.zero")
    if not confirmed and fen > TOO_LARGE_FEN:
        raise InvalidInputError("import.unit.too_large", value=digits, unit=unit)
    if not confirmed and unit == "元" and fen < TOO_SMALL_FEN:
        raise InvalidInputError("import.unit.too_small", value=digits)
    return fen


def amount_in(text: str, default_unit: str = "") -> tuple[int | None, bool]:
    """Read the total from a sentence such as 上海市对口支援资金1200万元，其中产业800万元.

    Args:
        text: A fund source or heading.
        default_unit: Unit for a text that is nothing but digits.

    Returns:
        Fen or None where no amount is stated, and whether several parts were added up.

    Raises:
        InvalidInputError: If the amount is vague (约, 余, 以上) or the parts contradict the total.
    """
    plain = squash(text)
    if default_unit and _AMOUNT.match(plain):
        return read_amount(text, Rule(default_unit)), False
    whole = plain.split("其中")[0]
    found = _STATED.findall(whole)
    if not found:
        return None, False
    if _VAGUE.search(whole):
        raise InvalidInputError("import.amount.text", value=text[:30])
    total = _TOTAL.findall(whole)
    if len(found) > 1 and total:
        return _fen(total[-1]), False
    if len(found) == 1 and "+" in whole:  # 省47+市66.5+县10万元: one unit at the end for all
        unit = found[0][1]
        return sum(_fen((digits, own or unit)) for digits, own in _PART.findall(whole)), True
    return sum(_fen(pair) for pair in found), len(found) > 1


def _fen(pair: tuple[str, str]) -> int:
    return to_fen(pair[0], _LONG.get(pair[1], pair[1]))
