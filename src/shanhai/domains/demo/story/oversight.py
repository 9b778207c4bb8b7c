"""Audit: findings at every stage, and holds."""

from shanhai.acts.finding import (
    ConsultAuditee,
    DetermineFinding,
    DismissFinding,
    FindingKind,
    RaiseFinding,
    ReplyToFinding,
)
from shanhai.acts.hold import TargetKind
from shanhai.acts.hold_flow import ApproveHold, DraftHold, ExecuteHold, HoldRow, RequestHold
from shanhai.acts.project import Project
from shanhai.acts.rectification import (
    CloseFinding,
    OrderRectification,
    Rectify,
    TransferFinding,
    VerifyRectification,
)
from shanhai.domains.demo.cast import EAST, WEST
from shanhai.domains.demo.story.teller import WAN
from shanhai.domains.demo.story.whole import Story
from shanhai.kernel.periods import DAY_MS

K = FindingKind
SUSPICIONS = {
    "closed": ("water", K.PUBLICITY, "D37", "完工公告迟于规定 6 天", 0),
    "verified": ("daylily", K.MANAGEMENT, "D14", "设备验收单缺少型号清单", 8),
    "rectifying": ("road", K.PROCUREMENT, "D31", "监理服务未比选", 5),
    "ordered": ("coldstore", K.IDLE, "D22", "冷藏车闲置超过 3 个月", 36),
    "determined": ("tea", K.LINKAGE, "D45", "2 户分红协议未签字", 3),
    "consulted": ("solar", K.FALSE_BOOKING, "D18", "逆变器数量与送货单不一致", 4),
    "dismissed": ("nursery", K.PROCUREMENT, "D29", "两家投标人联系电话相同", 0),
    "transferred": ("cattle", K.FRAUD, "D10", "预付款转入关联企业", 60),
    "evidence": ("greenhouse", K.DIVERTED, "D06", "大棚钢材用于非本项目", 22),
}


def raised(story: Story, name: str) -> str:
    """Raise one suspicion."""
    project, kind, rule, text, wan = SUSPICIONS[name]
    found = story.object(Project, story.projects[project])
    finding = story.id("fnd")
    raising = RaiseFinding(
        project=found.id,
        region=found.region,
        east_region=found.east_region,
        kind=kind,
        rule=rule,
        number=f"模拟取证〔2026〕{story.count}号",
        evidence=story.paper(f"取证单第{story.count}号"),
        statement=story.words("auditor", finding, "statement", text),
        auditee=found.owner,
        suspected_fen=wan * WAN,
    )
    return story.do("auditor", raising, finding)


def audit(story: Story) -> None:
    """Bring each suspicion to the state that names it."""
    ids = {name: raised(story, name) for name in SUSPICIONS if name != "evidence"}
    story.later(days=2)
    for name, finding in ids.items():
        story.do(
            "auditor",
            ConsultAuditee(document=story.paper(f"征求意见·{SUSPICIONS[name][3]}")),
            finding,
        )
    story.later(days=5)
    for name, finding in ids.items():
        if name != "consulted":
            story.do(
                "owner", ReplyToFinding(reply=story.paper(f"反馈·{SUSPICIONS[name][3]}")), finding
            )
    dismissal = DismissFinding(decision=story.paper("疑点排除单"))
    story.do("audit_head", dismissal, ids.pop("dismissed"))
    del ids["consulted"]
    determine(story, ids)
    rectify(story, ids)
    raised(story, "evidence")


def determine(story: Story, ids: dict[str, str]) -> None:
    """The head determines; one is passed to discipline inspection."""
    story.later(days=1)
    for name, finding in ids.items():
        fen = SUSPICIONS[name][4] * WAN
        determined = DetermineFinding(
            amount_fen=fen, decision=story.paper(f"认定·{SUSPICIONS[name][3]}")
        )
        story.do("audit_head", determined, finding)
    story.do("audit_head", TransferFinding(document=story.paper("移送函")), ids.pop("transferred"))
    del ids["determined"]


def rectify(story: Story, ids: dict[str, str]) -> None:
    """Ordered, mended, verified, closed."""
    story.later(days=1)
    for name, finding in ids.items():
        ordered = OrderRectification(
            number=f"模拟整改〔2026〕{story.count}号",
            document=story.paper(f"整改通知·{SUSPICIONS[name][3]}"),
            due_ms=story.now + 60 * DAY_MS,
        )
        story.do("audit_head", ordered, finding)
    story.later(days=6)
    for name in ("rectifying", "verified", "closed"):
        fen = SUSPICIONS[name][4] * WAN
        mended = Rectify(evidence=story.paper(f"整改证据·{SUSPICIONS[name][3]}"), restored_fen=fen)
        story.do("owner", mended, ids[name])
    story.later(days=1)
    for name in ("verified", "closed"):
        verified = VerifyRectification(document=story.paper(f"核验·{SUSPICIONS[name][3]}"))
        story.do("auditor2", verified, ids[name])
    story.do("audit_head", CloseFinding(), ids["closed"])


def hold(story: Story) -> None:
    """One hold in force, one to be approved, one asked for by the eastern auditors."""
    first = drafted(story, TargetKind.CONTRACT, story.contracts["gh1"], "钢材用途待查")
    story.later(minutes=120)
    story.do("audit_head", ApproveHold(), first)
    story.later(minutes=90)
    story.do("finance", ExecuteHold(), first)
    drafted(story, TargetKind.PROJECT, story.projects["nursery"], "育苗订单真实性待查")
    asked = story.id("hld")
    request = RequestHold(
        region=WEST,
        east_region=EAST,
        number=f"模拟海审停〔2026〕{story.count}号",
        document=story.paper("暂停拨付建议"),
        reason=story.words("east_auditor", asked, "reason", "同一供应商在两个项目重复报价"),
        targets=(HoldRow(kind=TargetKind.PROJECT, target=story.projects["school"]),),
    )
    story.do("east_auditor", request, asked)


def drafted(story: Story, kind: TargetKind, target: str, why: str) -> str:
    """An auditor drafts a hold."""
    made = story.id("hld")
    draft = DraftHold(
        region=WEST,
        number=f"模拟山审停〔2026〕{story.count}号",
        document=story.paper(f"暂停拨付通知第{story.count}号"),
        reason=story.words("auditor", made, "reason", why),
        targets=(HoldRow(kind=kind, target=target),),
    )
    return story.do("auditor", draft, made)
