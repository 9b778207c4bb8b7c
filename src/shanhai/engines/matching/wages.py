"""Wages in one unit: yuan a month, in fen.

`6000`, `6000/月`, `200/天`, `25/小时`, `7.2万/年`, `0.8/件` with the pieces a month after a star: `0.8/件*9000`.
A range `5000-6000/月` counts by its lower end, which is what is promised.
"""

import re
from decimal import Decimal

_WAGE = re.compile(
    r"^(?P<low>\d+(?:\.\d+)?)(?P<lowwan>万)?(?:[-~—至](?P<high>\d+(?:\.\d+)?))?(?P<wan>万)?元?"
    r"(?:/?每?(?P<unit>月|天|日|小时|时|年|件|month|day|hour|year|piece))?(?:\*(?P<pieces>\d+))?$"
)
_MONTHS = 12


def monthly_fen(text: str, days: int = 22, hours: int = 8) -> int | None:
    """Return a wage in fen a month.

    Args:
        text: As above; spaces and commas are ignored.
        days: Working days a month.
        hours: Working hours a day.

    Returns:
        Fen, rounded down; None where the text is no wage or a piece rate has no number of pieces.
    """
    found = _WAGE.match(text.replace(" ", "").replace(",", ""))
    if found is None:
        return None
    wan = found["lowwan"] or found["wan"]
    yuan = Decimal(found["low"]) * (10_000 if wan else 1)
    unit = found["unit"] or "月"
    if unit in {"件", "piece"}:
        return int(yuan * 100 * int(found["pieces"])) if found["pieces"] else None
    if unit in {"年", "year"}:
        return int(yuan * 100 / _MONTHS)
    times = {
        "天": days,
        "日": days,
        "day": days,
        "小时": days * hours,
        "时": days * hours,
        "hour": days * hours,
    }
    return int(yuan * 100 * times.get(unit, 1))
