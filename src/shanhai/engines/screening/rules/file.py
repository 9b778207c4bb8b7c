"""The shape of a rule file; `docs/guide/screening.md` describes it for those who write one."""

from datetime import date
from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"^[^\W\d]\w*$", max_length=40)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table in which a misspelt key is an error."""


class Head(_Strict, frozen=True, kw_only=True):
    """`[ruleset]`: which rules these are."""

    id: Id
    version: Line
    zh: str = ""
    en: str = ""


class Reading(_Strict, frozen=True, kw_only=True):
    """`[data]`: how a delivery is read."""

    key: Id = "household_id"
    region: Id = "region"
    money: Annotated[str, msgspec.Meta(pattern="^(fen|yuan)$")] = "fen"
    columns: dict[str, str] = {}
    """Field → heading in the delivery, where they differ."""


class Levels(_Strict, frozen=True, kw_only=True):
    """`[levels]`: how alerts make a household's level (0–3) and colour."""

    escalate_hits: Annotated[int, msgspec.Meta(ge=2)] = 3
    """So many risk alerts at once raise the level by one."""
    yellow: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    red: Annotated[int, msgspec.Meta(ge=1, le=3)] = 3
    source: str = ""
    status: str = "待核"


class FieldRow(_Strict, frozen=True, kw_only=True):
    """`[fields.NAME]`: a column of the household table."""

    type: Annotated[str, msgspec.Meta(pattern="^(money|count|share|bool|text|date)$")]
    unit: str = ""
    min: int | date | None = None
    max: int | date | None = None
    values: tuple[str, ...] = ()
    feed: str = ""
    zh: str = ""
    en: str = ""


class ValueRow(_Strict, frozen=True, kw_only=True):
    """`[[parameters.values]]`: a value in a region from a day until before another."""

    value: str
    region: Annotated[str, msgspec.Meta(pattern=r"^\d{0,12}$")] = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    status: str = "待核"


class ParameterRow(_Strict, frozen=True, kw_only=True):
    """`[[parameters]]`: a dated threshold."""

    name: Id
    unit: str
    zh: str = ""
    en: str = ""
    values: tuple[ValueRow, ...] = ()


class RuleRow(_Strict, frozen=True, kw_only=True):
    """`[[rules]]`: one rule."""

    id: Id
    version: str = "1"
    when: Line
    kind: Annotated[str, msgspec.Meta(pattern="^(risk|indicator|category)$")] = "risk"
    category: str = ""
    severity: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    zh: Line
    en: Line
    source: str = ""
    status: str = "待核"


class RuleFile(_Strict, frozen=True, kw_only=True):
    """A whole rule file."""

    ruleset: Head
    rules: Annotated[tuple[RuleRow, ...], msgspec.Meta(min_length=1)]
    fields: dict[str, FieldRow] = {}
    parameters: tuple[ParameterRow, ...] = ()
    data: Reading = Reading()
    levels: Levels = Levels()
