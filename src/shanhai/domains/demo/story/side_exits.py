"""Projects that left the main line, and projects that entered it from outside (期初)."""

from typing import Any

from shanhai.acts.line import LineKind
from shanhai.acts.lot import LotKind, LotState
from shanhai.acts.opening_balance import ConfirmOpening, OpenProject, RefuseOpening
from shanhai.acts.opening_balance import Stage as OpeningStage
from shanhai.acts.opening_rows import (
    OpeningBudget,
    OpeningContract,
    OpeningLine,
    OpeningLot,
    OpeningPaid,
)
from shanhai.acts.project import ProjectState, Sector
from shanhai.acts.project_declare import WithdrawProject
from shanhai.acts.project_pool import Drop
from shanhai.acts.project_return import Reason, RejectProject, ReturnProject
from shanhai.domains.demo.cast import VILLAGE
from shanhai.domains.demo.story.teller import WAN, at
from shanhai.domains.demo.story.whole import Story
from shanhai.domains.demo.story.years import begin

S = ProjectState


def contract_before(
    story: Story, project: str, name: str, price_fen: int, paid_fen: int
) -> OpeningContract:
    """Return the contract; its account goes to the vault as every account does."""
    return OpeningContract(
        lot=1,
        number=f"模拟合〔2023〕{story.count:04}号",
        contractor=story.body("contractor"),
        price_fen=price_fen,
        advance_permille=300,
        retention_permille=30,
        account=story.words("office", project, "contracts.0.account", f"模拟银行 6222 {name}"),
        account_proof=story.paper(f"{name}开户许可"),
        document=story.paper(f"{name}合同文本"),
        signed_ms=at("2023-11-20"),
        certified_fen=price_fen // 2,
        paid_before_fen=paid_fen,
        retained_before_fen=paid_fen * 3 // 97,
    )


def money_before(
    story: Story, project: str, name: str, approved_fen: int, paid_fen: int
) -> dict[str, Any]:
    """Return lot, line, contract, budget and money paid as the county's own books had them."""
    price, number = approved_fen * 9 // 10, f"模拟山财农〔2023〕{story.count}号"
    lot = OpeningLot(
        name="一标段（模拟期初）",
        kind=LotKind.WORKS,
        estimate_fen=approved_fen,
        control_fen=approved_fen * 19 // 20,
        state=LotState.STARTED,
    )
    line = OpeningLine(
        number=number,
        subject="2130599",
        kind=LineKind.EAST_WEST,
        origin_year=2023,
        year=2026,
        issued_fen=approved_fen,
        department=story.body("department"),
    )
    contract = contract_before(story, project, name, price, paid_fen)
    budget = OpeningBudget(place=1, amount_fen=approved_fen, number=number)
    paid = OpeningPaid(
        budget=1, contract=1, amount_fen=paid_fen, document=story.paper(f"{name}国库支付凭证汇总")
    )
    return {
        "lots": (lot,),
        "lines": (line,),
        "contracts": (contract,),
        "budgets": (budget,),
        "paid": (paid,),
    }


def open_project(
    story: Story, name: str, approved_wan: int, paid_wan: int
) -> tuple[str, tuple[str, ...]]:
    """Enter a project that the county ran before the ledger began; return it with its batches."""
    project = story.id("prj")
    story.do(
        "office",
        OpenProject(
            basis="山前县 2023 年在建项目台账（模拟）",
            document=story.paper(f"{name}期初资料"),
            **money_before(story, project, name, approved_wan * WAN, paid_wan * WAN),
            name=f"{name}（模拟）",
            region=VILLAGE,
            pairing=story.pair,
            year=2023,
            category="农村道路",
            sector=Sector.INFRASTRUCTURE,
            place="石桥村（模拟）",
            content="2023 年批复，账本启用前已开工",
            owner=story.body("owner"),
            department=story.body("department"),
            approver=story.body("leaders"),
            number="模拟山农领复〔2023〕11号",
            approved_ms=at("2023-08-10"),
            approved_fen=approved_wan * WAN,
            paid_before_fen=paid_wan * WAN,
            stage=OpeningStage.EXECUTING,
        ),
        project,
    )
    return project, tuple(story.beside("opening"))


def opening(story: Story) -> None:
    """One confirmed, one refused, one awaiting its second officer."""
    ids = story.projects
    ids["opened"], confirming = open_project(story, "石桥村通组公路", 150, 60)
    ids["refused"], refusing = open_project(story, "清溪镇垃圾中转站", 82, 40)
    ids["opening"], _ = open_project(story, "石桥村灌溉水渠", 64, 20)
    story.later(minutes=50)
    story.do("finance", ConfirmOpening(openings=confirming), ids["opened"])
    refused = RefuseOpening(
        openings=refusing,
        reason=story.words("finance", ids["refused"], "reason", "台账金额与国库支付记录不符"),
    )
    story.do("finance", refused, ids["refused"])


def before_plan(story: Story) -> None:
    """Returned, rejected, withdrawn, dropped."""
    ids = story.projects
    begin(story, "seedhall pond", 2026, S.TOWNSHIP_REVIEW)
    reasons = (
        Reason(field="linkage", reason="未写明带动脱贫户的方式和人数，请补充联农带农机制"),
        Reason(field="planned_fen", reason="栈道单价高于同类项目，请核对概算"),
    )
    story.do("town", ReturnProject(reasons=reasons), ids["pond"])
    rejected = RejectProject(
        reason=story.words("town", ids["seedhall"], "reason", "属于负面清单“修建楼堂馆所”"),
        document=story.paper("不予通过决定"),
    )
    story.do("town", rejected, ids["seedhall"])
    dropped = Drop(
        reason=story.words("office", ids["honey"], "reason", "与上年度产业奖补项目重复"),
        document=story.paper("出库文件"),
    )
    story.do("office", dropped, ids["honey"])
    withdrawn = WithdrawProject(
        reason=story.words("village", ids["bridge"], "reason", "已列入交通部门年度危桥改造计划")
    )
    story.do("village", withdrawn, ids["bridge"])
