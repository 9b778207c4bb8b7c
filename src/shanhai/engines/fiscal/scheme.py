"""A scheme as data: what a transfer law says, with dates and article numbers. `docs/guide/fiscal.md` has the language."""

from datetime import date
from typing import Any, Literal

import msgspec

FAR = date(9999, 12, 31)
Status = Literal["confirmed", "待核", "示例"]


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[scheme]`: what it is called, when it holds, where it comes from."""

    id: str
    title_zh: str
    title_en: str = ""
    valid_from: date
    valid_to: date = FAR
    currency: str = "CNY"
    source: str
    status: Status = "待核"
    note: str = ""


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[data.columns.NAME]`: where a name's values stand in the data, and in which unit."""

    column: str = ""
    kind: Literal["number", "money", "text", "flag"] = "number"
    unit: str = ""
    missing: Literal["refuse", "allow", "optional", "zero"] = "refuse"
    reason: str = ""
    least: str | int | None = None
    most: str | int | None = None
    source: str = ""


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[data]`: the column of the unit's code, of its label, and every column that is read."""

    unit: str = "unit"
    label: str = ""
    columns: dict[str, Column] = {}


class Dated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One span of a parameter's values."""

    since: date
    until: date = FAR
    value: str | int | bool
    article: str = ""


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[parameters.NAME]`: a figure of the law; with `unit` it is money."""

    value: str | int | bool | None = None
    values: list[Dated] = []
    kind: Literal["number", "text"] = "number"
    unit: str = ""
    article: str
    status: Status = "confirmed"
    least: str | int | None = None
    most: str | int | None = None
    note: str = ""


class Lookup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[lookup.NAME]`: a value by a text column (a weight by state)."""

    key: str
    values: dict[str, str | int]
    default: str | int | None = None
    unit: str = ""
    article: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """`[[capacity]]`, `[[need]]`, `[[result]]`: a named figure of each unit, by formula or method."""

    stage: str
    name: str
    article: str
    method: str
    args: dict[str, Any]
    title_zh: str
    title_en: str


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a transfer: a method with its arguments and article."""

    stage: str
    method: str
    args: dict[str, Any]
    article: str
    excess: str = ""


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[transfer.pair]]`: a donor, its recipient, the least that flows between them, and its weight before fitting."""

    donor: str
    recipient: str
    minimum: str | int = 0
    weight: str | int | float = 1


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """`[[transfer]]`: money that changes hands."""

    name: str
    article: str
    title_zh: str
    title_en: str
    kind: str
    payer: str
    pool: str
    balance: str
    tolerance_fen: int
    donor: Rule | None
    recipient: Rule
    bounds: list[Rule]
    transition: list[Rule]
    pairs: list[Pair]
    fit: str
    within: str


class Earmark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[earmark]]`: a purpose and its share of what is received."""

    purpose: str
    share: str | int
    article: str
    transfer: str = ""


class Instalment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[settlement.instalment]]`: when which share is due."""

    name: str
    due: date
    share: str | int


class Settlement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[settlement]`: how provisional amounts are paid and final differences settled."""

    article: str
    instalment: list[Instalment]
    interest: str | int = 0
    day_count: int = 365
    settled: date | None = None
    offset: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[report]`: what equality is measured by; `before` and `after` follow."""

    capacity: str
    need: str
    burden: str = ""
    margin: str = ""
    beside: list[str] = []
    forbidden_purposes: list[str] = []


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """A whole scheme; order of declaration never matters, names do."""

    head: Head
    data: Data
    parameters: dict[str, Parameter]
    lookups: dict[str, Lookup]
    steps: list[Step]
    transfers: list[Transfer]
    earmarks: list[Earmark]
    settlement: Settlement | None
    report: Report | None
    articles: dict[str, str]
