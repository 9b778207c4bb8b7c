"""Money in integer fen, shown in yuan or 万元, written in 人民币大写.

Source: 《支付结算办法》附一 (正确填写票据和结算凭证的基本规定) for the capital form.
"""

import re
from decimal import Decimal, InvalidOperation

from shanhai.kernel.canonical import MAX_INT
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_PLAIN = re.compile(r"^\d{1,3}(,\d{3})*(\.\d+)?$|^\d+(\.\d+)?$")
TEXTS |= {
    "money.invalid": Text(
        "“{value}”不是金额，请填数字，如 1200.50",
        "“{value}” is no amount; write a number such as 1200.50",
    ),
    "money.fraction": Text(
        "“{value}”超出分，请保留到分", "“{value}” goes below one fen; round it to the fen"
    ),
    "money.range": Text(
        "“{value}”超出范围，请核对单位", "“{value}” is out of range; check the unit"
    ),
}


def parse(text: str, unit_fen: int = FEN_PER_YUAN) -> int:
    """Read an amount exactly.

    Args:
        text: Digits with optional thousands commas and decimals; no sign, no unit.
        unit_fen: Fen per unit: 100 for yuan, 1,000,000 for 万元.

    Returns:
        Fen, 0 to 2**53 − 1.

    Raises:
        InvalidInputError: If `text` is no number, finer than a fen, or too large.
    """
    cleaned = text.strip().replace("，", ",")
    if not _PLAIN.match(cleaned):
        raise InvalidInputError("money.invalid", value=text)
    try:
        amount = Decimal(cleaned.replace(",", "")) * unit_fen
    except InvalidOperation as error:
        raise InvalidInputError("money.invalid", value=text) from error
    if amount > MAX_INT:
        raise InvalidInputError("money.range", value=text)
    if amount != amount.to_integral_value():
        raise InvalidInputError("money.fraction", value=text)
    return int(amount)


def yuan(amount_fen: int) -> str:
    """Return `12,345.60`."""
    return Text("{a_fen}", "").say("zh", {"a_fen": amount_fen})


def wan(amount_fen: int) -> str:
    """Return 万元 with up to six decimals and no trailing zeros: `1,200` or `0.5`."""
    sign, whole = ("-" if amount_fen < 0 else ""), abs(amount_fen)
    decimals = f"{whole % FEN_PER_WAN:06}".rstrip("0")
    return f"{sign}{whole // FEN_PER_WAN:,}" + (f".{decimals}" if decimals else "")


def capital(amount_fen: int) -> str:
    """Return 人民币大写, for example `人民币壹仟零伍元伍角整`.

    Args:
        amount_fen: Fen, 0 to 10**18 − 1.
    """
    whole, jiao, cents = amount_fen // 100, amount_fen // 10 % 10, amount_fen % 10
    text = _integer(whole) + "元" if whole else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif cents and whole:
        text += "零"
    if cents:
        return "人民币" + text + _DIGITS[cents] + "分"
    return "人民币" + (text or "零元") + "整"


def _integer(value: int) -> str:
    text, gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = value // 10 ** (4 * place) % 10_000
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):  # noqa: PLR2004 - the group has no thousands
            text += "零"
        text, gap = text + _group(group) + _GROUPS[place], False
    return text


def _group(group: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text, zero = text + ("零" if zero else "") + _DIGITS[digit] + _PLACES[place], False
        else:
            zero = bool(text)
    return text
