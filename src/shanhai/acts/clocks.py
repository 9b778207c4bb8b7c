"""Clocks and limits of the project cycle: which dated parameter sets them, and how dates follow from it.

Source: funds reference §7 and §7.1. Values enter by genesis or governance with their basis; where a value is
未设 there is no clock, and a rule that cannot do without it refuses.
"""

from datetime import date
from typing import Any

from shanhai.acts.machine import Case, Parameter, Refused
from shanhai.acts.machine.values import Unit, parameter
from shanhai.kernel.periods import add_working_days, date_of, end_of_period_ms, ms_of

NOTICE_DAYS = parameter(
    "P11", "公示天数", "Days of a notice", Unit.DAYS, "2018 年公告公示指导意见（经 lwstw.com 引）"
)
CANDIDATES_DAYS = parameter(
    "P11c",
    "中标候选人公示天数",
    "Days of the candidates' notice",
    Unit.DAYS,
    "《招标投标法实施条例》第五十四条，待核",
)
ANSWER_DAYS = parameter(
    "P11o", "异议答复期限", "Days to answer an objection", Unit.DAYS, "地方办法，待核"
)
NEGATIVE_LIST = parameter(
    "P1", "资金负面清单", "Negative list", Unit.WORDS, "财农〔2021〕19号，全国文本待核"
)
PAIR_NEGATIVE_LIST = parameter(
    "P2", "协作资金负面清单", "Negative list of paired funds", Unit.WORDS, "县结对帮扶办法"
)
TARGETS_REQUIRED = parameter(
    "P7", "无绩效目标不入库", "No targets, not in the pool", Unit.SWITCH, "安徽规定"
)
START_MONTHS = parameter(
    "P9", "开工期限", "Months to start", Unit.MONTHS, "沭阳规定（逾期收回资金）"
)
WORKS_LIMIT = parameter(
    "P13w", "工程必须招标限额", "Tender threshold, works", Unit.FEN, "发改委令2018年第16号"
)
GOODS_LIMIT = parameter(
    "P13g", "货物必须招标限额", "Tender threshold, goods", Unit.FEN, "发改委令2018年第16号"
)
SERVICES_LIMIT = parameter(
    "P13s", "服务必须招标限额", "Tender threshold, services", Unit.FEN, "发改委令2018年第16号"
)
DIRECT_LIMIT = parameter(
    "P13d", "直接采购限额", "Limit of direct purchase", Unit.FEN, "各省政府采购限额标准，待核"
)
BID_DAYS = parameter("P13b", "投标期限", "Days to bid", Unit.DAYS, "《招标投标法》第二十四条，待核")
ANNOUNCE_DAYS = parameter(
    "P19",
    "批复后公告期限",
    "Working days to announce an approval",
    Unit.WORKING_DAYS,
    "县结对帮扶办法（5 个工作日）；以工代赈通知（10 个工作日）",
)
REVIEW_DAYS = parameter(
    "P20", "乡镇审核期限", "Days of the township review", Unit.DAYS, "无确认数值，待核"
)
ACCEPTANCE_DAYS = parameter(
    "P21", "验收期限", "Days to accept after completion", Unit.DAYS, "无确认数值，待核"
)
MATERIAL_SHARE = parameter(
    "P22",
    "重大调整的资金比例",
    "Share of the amount that makes a change material",
    Unit.PERMILLE,
    "地方办法，待核",
)
PLAN_CONFIRMER = parameter(
    "P23",
    "年度计划东部确认方",
    "Who confirms the plan in the east",
    Unit.CHOICE,
    "各协作地区约定，待核",
)
REPLY_DAYS = parameter(
    "P24",
    "被审计单位反馈期限",
    "Days for the auditee to reply",
    Unit.DAYS,
    "《审计法》征求意见期限，条款待核",
)
PROJECT_DAYS = parameter(
    "P8",
    "资金下达到项目期限",
    "Days from receipt to project",
    Unit.DAYS,
    "一个区的通知；全国口径待核",
)
CARRY_MONTHS = parameter(
    "P10",
    "结转年限",
    "How long money may be carried over",
    Unit.MONTHS,
    "《预算法》第四十二条，待核",
)
RETENTION_CAP = parameter(
    "P15", "质保金上限", "Retention at most", Unit.PERMILLE, "质保金不超过 3%，地方办法，条款待核"
)
PROGRESS_FLOOR = parameter(
    "P15a",
    "进度款最低比例（预警）",
    "Least share of certified work paid (alert)",
    Unit.PERMILLE,
    "财建〔2022〕183号",
)
ADVANCE_CAP = parameter(
    "P15b", "预付款上限", "Advance at most", Unit.PERMILLE, "县结对帮扶办法（30%）；全国口径待核"
)
PROGRESS_CAP = parameter(
    "P15c",
    "结算前累计支付上限",
    "Paid at most before settlement",
    Unit.PERMILLE,
    "一个区的规定（合同价 80%），待核",
)
CERTIFIED_SHARE = parameter(
    "P15d",
    "进度款占核定工程量比例上限",
    "Share of certified work paid at most",
    Unit.PERMILLE,
    "财建〔2022〕183号之上由合同约定，待核",
)
COUNTERSIGNER = parameter(
    "P25",
    "支付东部会签方",
    "Who countersigns payments in the east",
    Unit.CHOICE,
    "各协作地区约定，待核",
)
ACCOUNT_DAYS = parameter(
    "P26",
    "收款账户备案满天数",
    "Days an account is filed before it is paid",
    Unit.DAYS,
    "D03 规则默认值",
)
HOLIDAYS = parameter("W1", "法定节假日", "Public holidays", Unit.WORDS, "国务院办公厅每年放假通知")
WORKED_WEEKENDS = parameter(
    "W2", "调休上班日", "Weekend days worked", Unit.WORDS, "国务院办公厅每年放假通知"
)


def optional(case: Case[Any], of: Parameter, region: str, on_ms: int) -> int | None:
    """Return a parameter's number, or None where it is unset: no clock, no guess."""
    try:
        return case.value(of, region, on_ms)
    except Refused:
        return None


def words(case: Case[Any], of: Parameter, region: str, on_ms: int) -> tuple[str, ...]:
    """Return a parameter's list, empty where it is unset."""
    try:
        return case.dated(of, region, on_ms).words
    except Refused:
        return ()


def due_in_days(case: Case[Any], of: Parameter, region: str) -> int:
    """Return the first ms after a period that begins now, 0 where the parameter is unset."""
    days = optional(case, of, region, case.now)
    return 0 if days is None else end_of_period_ms(case.now, days)


def due_in_months(case: Case[Any], of: Parameter, region: str) -> int:
    """Return the first ms after the same day some months from now, 0 where the parameter is unset."""
    months = optional(case, of, region, case.now)
    return (
        0 if months is None else end_of_period_ms(ms_of(add_months(date_of(case.now), months)), 0)
    )


def due_in_working_days(case: Case[Any], of: Parameter, region: str) -> int:
    """Return the first ms after a period of working days, 0 where the parameter is unset."""
    days = optional(case, of, region, case.now)
    if days is None:
        return 0
    free = tuple(map(date.fromisoformat, words(case, HOLIDAYS, region, case.now)))
    worked = tuple(map(date.fromisoformat, words(case, WORKED_WEEKENDS, region, case.now)))
    last = add_working_days(date_of(case.now), days, free, worked)
    return end_of_period_ms(ms_of(last), 0)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, 28)
