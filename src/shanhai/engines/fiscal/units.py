"""Numbers and money as people write them: `12`, `1,200.5`, `63%`, `147/148`, `400 million`, `33 亿元`."""

import re
from fractions import Fraction

from shanhai.engines.fiscal.exact import Number, tame
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.spelling import nearest

MONEY_UNITS = {
    "fen": 1,
    "分": 1,
    "cent": 1,
    "yuan": 100,
    "元": 100,
    "千元": 10**5,
    "thousand": 10**5,
    "万元": 10**6,
    "百万元": 10**8,
    "million": 10**8,
    "亿元": 10**10,
    "billion": 10**11,
    "Mio": 10**8,
    "Mrd": 10**11,
}
"""Money units in fen, the hundredth part of the scheme's currency whatever its name."""
LONGEST = 80
"""Characters of a number at most."""
SYMBOLS = ("€", "$", "R$", "￥", "¥", "£")
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:/(\d+)(\.\d+)?)?\s*(%?)")


def parse_number(text: str, place: str) -> Number:
    """Read a plain number exactly: decimals, thousands commas, one fraction bar, a percent sign.

    Args:
        text: What was written.
        place: Where, for the refusal.

    Raises:
        InvalidInputError: If it is no such number, or divided by 0.
    """
    cleaned = text.strip().replace("，", ",").replace("％", "%").replace("−", "-")
    match = _NUMBER.fullmatch(cleaned)
    if match is None or len(cleaned) > LONGEST:
        raise refuse("number", place=place, value=text)
    sign, left, decimals, below, below_decimals, percent = match.groups()
    bottom = Fraction((below or "1") + (below_decimals or ""))
    if not bottom:
        raise refuse("number", place=place, value=text)
    value = Fraction(left.replace(",", "") + (decimals or "")) / bottom
    return tame((-value if sign == "-" else value) / (100 if percent else 1))


def fen_per(unit: str, currency: str, place: str) -> int:
    """Return how many fen one money unit holds; the currency's own code may stand alone or beside.

    Raises:
        InvalidInputError: If the unit is unknown.
    """
    words = [word for word in unit.split() if word not in (currency, *SYMBOLS)]
    if not words and unit.strip():
        return 100
    name = " ".join(words)
    if name not in MONEY_UNITS:
        raise refuse(
            "unit", place=place, name=unit, nearest=nearest(name, [*MONEY_UNITS, currency])
        )
    return MONEY_UNITS[name]


def parse_money(text: str, currency: str, place: str) -> Number | None:
    """Read `400 million` or `33.5亿元` as fen; None where no unit follows the number."""
    match = re.fullmatch(r"\s*([-+]?[\d,./]+)\s*([^\d%\s].*)", text)
    if match is None:
        return None
    return tame(parse_number(match[1], place) * fen_per(match[2].strip(), currency, place))
