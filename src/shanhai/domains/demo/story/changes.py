"""Changes of approved projects, an officer on leave, a correction, a rule to be changed, a month reported."""

from shanhai.acts.change import Change, ChangeField, ChangeItem
from shanhai.acts.change_flow import (
    CheckChange,
    ConfirmChange,
    DecideChange,
    RequestChange,
    ReviewChange,
)
from shanhai.acts.clocks import REVIEW_DAYS
from shanhai.acts.contract import Way
from shanhai.acts.contract_flow import VaryContract
from shanhai.acts.correction import ApproveCorrection, ConsentCorrection, ProposeNote
from shanhai.acts.fiscal_year import Direction
from shanhai.acts.governance import ProposeParameter
from shanhai.acts.machine import Standing, View
from shanhai.acts.machine.values import Dated
from shanhai.acts.notice import Stage
from shanhai.acts.payment import Payment
from shanhai.acts.post import Delegate
from shanhai.acts.project import Project
from shanhai.acts.year_end import AdjustMonth, FreezeMonth
from shanhai.domains.demo.cast import WEST, WEST_PROVINCE
from shanhai.domains.demo.story.teller import WAN
from shanhai.domains.demo.story.whole import Story
from shanhai.kernel.periods import DAY_MS


def request(story: Story, project: str, field: ChangeField, after: str, why: str) -> str:
    """The owner asks to alter one field."""
    found = story.object(Project, story.projects[project])
    change = story.id("cng")
    item = ChangeItem(field=field, before=str(getattr(found, field.value)), after=after)
    asked = RequestChange(
        project=found.id,
        items=(item,),
        reason=story.words("owner", change, "reason", why),
        document=story.paper(f"{found.name}调整申请"),
    )
    return story.do("owner", asked, change)


def check(story: Story, change: str) -> None:
    """Department and finance agree."""
    story.later(days=1)
    story.do("department", ReviewChange(opinion=story.paper("部门审核意见")), change)
    story.later(days=1)
    story.do("finance2", CheckChange(opinion=story.paper("财政审核意见")), change)


def decide(story: Story, changes: list[str]) -> None:
    """The leading group decides after the change was publicised."""
    projects = {story.object(Change, one).project: one for one in changes}
    for project, notice in story.publicise(projects, Stage.CHANGE, "office").items():
        decided = DecideChange(
            notice=notice,
            number=f"模拟山农领调〔{story.count}〕号",
            minutes=story.paper("领导小组会议纪要（调整）"),
        )
        story.do("leaders2", decided, projects[project])


def settle(story: Story) -> None:
    """One change in force with its contract varied; one awaits the east."""
    wider = request(
        story,
        "road",
        ChangeField.CONTENT,
        "硬化产业路3.2公里，宽4.5米，设错车道14处，涵洞8座",
        "汛期冲刷，增设涵洞和错车道",
    )
    check(story, wider)
    later = request(story, "nursery", ChangeField.HOUSEHOLDS, "168", "新增36户参与订单育苗")
    check(story, later)
    decide(story, [wider, later])
    story.later(days=2)
    story.do("cadre", ConfirmChange(letter=story.paper("东部确认调整函")), wider)
    varied = VaryContract(
        change=wider,
        way=Way.INCREASE,
        amount_fen=6 * WAN,
        document=story.paper("补充合同"),
    )
    story.do("department", varied, story.contracts["rd1"])


def correct(story: Story) -> None:
    """One note that two levels agreed to, one that awaits the upper level, one proposed today."""
    away = Delegate(
        person=story.person("office2"),
        from_ms=story.now,
        to_ms=story.now + 14 * DAY_MS,
        basis=story.paper("代理通知"),
    )
    story.do("office", away)
    done = note(story, "road", "公告中的桩号写错一处", "K1+200 应为 K1+260")
    story.later(days=1)
    story.do("leaders", ApproveCorrection(), done)
    story.later(days=1)
    story.do("west_office", ConsentCorrection(), done)
    awaiting = note(story, "solar", "装机容量写错", "480 千瓦应为 478.8 千瓦")
    story.do("leaders", ApproveCorrection(), awaiting)
    note(story, "tea", "受益人口统计口径", "511 人含易地搬迁 12 人")


def note(story: Story, project: str, wrong: str, right: str) -> str:
    """Propose a note beside a project."""
    correction = story.id("cor")
    proposed = ProposeNote(
        target_noun="project",
        target=story.projects[project],
        entry=story.node.head().size - 1,
        wrong=wrong,
        right=story.words("department", correction, "right", right),
        document=story.paper("更正依据"),
    )
    return story.do("department", proposed, correction)


def report(story: Story) -> None:
    """A month is reported and adjusted; a new value of a parameter is proposed."""
    key = f"{WEST}/2026-03"
    paid = View(story.node.storage, story.suite).total(Payment, "paid_fen", key)
    frozen = FreezeMonth(
        region=WEST, year=2026, month=3, paid_fen=paid, document=story.paper("三月月报")
    )
    month = story.do("finance", frozen)
    adjustment = story.id("adj")
    adjusted = AdjustMonth(
        month=month,
        direction=Direction.DECREASE,
        amount_fen=120_000,
        reason=story.words("finance2", adjustment, "reason", "手续费误计入项目支出"),
        document=story.paper("调整依据"),
    )
    story.do("finance2", adjusted, adjustment)
    dated = Dated(
        since_ms=story.now + 30 * DAY_MS, value=7, basis="模拟取值", standing=Standing.EXAMPLE
    )
    proposed = ProposeParameter(parameter=REVIEW_DAYS.id, region=WEST_PROVINCE, dated=(dated,))
    story.do("rulemaker", proposed)
