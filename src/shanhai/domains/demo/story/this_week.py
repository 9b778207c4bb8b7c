"""The last week: something to do for every role."""

from shanhai.acts.change import ChangeField
from shanhai.acts.claim import ClaimState, PayStage
from shanhai.acts.claim_flow import ReturnClaim
from shanhai.acts.lot import LotState
from shanhai.acts.notice import Stage
from shanhai.acts.payment import PaymentState
from shanhai.acts.payment_end import FailPayment
from shanhai.acts.payment_flow import ReturnPayment, VoidClaim, WithdrawPayment
from shanhai.acts.project_closing import EvaluateProject
from shanhai.domains.demo.story.changes import request
from shanhai.domains.demo.story.teller import at
from shanhai.domains.demo.story.whole import Story

C, L, P, PS = ClaimState, LotState, PayStage, PaymentState


def build(story: Story) -> None:
    """Lots at each stage: to be started, accepted, settled, registered, contracted, awarded, bought."""
    story.building_days = 0
    story.build(
        {"gh2": L.ACCEPTED, "sc2": L.TOWNSHIP_ACCEPTED, "sc1": L.COMPLETED, "tr1": L.STARTED}
    )
    story.file_contract("nu2")
    project = story.projects["solar"]
    evaluated = EvaluateProject(score_permille=910, report=story.paper("屋顶光伏绩效评价"))
    story.do("department", evaluated, project)
    story.open_notice(project, Stage.COMPLETION, "office")
    request(
        story,
        "training",
        ChangeField.FINISH,
        str(at("2026-12-20 00:00")),
        "秋收期间学员难以集中，顺延两个月",
    )


def claim(story: Story) -> None:
    """Claims and payments in every state."""
    story.pace = 20
    share(story, "gh2", P.PROGRESS, 100, 700, C.CHECKED)
    called_off(story, "gh2")
    share(story, "sc1", P.ADVANCE, 300, 0, C.CHECKED)
    failed = story.pay("sc1", PS.ORDERED)
    story.later(minutes=200)
    failure = FailPayment(
        document=story.paper("退票通知"),
        reason=story.words("treasury", failed, "reason", "户名与账号不符，银行退回"),
    )
    story.do("treasury", failure, failed)
    story.pay("sc1", PS.ORDERED)
    te1 = story.due_fen("te1", 970)
    story.claim("te1", P.SETTLED, te1, certified_fen=story.price("te1") * 985 // 1000)
    story.pay("te1", PS.PAID)
    share(story, "gh1", P.PROGRESS, 80, 650, C.ENDORSED)
    share(story, "sc2", P.ADVANCE, 300, 0, C.ENDORSED)
    share(story, "nu1", P.ADVANCE, 300, 0, C.REVIEWED)
    share(story, "tr2", P.ADVANCE, 300, 0, C.CERTIFIED)
    withdrawn_claims(story)
    share(story, "rd1", P.PROGRESS, 150, 700, C.CHECKED)
    story.pay("rd1", PS.PROPOSED)


def share(
    story: Story, lot: str, stage: PayStage, permille: int, certified: int, to: ClaimState
) -> str:
    """Claim a share of a contract's price."""
    price = story.price(lot)
    fen, built = price * permille // 1000, price * certified // 1000
    return story.claim(lot, stage, fen, certified_fen=built, to=to)


def called_off(story: Story, lot: str) -> None:
    """The east returns one payment, finance takes another back; the claim waits for a third."""
    first = story.order(lot)
    story.later(minutes=60)
    why = story.words("cadre", first, "reason", "发票抬头与合同主体不一致，请核对")
    story.do("cadre", ReturnPayment(reason=why), first)
    second = story.order(lot)
    story.later(minutes=20)
    why = story.words("finance", second, "reason", "金额分录有误，重新提出")
    story.do("finance", WithdrawPayment(reason=why), second)


def withdrawn_claims(story: Story) -> None:
    """One claim is returned, one void, one has just come in."""
    returned = share(story, "tr1", P.ADVANCE, 300, 0, C.SUBMITTED)
    why = story.words("supervisor", returned, "reason", "缺少学员签到表")
    story.do("supervisor", ReturnClaim(reason=why), returned)
    void = share(story, "tr1", P.ADVANCE, 280, 0, C.SUBMITTED)
    why = story.words("contractor2", void, "reason", "发票税率开错，重开")
    story.do("contractor2", VoidClaim(reason=why, document=story.paper("情况说明")), void)
    share(story, "tr1", P.ADVANCE, 300, 0, C.SUBMITTED)
