"""The first year's sites: bought, built, accepted, settled, handed over, evaluated, under warranty."""

from shanhai.acts.claim import PayStage
from shanhai.acts.lot import LotKind, LotState
from shanhai.acts.notice import Stage
from shanhai.acts.project_closing import (
    AnnounceCompletion,
    CloseProject,
    CloseWarranty,
    EvaluateProject,
)
from shanhai.domains.demo.story.teller import WAN, at
from shanhai.domains.demo.story.whole import Story
from shanhai.domains.demo.story.works import Spec

L, P = LotState, PayStage
LOTS = {
    "dl1": Spec("daylily", "厂房土建", 280),
    "dl2": Spec("daylily", "加工线设备", 180, LotKind.GOODS, "contractor2"),
    "cs1": Spec("coldstore", "冷库土建", 380),
    "cs2": Spec("coldstore", "制冷设备", 220, LotKind.GOODS, "contractor2"),
    "wt1": Spec("water", "管网与清水池", 160),
}
RETAINED = ("dl1", "dl2", "cs1", "cs2")


def build(story: Story) -> None:
    """From the budget to the settled site."""
    for project, line, wan in (
        ("daylily", "L24a", 480),
        ("coldstore", "L24b", 620),
        ("water", "L24a", 168),
    ):
        story.assign(project, line, wan * WAN)
    story.add_lots(**LOTS)
    story.build(dict.fromkeys(LOTS, L.CONTRACTED))
    story.later(days=16)
    pay(story, P.ADVANCE, 300)
    story.build(dict.fromkeys(LOTS, L.STARTED))
    story.later(days=25)
    pay(story, P.PROGRESS, 200, certified=600)
    story.building_days = 20
    story.build(dict.fromkeys(LOTS, L.SETTLED))
    for lot in LOTS:
        story.claim_and_pay(lot, P.SETTLED, story.due_fen(lot, 970), story.price(lot) * 985 // 1000)
    story.build(dict.fromkeys(LOTS, L.FINISHED))
    finish(story, "daylily coldstore", "2025-12-31")
    finish(story, "water", "2026-12-31")


def pay(story: Story, stage: PayStage, permille: int, certified: int = 0) -> None:
    """Pay a share of every contract's price."""
    for lot in LOTS:
        price = story.price(lot)
        story.claim_and_pay(lot, stage, price * permille // 1000, price * certified // 1000)


def finish(story: Story, names: str, warranty: str) -> None:
    """S14: evaluated, completion announced; the defects period begins."""
    ids = [story.projects[name] for name in names.split()]
    for project in ids:
        evaluated = EvaluateProject(
            score_permille=935, report=story.paper(f"{story.named(project)}·绩效评价报告")
        )
        story.do("department", evaluated, project)
    for project, notice in story.publicise(ids, Stage.COMPLETION, "office").items():
        announced = AnnounceCompletion(notice=notice, warranty_until_ms=at(warranty))
        story.do("office2", announced, project)


def retentions(story: Story) -> None:
    """The defects period is over: retentions are paid, one project closed, one in the archive's queue."""
    story.until("2025-12-08")
    story.assign("daylily", "L25r", 15 * WAN)
    story.assign("coldstore", "L25r", 20 * WAN)
    for lot in RETAINED:
        story.claim_and_pay(
            lot, P.RELEASED, story.due_fen(lot, 1000), story.price(lot) * 985 // 1000
        )
    for project in ("daylily", "coldstore"):
        story.recall_budget(project, story.left_fen(project))


def archive(story: Story) -> None:
    """S15 and S16."""
    story.later(days=2)
    for name in ("daylily", "coldstore"):
        certificate = story.paper(f"{story.named(story.projects[name])}·缺陷责任期满证明")
        story.do("department", CloseWarranty(certificate=certificate), story.projects[name])
    story.later(days=2)
    story.do(
        "leaders",
        CloseProject(archive=story.paper(f"{story.named(story.projects['daylily'])}·归档目录")),
        story.projects["daylily"],
    )
