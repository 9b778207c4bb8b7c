"""Annual agreements: what the east promises in money, people, jobs and sales, and the west accepts.

Source: 东西部协作年度协议 as signed between provinces (年度协议的指标项, 2022 浙川; form 待核).
"""

from typing import Annotated

import msgspec

from shanhai.acts.machine import (
    Choice,
    Object,
    amount,
    count,
    digest,
    label,
    noun,
    region,
    rows,
    word,
)
from shanhai.acts.pairing import PairingId, Year
from shanhai.kernel.text import Text


class AgreementState(Choice):
    """Life of an agreement."""

    PROPOSED = "proposed", "待西部确认", "Awaiting the west"
    SIGNED = "signed", "已签订", "Signed"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


class TargetKind(Choice):
    """What an agreement promises."""

    AID = "aid", "财政援助资金", "Fiscal aid"
    CADRES = "cadres", "挂职干部", "Posted cadres"
    TALENT = "talent", "专业技术人才", "Specialists"
    FIRMS = "firms", "引导企业", "Firms brought"
    INVESTMENT = "investment", "到位投资", "Investment in place"
    PROJECTS = "projects", "产业项目", "Industry projects"
    SALES = "sales", "消费帮扶", "Consumption"
    JOBS = "jobs", "劳务协作", "Jobs"
    OTHER = "other", "其他", "Other"


class Target(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One promised figure; money is in fen, the rest in the unit named."""

    kind: Annotated[TargetKind, label("指标", "Target")]
    name: Annotated[str, word("指标名称", "Name", max_length=60)]
    unit: Annotated[str, word("单位", "Unit", max_length=20)]
    value: Annotated[int, count("目标值", "Value")]


AidFen = Annotated[int, amount("财政援助资金", "Fiscal aid")]
Targets = Annotated[tuple[Target, ...], rows("目标", "Targets", most=32)]
Document = Annotated[str, digest("文件", "Document")]


@noun
class Agreement(Object, frozen=True, kw_only=True):
    """What a pair agreed for a year."""

    noun, prefix, text, title = "agreement", "agr", Text("年度协议", "Annual agreement"), "number"
    pairing: PairingId
    region: Annotated[str, region("受援地区", "Recipient")]
    east_region: Annotated[str, region("支援地区", "Donor")]
    year: Year
    part: Annotated[int, count("补充协议序号", "Supplement", le=99)] = 0
    number: Annotated[str, word("协议编号", "Number", max_length=60)]
    aid_fen: AidFen
    targets: Targets = ()
    document: Document
    state: Annotated[AgreementState, label("状态", "State")] = AgreementState.PROPOSED

    @property
    def unique(self) -> tuple[str, ...]:
        """A pair has one agreement a year, supplements are numbered."""
        if self.state is AgreementState.WITHDRAWN:
            return ()
        return (f"agreement:{self.pairing}/{self.year}/{self.part}",)
