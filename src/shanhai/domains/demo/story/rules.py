"""The rules of the 模拟 county: every dated parameter, with the standing its source deserves."""

from shanhai.acts.clocks import (
    ACCEPTANCE_DAYS,
    ACCOUNT_DAYS,
    ADVANCE_CAP,
    ANNOUNCE_DAYS,
    ANSWER_DAYS,
    BID_DAYS,
    CANDIDATES_DAYS,
    CARRY_MONTHS,
    CERTIFIED_SHARE,
    COUNTERSIGNER,
    DIRECT_LIMIT,
    GOODS_LIMIT,
    MATERIAL_SHARE,
    NEGATIVE_LIST,
    NOTICE_DAYS,
    PAIR_NEGATIVE_LIST,
    PLAN_CONFIRMER,
    PROGRESS_CAP,
    REPLY_DAYS,
    RETENTION_CAP,
    REVIEW_DAYS,
    SERVICES_LIMIT,
    START_MONTHS,
    TARGETS_REQUIRED,
    WORKS_LIMIT,
)
from shanhai.acts.machine import Setting, Standing
from shanhai.acts.machine.values import Dated, Parameter
from shanhai.domains.demo.cast import WEST_PROVINCE
from shanhai.domains.demo.story.teller import WAN
from shanhai.kernel.regions import stem

VALUES: dict[Parameter, int] = {
    NOTICE_DAYS: 10,
    CANDIDATES_DAYS: 3,
    ANSWER_DAYS: 15,
    REVIEW_DAYS: 5,
    ACCEPTANCE_DAYS: 20,
    TARGETS_REQUIRED: 1,
    START_MONTHS: 6,
    WORKS_LIMIT: 400 * WAN,
    GOODS_LIMIT: 200 * WAN,
    SERVICES_LIMIT: 100 * WAN,
    DIRECT_LIMIT: 30 * WAN,
    BID_DAYS: 20,
    ANNOUNCE_DAYS: 5,
    MATERIAL_SHARE: 100,
    REPLY_DAYS: 10,
    RETENTION_CAP: 30,
    ADVANCE_CAP: 300,
    PROGRESS_CAP: 800,
    CERTIFIED_SHARE: 900,
    ACCOUNT_DAYS: 15,
    CARRY_MONTHS: 24,
}
LISTS: dict[Parameter, tuple[str, ...]] = {
    NEGATIVE_LIST: ("单位基本支出", "交通工具及通讯设备", "修建楼堂馆所", "偿还债务和垫资"),
    PAIR_NEGATIVE_LIST: ("弥补企业亏损", "发放个人补贴"),
    PLAN_CONFIRMER: ("cadre",),
    COUNTERSIGNER: ("cadre",),
}
CLEARED = LISTS[NEGATIVE_LIST] + LISTS[PAIR_NEGATIVE_LIST]


def settings() -> tuple[Setting, ...]:
    """Return what genesis sets for the county's province; an unverified source stays 待核."""
    return tuple(
        _setting(one, Dated(value=value, basis=_basis(one), standing=_standing(one)))
        for one, value in VALUES.items()
    ) + tuple(
        _setting(one, Dated(words=words, basis=_basis(one), standing=_standing(one)))
        for one, words in LISTS.items()
    )


def _setting(one: Parameter, dated: Dated) -> Setting:
    key = f"{one.id}/{stem(WEST_PROVINCE)}"
    return Setting(id=key, parameter=one.id, region=WEST_PROVINCE, dated=(dated,))


def _basis(one: Parameter) -> str:
    return f"{one.source}（模拟取值）"


def _standing(one: Parameter) -> Standing:
    return Standing.UNCONFIRMED if "待核" in one.source else Standing.EXAMPLE
