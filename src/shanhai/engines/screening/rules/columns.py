"""Read the declaration of a field."""

from datetime import date
from fractions import Fraction

from shanhai.engines.screening.fields import EPOCH_DAYS, MAX_COUNT, MAX_MONEY_FEN, Field, Kind
from shanhai.engines.screening.lang.units import NONE, Unit, base, parse_unit
from shanhai.engines.screening.rules.file import FieldRow
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.periods import day_number, ms_of
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.field_unit": Text(
        "{where}：字段 {name} 的单位“{unit}”与类型 {type} 不合，金额用 fen 或 fen/person，计数用 person、day、month、time",
        "{where}: unit “{unit}” of field {name} does not fit type {type}; money takes fen or fen/person, counts person, day, month, time",
    ),
    "screen.field_bounds": Text(
        "{where}：字段 {name} 的 min、max 不对，请写同类型且 min ≤ max，金额以分计",
        "{where}: min and max of field {name} are wrong; write the field's own type, min ≤ max, money in fen",
    ),
}
_KINDS = {"bool": Kind.TRUTH, "text": Kind.TEXT, "date": Kind.DATE}


def read_field(name: str, row: FieldRow, where: str) -> Field:
    """Read and check one field.

    Args:
        name: Its identifier.
        row: As written; `min` and `max` of money are fen.
        where: Its place.

    Raises:
        InvalidInputError: The unit does not fit the type, or the bounds do not.
    """
    kind = _KINDS.get(row.type, Kind.QUANTITY)
    unit = _unit(name, row, where)
    low, high = _bounds(name, row, kind, where)
    return Field(name, kind, unit, low, high, row.values, row.feed, row.zh, row.en)


def _unit(name: str, row: FieldRow, where: str) -> Unit:
    written = row.unit or {"money": "fen"}.get(row.type, "")
    read = parse_unit(written)
    scale, unit = read or (Fraction(0), NONE)
    fits = {
        "money": unit.powers[0] == 1 and scale == 1,
        "count": not unit.money and scale == 1,
        "share": unit == NONE,
    }.get(row.type, not written)
    if not fits:
        raise InvalidInputError(
            "screen.field_unit", where=where, name=name, unit=written, type=row.type
        )
    return unit if unit != base("") else NONE


def _bounds(name: str, row: FieldRow, kind: Kind, where: str) -> tuple[int, int]:
    low, high = {
        Kind.DATE: EPOCH_DAYS,
        Kind.QUANTITY: (0, MAX_MONEY_FEN if row.type == "money" else MAX_COUNT),
    }.get(kind, (0, 0))
    given = [low if row.min is None else row.min, high if row.max is None else row.max]
    wrong = any(
        isinstance(one, date) != (kind is Kind.DATE)
        for one in (row.min, row.max)
        if one is not None
    )
    whole = [day_number(ms_of(one)) if isinstance(one, date) else one for one in given]
    written = row.min is not None or row.max is not None
    if wrong or whole[0] > whole[1] or (written and kind in {Kind.TRUTH, Kind.TEXT}):
        raise InvalidInputError("screen.field_bounds", where=where, name=name)
    return whole[0], whole[1]
