"""The public notice (公示): a draft of the project to put up, and the notice once it stands.

Source: 2018 guidance on 公告公示, as quoted in funds reference §6.2: name, place, content, period, unit
responsible, source, amount, quality and benefit targets; objections investigated and answered. A complaint
telephone is not in the ledger: the paper leaves a blank for the pen.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shanhai.acts.clocks import NOTICE_DAYS
from shanhai.acts.machine import Setting
from shanhai.acts.notice import STAGES, Notice, Stage
from shanhai.acts.project import Project
from shanhai.domains.book.handle import current
from shanhai.domains.documents import making, signed
from shanhai.domains.documents.paper import (
    BLANK,
    Cell,
    Line,
    Paper,
    Table,
    day_of,
    label,
    project_words,
)
from shanhai.domains.rows import by_id
from shanhai.kernel import money
from shanhai.kernel.errors import Refused
from shanhai.kernel.regions import look_up
from shanhai.kernel.text import TEXTS, Text

NAME, DRAFT_NAME = "公示", "公示稿"
WIDTHS = (32.0, 124.0)
OF_PROJECT = (Stage.VILLAGE, Stage.TOWNSHIP, Stage.COUNTY, Stage.COMPLETION)
"""Notices that show the project itself; candidates and changes have papers of their own."""
TEXTS["document.notice_outdated"] = Text(
    "项目内容在公示后已改（现为第 {now} 版，公示的是第 {then} 版），旧公示不能再打印；请重新公示",
    "The project changed after this notice (version {now}, the notice shows {then}); put the new content up",
)


class Period(NamedTuple):
    """How long it hangs: days, first day and last day in words."""

    days: str
    first: str
    last: str


def build(notice: Notice) -> Paper:
    """Return a notice that was put up.

    Raises:
        Refused: `document.notice_outdated` where the project's content is no longer what was put up.
    """
    project = by_id(Project, [notice.project])[notice.project]
    if project.version != notice.version:
        raise Refused("document.notice_outdated", now=project.version, then=notice.version)
    acts = signed.signatures(notice)
    opened = signed.last_of(acts, "notice.open", "notice.restart") or acts[0]
    period = Period(str(notice.days), day_of(notice.started_ms), day_of(notice.ends_ms - 1))
    place = f"{notice.channel.zh}（{notice.place}）"
    organs = making.organ_names((notice.organ, project.owner, project.department))
    return Paper(
        name=NAME,
        title=_title(project, notice.stage),
        body=tuple(_body(project, organs, period, organs.get(notice.organ, ""), place)),
        organ=opened.organ,
        day=day_of(notice.started_ms),
        **making.shared("notice", opened),
    )


def stage_of(project: Project) -> Stage | None:
    """Return the notice that a project's state calls for."""
    return next((one for one in OF_PROJECT if STAGES[one].states == (project.state,)), None)


def days_set(region: str, on_ms: int) -> int:
    """Return the days of a notice in a region as of a date, 0 where nobody set them."""
    found = (current().find(Setting, f"{NOTICE_DAYS.id}/{cut}") for cut in look_up(region))
    dated = (one.at(on_ms) for one in found if one is not None)
    return next((one.value for one in dated if one is not None), 0)


def build_draft(project: Project, organ: str, on_ms: int) -> Paper:
    """Return the paper to put up before its notice is opened; its hash is the notice's `page`.

    Args:
        project: A project whose stage is publicised.
        organ: The organ that puts it up.
        on_ms: The day it is printed, which decides the period; epoch ms.

    Raises:
        Refused: `document.too_early` in a stage without notice.
    """
    stage = stage_of(project)
    if stage is None:
        raise Refused(
            "document.too_early",
            name=DRAFT_NAME,
            reason="项目不在公示环节",
            reason_en="the project's stage has no notice",
        )
    days = days_set(project.region, on_ms)
    period = Period(str(days) if days else "＿＿", day_of(0), day_of(0))
    organs = making.organ_names((project.owner, project.department))
    deciding = signed.signatures(project)[-1]
    return Paper(
        name=DRAFT_NAME,
        title=_title(project, stage),
        body=tuple(_body(project, organs, period, BLANK, "")),
        organ=organ,
        day=day_of(0),
        **making.shared("draft", deciding),
    )


def _title(project: Project, stage: Stage) -> str:
    return f"关于{project_words(project.name)}的{stage.zh}"


def _body(
    project: Project, organs: Mapping[str, str], period: Period, organ: str, place: str
) -> Iterator[Line | Table]:
    yield Line(
        f"按照项目资金公告公示的规定，现将{project_words(project.name)}的有关情况予以公示，接受群众和社会监督。"
    )
    yield Table(WIDTHS, tuple((label(a), Cell(b)) for a, b in _facts(project, organs)))
    runs = f"自{period.first}起{period.days}天（首日不计），至{period.last}止"
    yield Line(f"{runs}{'，公示于' + place if place else ''}。", "公示期：")
    yield Line(
        f"对公示内容有异议的，请在公示期内向{organ}反映，须说明事实和理由。受理电话：{BLANK}。"
        "已受理的异议，答复之前项目不进入下一环节。",
        "异议受理：",
    )


def _facts(project: Project, organs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    amount = project.approved_fen or project.planned_fen
    kind = "批复资金" if project.approved_fen else "申请资金"
    east = making.place(project, "east_region")
    source = "东西部协作资金" + (f"（支援地区：{east}）" if east else "")
    yield "项目名称", project.name
    yield "项目类别", f"{project.category}（{project.sector.zh}），{project.year} 年度"
    yield "实施地点", project.place
    yield "建设内容", project.content
    yield "资金来源", source if project.east_region else project.fund_source or "—"
    yield kind, f"{money.yuan(amount)} 元（{money.capital(amount)}）"
    yield "项目业主", organs.get(project.owner, "—")
    yield "主管部门", organs.get(project.department, "—")
    yield "建设期限", f"{day_of(project.start_ms)}至{day_of(project.finish_ms)}"
    reached = f"{project.households:,} 户 {project.people:,} 人"
    poor = f"{project.poor_households:,} 户 {project.poor_people:,} 人"
    yield "受益情况", f"{reached}，其中脱贫（监测）{poor}"
    for words, digest in (("绩效目标", project.targets), ("联农带农机制", project.linkage)):
        if digest:
            yield words, f"详见所附文件，哈希 {digest[:16]}…{digest[-4:]}"
