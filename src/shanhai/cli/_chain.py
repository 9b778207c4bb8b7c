"""The money chain of the 模拟 county, from the pair to a funding line, as one officer after another begins it."""

from collections.abc import Iterator
from typing import NamedTuple

from shanhai.acts.agreement_flow import ConfirmAgreement, ProposeAgreement
from shanhai.acts.fund_flow import IssueAllocation, ReceiveTransfer, SendTransfer
from shanhai.acts.line import LineKind
from shanhai.acts.line_flow import IssueLine
from shanhai.acts.machine import Act
from shanhai.acts.pairing import Level
from shanhai.acts.pairing_flow import ConfirmPairing, ProposePairing
from shanhai.acts.project import Sector
from shanhai.acts.project_declare import Declare
from shanhai.acts.year_end import OpenYear
from shanhai.cli._county import EAST, PAPER, VILLAGE, WAN, WEST, County, made_id
from shanhai.kernel.periods import DAY_MS

YEAR = 2026
PAIR, AGREEMENT, TRANSFER, ALLOCATION, BOOKS, LINE = (
    made_id(prefix, number)
    for number, prefix in enumerate(("par", "agr", "trf", "alo", "fyr", "lin"), 1)
)


class Planned(NamedTuple):
    """An act, its subject, and the officer who does it."""

    by: str
    act: Act
    subject: str


def begin(county: County, aid_fen: int, now_ms: int) -> Iterator[Planned]:
    """Yield the acts from pair to funding line, all of one amount.

    Args:
        county: Whose officers act.
        aid_fen: What is agreed, sent, received, allocated and issued, in fen.
        now_ms: When the bank credits it, epoch ms; the acts are done from then on.
    """
    pair = ProposePairing(
        region=WEST, east_region=EAST, level=Level.COUNTY, scheme="模拟协作", source="模拟"
    )
    yield Planned("east_office", pair, PAIR)
    yield Planned("office", ConfirmPairing(), PAIR)
    promise = ProposeAgreement(
        pairing=PAIR, year=YEAR, number="模拟协议1号", aid_fen=aid_fen, document=PAPER
    )
    yield Planned("east_office", promise, AGREEMENT)
    yield Planned("office", ConfirmAgreement(), AGREEMENT)
    sent = SendTransfer(
        agreement=AGREEMENT, amount_fen=aid_fen, number="模拟拨付1号", document=PAPER
    )
    yield Planned("east_finance", sent, TRANSFER)
    credited = ReceiveTransfer(receipt=county.paper("bank/received"), received_ms=now_ms)
    yield Planned("finance", credited, TRANSFER)
    passed = IssueAllocation(
        agreement=AGREEMENT,
        transfer=TRANSFER,
        region=WEST,
        year=YEAR,
        amount_fen=aid_fen,
        number="模拟下达1号",
        document=PAPER,
    )
    yield Planned("finance", passed, ALLOCATION)
    yield Planned("finance", OpenYear(region=WEST, year=YEAR), BOOKS)
    line = IssueLine(
        allocation=ALLOCATION,
        region=WEST,
        year=YEAR,
        number="模拟指标1号",
        subject="2130505",
        kind=LineKind.EAST_WEST,
        department=county.bodies["agriculture"],
        issued_fen=aid_fen,
    )
    yield Planned("finance", line, LINE)


def declared(county: County, name: str, start_ms: int) -> Declare:
    """Return the declaration of a greenhouse of the pair's county, built within 200 days.

    Args:
        county: Whose organisations own and oversee it.
        name: What it is called.
        start_ms: When work begins, epoch ms.
    """
    return Declare(
        name=name,
        category="种植业",
        sector=Sector.INDUSTRY,
        operating=True,
        place="模拟村三组",
        content="大棚 50 个，配套滴灌和冷库（模拟）",
        owner=county.bodies["owner"],
        department=county.bodies["agriculture"],
        planned_fen=500 * WAN,
        households=120,
        people=430,
        poor_households=40,
        poor_people=150,
        start_ms=start_ms,
        finish_ms=start_ms + 200 * DAY_MS,
        application=PAPER,
        targets=PAPER,
        linkage=PAPER,
        region=VILLAGE,
        year=YEAR,
        pairing=PAIR,
    )
