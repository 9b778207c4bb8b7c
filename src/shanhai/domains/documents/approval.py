"""The approval of a project (批复) with its form (项目审批表): all of it from the project and its acts.

Source: funds reference §5.1 S6, §5.8 no. 6 (文号, 经办、审核、签发, 会签), §5.3 (no change without the
original approver).
"""

from collections.abc import Iterator, Sequence

from shanhai.acts.notice import Notice, NoticeState, Stage
from shanhai.acts.pairing import Countersigner
from shanhai.acts.project import Project
from shanhai.acts.project_review import Appraisal, AppraisalState
from shanhai.domains.documents import making, signed
from shanhai.domains.documents.paper import (
    Cell,
    Form,
    Line,
    Paper,
    Table,
    day_of,
    label,
    project_words,
)
from shanhai.domains.documents.signed import Signature
from shanhai.domains.rows import row_of, structs
from shanhai.kernel import money
from shanhai.kernel.errors import Refused

NAME = "项目批复"
WIDTHS = (32.0, 46.0, 32.0, 46.0)
BEFORE = (Stage.VILLAGE, Stage.TOWNSHIP, Stage.COUNTY)
PASSED = {
    "project.village_pass": "村级公示",
    "project.township_review": "乡镇审核",
    "project.township_pass": "乡镇公示",
    "project.appraise": "县级部门联合论证",
    "project.admit": "县级公示并入库",
    "project.plan": "县领导小组列入年度计划",
    "project.confirm_plan": "东部确认",
}
STEPS = (
    ("申报", ("project.declare", "project.amend", "project.resubmit")),
    ("村级公示", ("project.village_pass",)),
    ("乡镇审核", ("project.township_review",)),
    ("乡镇公示", ("project.township_pass",)),
    ("县级论证", ("project.appraise",)),
    ("公示入库", ("project.admit",)),
    ("列入计划", ("project.plan",)),
    ("东部确认", ("project.confirm_plan",)),
    ("批复", ("project.approve",)),
)


def build(project: Project) -> Paper:
    """Return the approval with its form; before the approval, the form alone as it stands.

    Raises:
        Refused: `document.too_early` for a project that was recorded as published, which has no steps here.
    """
    acts = signed.signatures(project)
    declared = signed.last_of(acts, *STEPS[0][1])
    if declared is None:
        raise Refused(
            "document.too_early",
            name=NAME,
            reason="项目是转录或期初的，本账本没有它的申报和审批",
            reason_en="the project was recorded or opened, its steps are not in this ledger",
        )
    approved = signed.last_of(acts, "project.approve")
    organs = making.organ_names(
        (project.declarer, project.owner, project.department, project.approver)
    )
    form = _form(project, acts, organs)
    if approved is None:
        return Paper(name="项目审批表", forms=(form,), **making.shared("approval", acts[-1]))
    organ = organs.get(project.approver, "")
    others = [organs[one] for one in (project.owner, project.department) if one in organs]
    addressee = organs.get(project.declarer, "")
    return Paper(
        name=NAME,
        mark=f"{organ}文件",
        number=project.number,
        title=f"{organ}关于{project_words(project.name)}的批复",
        addressee=addressee,
        body=tuple(_body(project, acts, organs)),
        attached=("项目审批表",),
        organ=organ,
        day=day_of(project.approved_ms),
        copies="，".join(dict.fromkeys(one for one in others if one != addressee)),
        printer=organ,
        forms=(form,),
        **making.shared("approval", approved),
    )


def _body(project: Project, acts: Sequence[Signature], organs: dict[str, str]) -> Iterator[Line]:
    done = {one.act for one in acts}
    steps = "、".join(words for act, words in PASSED.items() if act in done)
    yield Line(f"你单位申报的{project_words(project.name)}，已经{steps}。经研究，现批复如下：")
    code = f"，投资项目代码{project.investment_code}" if project.investment_code else ""
    yield Line(
        f"{project.name}（{project.year}年度，{project.category}{code}）。", "一、项目名称。"
    )
    where = making.place(project)
    yield Line(f"{project.place}{f'（{where}）' if where else ''}。", "二、建设地点。")
    yield Line(f"{project.content}。", "三、建设内容。")
    amount = money.yuan(project.approved_fen)
    east = making.place(project, "east_region")
    source = f"，支援地区为{east}" if east else ""
    yield Line(f"{amount}元（{money.capital(project.approved_fen)}）{source}。", "四、批复资金。")
    owner, department = organs.get(project.owner, ""), organs.get(project.department, "")
    yield Line(f"项目业主为{owner}，主管部门为{department}。", "五、责任单位。")
    yield Line(f"{day_of(project.start_ms)}至{day_of(project.finish_ms)}。", "六、建设期限。")
    yield Line(
        f"受益{project.households:,}户{project.people:,}人，其中脱贫（监测）"
        f"{project.poor_households:,}户{project.poor_people:,}人。",
        "七、受益范围。",
    )
    yield Line(
        "请据此组织实施。建设内容、地点、受益对象和资金需要调整的，须先报我单位批准，不得自行变更。",
        "八、有关要求。",
    )
    yield Line("此复。")


def _pairs(project: Project, organs: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    owner, department = organs.get(project.owner, ""), organs.get(project.department, "")
    reached = f"{project.households:,} 户 {project.people:,} 人"
    poor = f"{project.poor_households:,} 户 {project.poor_people:,} 人"
    yield "项目类别", project.category, "投向", project.sector.zh
    yield "项目业主", owner, "主管部门", department
    declarer = organs.get(project.declarer, "")
    yield "申报单位", declarer, "申报时间", day_of(project.declared_ms)
    yield "计划开工", day_of(project.start_ms), "计划完工", day_of(project.finish_ms)
    yield "受益", reached, "其中脱贫（监测）", poor
    yield "投资项目代码", project.investment_code or "—", "批复文号", project.number or "—"


def _amount(amount_fen: int) -> str:
    return f"{money.yuan(amount_fen)} 元（{money.capital(amount_fen)}）" if amount_fen else "—"


def _rows(project: Project, organs: dict[str, str]) -> Iterator[tuple[Cell, ...]]:
    def whole(word: str, text: str) -> tuple[Cell, ...]:
        return label(word), Cell(text, wide=len(WIDTHS) - 1)

    yield whole("项目名称", project.name)
    yield whole("实施地点", project.place)
    yield whole("建设内容", project.content)
    for a, b, c, d in _pairs(project, organs):
        yield label(a), Cell(b), label(c), Cell(d)
    yield whole("计划资金", _amount(project.planned_fen))
    yield whole("批复资金", _amount(project.approved_fen))
    yield whole("公示情况", _notices(project))
    yield whole("部门会签", _appraisals(project))
    if project.signer:
        people = making.posts_of((project.drafter, project.reviewer, project.signer))
        words = ("经办", project.drafter), ("审核", project.reviewer), ("签发", project.signer)
        yield whole("办文", "\n".join(f"{word}：{people.get(one, '')}" for word, one in words))


def _form(project: Project, acts: Sequence[Signature], organs: dict[str, str]) -> Form:
    steps = [
        (step, signed.last_of(acts, *names), _opinion(step, acts))
        for step, names in STEPS
        if step != "东部确认" or project.confirmer is not Countersigner.NONE
    ]
    return Form(
        title="东西部协作项目审批表",
        left=f"编号：{project.id}",
        right=f"{project.year} 年度",
        tables=(Table(WIDTHS, tuple(_rows(project, organs))), signed.table(steps)),
        notes=("各环节均由办理人以本人密钥签名并记入账本，扫描二维码可在浏览器内验证。",),
    )


def _opinion(step: str, acts: Sequence[Signature]) -> str:
    if signed.last_of(acts, *dict(STEPS)[step]) is None:
        return ""
    return "申报" if step == STEPS[0][0] else "通过"


def _notices(project: Project) -> str:
    rows = row_of(Notice).objects.filter(project=project.id).order_by("id")
    lines = [
        f"{one.stage.zh}：{day_of(one.started_ms)}起 {one.days} 天，{one.state.zh}"
        for one in structs(Notice, rows)
        if one.state is not NoticeState.VOID and one.stage in BEFORE
    ]
    return "\n".join(lines) or "—"


def _appraisals(project: Project) -> str:
    rows = row_of(Appraisal).objects.filter(project=project.id).order_by("id")
    given = [one for one in structs(Appraisal, rows) if one.state is not AppraisalState.VOID]
    organs = making.organ_names(one.organisation for one in given)
    return (
        "\n".join(
            f"{organs.get(one.organisation, '')}：{one.state.zh}（{day_of(one.given_ms)}）"
            for one in given
        )
        or "—"
    )
