"""The second year's sites: some on their way, one standing still, one ended with money to come back."""

from shanhai.acts.claim import PayStage
from shanhai.acts.lot import LotKind, LotState
from shanhai.acts.lot_work import TerminateLot
from shanhai.acts.payment import Payment
from shanhai.acts.payment_end import RefundPart, RefundPayment
from shanhai.acts.project_halt import SuspendProject, TerminateProject
from shanhai.domains.demo.story.teller import WAN
from shanhai.domains.demo.story.whole import Story
from shanhai.domains.demo.story.works import Spec

L, P, K = LotState, PayStage, LotKind
BEGUN = {
    "rd1": Spec("road", "产业路硬化", 230),
    "gh1": Spec("greenhouse", "连栋大棚", 380),
    "gh2": Spec("greenhouse", "育苗设备", 140, K.GOODS, "contractor2"),
    "cl1": Spec("clinic", "远程会诊设备", 125, K.GOODS, "contractor2"),
    "ct1": Spec("cattle", "牛舍土建", 300),
    "so1": Spec("solar", "屋顶光伏", 175),
    "te1": Spec("tea", "茶园改造", 250),
}
WAITING = {
    "ct2": Spec("cattle", "能繁母牛", 110, K.GOODS, "contractor2"),
    "tr1": Spec("training", "砌筑与电焊培训", 56, K.SERVICES, "contractor2"),
    "tr2": Spec("training", "育婴员培训", 38, K.SERVICES, "contractor2"),
    "sc1": Spec("school", "数字课堂设备", 92, K.GOODS, "contractor2"),
    "sc2": Spec("school", "录播室设备", 56, K.GOODS, "contractor2"),
    "nu1": Spec("nursery", "育苗大棚", 195),
    "nu2": Spec("nursery", "组培室设备", 85, K.GOODS, "contractor2"),
    "inn1": Spec("inn", "民居修缮", 360),
    "mu1": Spec("mushroom", "出菇房", 200),
    "mu2": Spec("mushroom", "灭菌设备", 140, K.GOODS, "contractor2"),
}
ASSIGNED = {
    "L25a": "road=236 greenhouse=540 training=96 clinic=128 cattle=420 school=152 tea=260",
    "L25b": "solar=180 nursery=290",
}


def build(story: Story) -> None:
    """Budgets, contracts, advances, first progress."""
    for line, rows in ASSIGNED.items():
        for project, wan in (row.split("=") for row in rows.split()):
            story.assign(project, line, int(wan) * WAN)
    story.add_lots(**BEGUN)
    story.build(dict.fromkeys(BEGUN, L.CONTRACTED))
    story.later(days=16)
    for lot in BEGUN:
        story.claim_and_pay(lot, P.ADVANCE, story.price(lot) * 300 // 1000)
    story.build(dict.fromkeys(BEGUN, L.STARTED))
    story.later(days=40)
    for lot in ("rd1", "so1", "te1", "gh1"):
        price = story.price(lot)
        story.claim_and_pay(lot, P.PROGRESS, price * 120 // 1000, price * 500 // 1000)
    story.add_lots(**WAITING)
    story.build({"ct2": L.EVALUATED})


def halt(story: Story) -> None:
    """One project stands still, one is ended; part of its advance comes back."""
    ids = story.projects
    suspended = SuspendProject(
        reason=story.words("office", ids["clinic"], "reason", "设备接口标准待省级卫健部门统一"),
        document=story.paper("中止决定"),
    )
    story.do("office", suspended, ids["clinic"])
    for lot in ("ct1", "ct2"):
        found = story.lot(lot)
        ended = TerminateLot(
            reason=story.words("leaders", found.id, "reason", "选址紧邻水源保护区，无法取得环评"),
            document=story.paper(f"{found.name}终止批复"),
        )
        story.do("leaders", ended, found.id)
    terminated = TerminateProject(
        reason=story.words("leaders", ids["cattle"], "reason", "选址紧邻水源保护区，无法取得环评"),
        document=story.paper("项目终止决定"),
        recover_fen=60 * WAN,
    )
    story.do("leaders", terminated, ids["cattle"])
    story.later(days=9)
    refund(story, "ct1", 25 * WAN)


def refund(story: Story, lot: str, fen: int) -> None:
    """Money comes back from a contractor."""
    payment = story.object(Payment, story.payments[lot])
    parts = (RefundPart(split=payment.splits[0], amount_fen=fen),)
    refunded = RefundPayment(
        parts=parts,
        receipt=story.paper(f"退款回单{story.count}"),
        refunded_ms=story.now - 3_600_000,
        reason=story.words("finance", payment.id, "reason", "项目终止，退回未使用的预付款"),
    )
    story.do("finance", refunded, payment.id)


def finish_solar(story: Story) -> None:
    """One site is settled and handed over; the tea garden is settled."""
    story.later(days=1)
    story.building_days = 1
    story.build({"so1": L.SETTLED, "te1": L.SETTLED})
    story.claim_and_pay(
        "so1", P.SETTLED, story.due_fen("so1", 970), story.price("so1") * 985 // 1000
    )
    story.build({"so1": L.FINISHED})


def buy_more(story: Story) -> None:
    """Tenders of the spring."""
    story.build(
        {
            "tr1": L.CONTRACTED,
            "tr2": L.CONTRACTED,
            "sc1": L.CONTRACTED,
            "sc2": L.CONTRACTED,
            "nu1": L.CONTRACTED,
            "nu2": L.AWARDED,
            "inn1": L.TENDERING,
            "mu1": L.EVALUATED,
        }
    )
    story.build({"sc1": L.STARTED, "sc2": L.STARTED})
