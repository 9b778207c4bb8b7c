"""Notices (公示, 公告) and objections: a stage ends when its notice ran its days and no objection is open.

Source: 2018 guidance on 公告公示 (≥ 10 days, P11), funds reference §5.4 and §5.8 no. 10; 《民法典》 art. 201 (待核).
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    count,
    digest,
    flag,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class Stage(Choice):
    """What the notice publicises."""

    VILLAGE = "village", "村级公示", "Village notice"
    TOWNSHIP = "township", "乡镇公示", "Township notice"
    COUNTY = "county", "县级公示", "County notice"
    CANDIDATES = "candidates", "中标候选人公示", "Notice of candidates"
    CHANGE = "change", "项目调整公示", "Notice of a change"
    COMPLETION = "completion", "完工公告", "Completion notice"


class Channel(Choice):
    """Where it is put up."""

    BOARD = "board", "公示栏", "Notice board"
    SITE = "site", "项目现场", "Project site"
    PORTAL = "portal", "政府门户网站", "Government portal"
    MEDIA = "media", "县级媒体", "County media"


class NoticeState(Choice):
    """Life of a notice."""

    RUNNING = "running", "公示中", "Running"
    PASSED = "passed", "公示期满", "Passed"
    VOID = "void", "已作废", "Void"


@noun
class Notice(Object, frozen=True, kw_only=True):
    """One notice of one stage; its days are the parameter's on the day it began."""

    noun, prefix, text, title = "notice", "ntc", Text("公示", "Notice"), "place"
    project: ProjectId
    lot: Annotated[str, ref(None, "标段", "Lot")] = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    stage: Annotated[Stage, label("环节", "Stage")]
    channel: Annotated[Channel, label("渠道", "Channel")]
    place: Annotated[str, word("位置或网址", "Place or address", max_length=400)]
    organ: Annotated[str, ref(Organisation, "受理单位", "Organ that takes objections")]
    version: Annotated[int, count("公示内容版本", "Version of the content")] = 0
    round: Annotated[int, count("重新公示次数", "Restarts", le=999)] = 0
    started_ms: Annotated[int, moment("开始时间", "Started")] = 0
    days: Annotated[int, count("公示天数", "Days", le=3660)] = 0
    ends_ms: Annotated[int, moment("期满时间", "Over from")] = 0
    page: Annotated[str, digest("公示内容", "Content")]
    photo: Annotated[str, digest("公示照片", "Photograph")]
    closing_photo: Annotated[str, digest("期满照片", "Photograph at the end")] = ""
    closed_ms: Annotated[int, moment("结束时间", "Closed")] = 0
    state: Annotated[NoticeState, label("状态", "State")] = NoticeState.RUNNING


NoticeId = Annotated[str, ref(Notice, "公示", "Notice")]


class ObjectionState(Choice):
    """Life of an objection: it blocks from acceptance to its answer."""

    ACCEPTED = "accepted", "已受理", "Accepted"
    REFUSED = "refused", "不予受理", "Not accepted"
    ANSWERED = "answered", "已答复", "Answered"


@noun
class Objection(Object, frozen=True, kw_only=True):
    """An objection raised off the ledger with a receipt, accepted or refused by the notice's organ."""

    noun, prefix, text = "objection", "obj", Text("异议", "Objection")
    sums = (Sum("open", by="notice"),)
    notice: NoticeId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    organ: Annotated[str, ref(Organisation, "受理单位", "Organ")]
    receipt: Annotated[str, digest("收件回执", "Receipt of the submission")]
    reason: Annotated[str, word("不予受理理由", "Reason for refusing", max_length=400)] = ""
    received_ms: Annotated[int, moment("收件时间", "Received")] = 0
    due_ms: Annotated[int, moment("答复期限", "Answer due")] = 0
    answered_ms: Annotated[int, moment("答复时间", "Answered")] = 0
    answer: Annotated[str, digest("答复文件", "Answer")] = ""
    upheld: Annotated[bool, flag("异议成立", "Upheld")] = False
    state: Annotated[ObjectionState, label("状态", "State")]

    @property
    def open(self) -> int:
        """Return 1 while it blocks."""
        return int(self.state is ObjectionState.ACCEPTED)

    @property
    def unique(self) -> tuple[str, ...]:
        """A submission is dealt with once."""
        return (f"objection_receipt:{self.receipt}",)
