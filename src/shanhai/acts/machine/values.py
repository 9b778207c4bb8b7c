"""Dated parameter values: a number or list, a region, from–to, and the basis it stands on.

Source: frozen decision 24: objects keyed by name and region prefix, looked up by the subject's region
and a date that the guard names; elsewhere the value is 未设: no clock, no guess.
"""

from functools import lru_cache
from typing import Annotated, NamedTuple

import msgspec

from shanhai.acts.machine.fields import count, label, moment, region, rows, word
from shanhai.acts.machine.objects import Object, noun
from shanhai.kernel.regions import look_up
from shanhai.kernel.text import Choice, Text

PLACES = 8192
"""How many pairs of parameter and region keep their ids: more than a province asks for in an hour."""


class Standing(Choice):
    """How sure a value is."""

    CONFIRMED = "confirmed", "已核", "Confirmed"
    UNCONFIRMED = "unconfirmed", "待核", "To be verified"
    EXAMPLE = "example", "示例", "Example"


class Unit(Choice):
    """What a parameter's number counts."""

    DAYS = "days", "天", "days"
    WORKING_DAYS = "working_days", "工作日", "working days"
    MONTHS = "months", "个月", "months"
    HOURS = "hours", "小时", "hours"
    PERMILLE = "permille", "‰", "per mille"
    FEN = "fen", "分", "fen"
    SWITCH = "switch", "开关", "on or off"
    WORDS = "words", "清单", "list"
    CHOICE = "choice", "选项", "choice"


class Parameter(NamedTuple):
    """A named value that rules read; its default lives only in genesis."""

    id: str
    text: Text
    unit: Unit
    source: str


class Dated(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One value with its dates (`until_ms` 0 = open, not included) and basis."""

    since_ms: Annotated[int, moment("生效", "Effective from")] = 0
    until_ms: Annotated[int, moment("失效", "Effective until (not included)")] = 0
    value: Annotated[int, count("数值", "Value")] = 0
    words: Annotated[tuple[str, ...], label("清单", "List")] = ()
    basis: Annotated[str, word("依据", "Basis")]
    standing: Annotated[Standing, label("核实", "Standing")] = Standing.CONFIRMED

    def holds(self, on_ms: int) -> bool:
        """Return whether the value is in force on that date."""
        return self.since_ms <= on_ms and (not self.until_ms or on_ms < self.until_ms)


@noun
class Setting(Object, frozen=True, kw_only=True):
    """The dated values of one parameter in one region, id `P15a/5107`, newest first."""

    noun, text = "setting", Text("参数", "Parameter value")
    parameter: Annotated[str, word("参数", "Parameter", max_length=40)]
    region: Annotated[str, region()]
    dated: Annotated[tuple[Dated, ...], rows("历次取值", "Values", least=1)]

    def at(self, on_ms: int) -> Dated | None:
        """Return the value in force on a date, the newest first."""
        for dated in self.dated:
            if dated.since_ms <= on_ms and (not dated.until_ms or on_ms < dated.until_ms):
                return dated
        return None


@lru_cache(PLACES)
def setting_ids(parameter_id: str, region: str) -> tuple[str, ...]:
    """Return the ids under which a parameter may be set for a region, nearest first."""
    return tuple(f"{parameter_id}/{cut}" for cut in look_up(region))


PARAMETERS: dict[str, Parameter] = {}


def parameter(id: str, zh: str, en: str, unit: Unit, source: str) -> Parameter:  # noqa: A002 - the field's name
    """Register a parameter."""
    return PARAMETERS.setdefault(id, Parameter(id, Text(zh, en), unit, source))


KEY_DELAY = parameter(
    "K1",
    "审批和支付密钥生效等待期",
    "Delay before approver and payer keys act",
    Unit.HOURS,
    "平台规则 R16 Shanhai rule",
)
