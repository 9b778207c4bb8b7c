"""The mix: every project of a county walks its life in step, each step one batch of really signed acts.

A batch holds one act for each project, signed on the state before it, so subjects are distinct, as in a
batch decision. Steps follow the regulation; time is simulated and moves between steps.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from shanhai.acts.lot import LotKind
from shanhai.acts.lot_work import AddLot, EvaluateLot
from shanhai.acts.machine import Act
from shanhai.acts.notice import Channel, Stage
from shanhai.acts.notice_run import CloseNotice, OpenNotice
from shanhai.acts.procurement import Method, RecordAward, Tender
from shanhai.acts.project_plan import AnnounceProject, ApproveProject, ConfirmPlan, PlanProject
from shanhai.acts.project_pool import Admit
from shanhai.acts.project_review import (
    CHECKLIST,
    Appraise,
    GiveAppraisal,
    TownshipPass,
    TownshipReview,
    VillagePass,
)
from shanhai.cli._chain import YEAR, begin, declared
from shanhai.cli._county import CLEARED, PAPER, START_MS, WAN, County
from shanhai.cli.bench import _payments
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.suite import INTL, Suite
from shanhai.node.admission import Signed
from shanhai.node.loop import Node
from shanhai.node.memory import Memory


class Batch(NamedTuple):
    """Acts of one step, submitted together at one time."""

    now_ms: int
    signed: list[Signed]


class Ids(dict[str, str]):
    """Ids of one project's objects, by noun prefix."""


Made = tuple[Act, str]  # the act and its subject
Making = Callable[[Ids], Made]


class Mix:
    """Batches made by walking a node in memory; replayed elsewhere they give the same log."""

    def __init__(
        self,
        width: int,
        suite: Suite = INTL,
        steps: Callable[["Mix"], Iterator["Step"]] | None = None,
    ) -> None:
        """Walk.

        Args:
            width: How many projects, and so how many acts a batch.
            suite: The ledger's hash and signatures.
            steps: What is done; by default the whole life from declaration to reconciliation.
        """
        self.county = County(suite)
        self.node = Node.found(Memory(), self.county.genesis, START_MS)
        self.now = START_MS + 60_000
        self.projects = [Ids() for _ in range(width)]
        self.batches: list[Batch] = []
        self.setup: list[Batch] = []
        self.acts: Counter[str] = Counter()
        for by, act, subject in begin(self.county, 500 * WAN * width, self.now):
            one = self.county.signed(self.node, by, act, subject, self.now)
            self._submit(self.setup, act, [one])
        for step in (steps or whole)(self):
            self._walk(*step)

    def _walk(self, by: str, make: Making, days: int = 0) -> None:
        self.now += days * DAY_MS + 60_000
        county, node = self.county, self.node
        made = [make(ids) for ids in self.projects]
        signed = [county.signed(node, by, act, subject, self.now) for act, subject in made]
        self._submit(self.batches, made[0][0], signed)
        self.acts[made[0][0].row.plain] += len(made)

    def _submit(self, batches: list[Batch], act: Act, signed: list[Signed]) -> None:
        for outcome in self.node.submit_many(signed, self.now):
            if outcome.receipt is None:
                raise RuntimeError(f"{act.row.name}: {outcome.refusals}")
        batches.append(Batch(self.now, signed))

    def id(self, ids: Ids, prefix: str) -> str:
        """Return a fresh id and remember it as the project's own."""
        ids[prefix] = self.county.id(prefix, self.now)
        return ids[prefix]

    def body(self, name: str) -> str:
        """Return an officer's organisation."""
        return self.county.bodies[name]


Step = tuple[str, Making] | tuple[str, Making, int]


def whole(mix: Mix) -> Iterator[Step]:
    """Yield the whole life: approved, bought, claimed, paid."""
    yield from approved(mix)
    yield from bought(mix)
    yield from _payments.claim(mix)
    yield from _payments.payment(mix)


def approved(mix: Mix) -> Iterator[Step]:
    """Yield the steps from declaration to announcement (S1–S6)."""
    project = declared(mix.county, "模拟蔬菜大棚", START_MS + 100 * DAY_MS)
    yield "village", lambda ids: (project, mix.id(ids, "prj"))
    yield from _notice(mix, Stage.VILLAGE, "village")
    yield "village", lambda i: (VillagePass(notice=i["ntc"], minutes=PAPER), i["prj"])
    checked = dict.fromkeys(CHECKLIST, True)
    reviewed = TownshipReview(opinion=PAPER, photo=PAPER, **checked)
    yield "town", lambda i: (reviewed, i["prj"])
    yield from _notice(mix, Stage.TOWNSHIP, "town")
    yield "town", lambda i: (TownshipPass(notice=i["ntc"]), i["prj"])
    for department in ("agriculture", "resources"):
        yield department, lambda i, by=department: _appraisal(mix, i, by)
    yield "office", lambda i: (_appraised(i), i["prj"])
    yield from _notice(mix, Stage.COUNTY, "office")
    yield "leaders", lambda i: (Admit(notice=i["ntc"], document=PAPER), i["prj"])
    yield "leaders", lambda i: (_planned(), i["prj"])
    yield "cadre", lambda i: (ConfirmPlan(letter=PAPER), i["prj"])
    yield "leaders", lambda i: (_approved(mix), i["prj"])
    yield "office", lambda i: (AnnounceProject(page=PAPER, address="模拟网址"), i["prj"])


def bought(mix: Mix) -> Iterator[Step]:
    """Yield the steps from the lot to a registered contract with a budget (S7, S8)."""
    yield from _lot(mix)
    yield from _payments.contract(mix)


def _notice(mix: Mix, stage: Stage, by: str, days: int = 11, lot: bool = False) -> Iterator[Step]:
    yield (
        by,
        lambda ids: (
            OpenNotice(
                project=ids["prj"],
                lot=ids["lot"] if lot else "",
                stage=stage,
                channel=Channel.BOARD,
                place="模拟公示栏",
                organ=mix.body("office"),
                page=PAPER,
                photo=PAPER,
            ),
            mix.id(ids, "ntc"),
        ),
    )
    yield by, lambda ids: (CloseNotice(page=PAPER, photo=PAPER), ids["ntc"]), days


def _appraisal(mix: Mix, ids: Ids, by: str) -> Made:
    act = GiveAppraisal(project=ids["prj"], favourable=True, opinion=PAPER)
    subject = mix.id(ids, "apr")
    ids[f"apr/{by}"] = subject
    return act, subject


def _appraised(ids: Ids) -> Appraise:
    return Appraise(
        appraisals=(ids["apr/agriculture"], ids["apr/resources"]),
        cleared=CLEARED,
        compliant=True,
        land_ready=True,
        not_duplicate=True,
        opinion=PAPER,
    )


def _planned() -> PlanProject:
    return PlanProject(
        year=YEAR,
        planned_fen=500 * WAN,
        minutes=PAPER,
        investment_code="模拟-2606",
        approval=PAPER,
    )


def _approved(mix: Mix) -> ApproveProject:
    persons = mix.county.persons
    return ApproveProject(
        number="模拟农领复〔2026〕4号",
        approved_fen=500 * WAN,
        document=PAPER,
        drafter=persons["finance"],
        reviewer=persons["agriculture"],
        signer=persons["leaders"],
    )


def _lot(mix: Mix) -> Iterator[Step]:
    yield (
        "owner",
        lambda ids: (
            AddLot(
                project=ids["prj"],
                name="模拟土建标段",
                kind=LotKind.WORKS,
                estimate_fen=450 * WAN,
            ),
            mix.id(ids, "lot"),
        ),
    )
    yield "finance", lambda i: (EvaluateLot(control_fen=440 * WAN, report=PAPER), i["lot"])
    yield (
        "owner",
        lambda ids: (
            Tender(lot=ids["lot"], method=Method.OPEN_TENDER, document=PAPER),
            mix.id(ids, "awd"),
        ),
    )
    yield from _candidates(mix)


def _candidates(mix: Mix) -> Iterator[Step]:
    bids_ms = mix.now + 21 * DAY_MS
    opened, closed = _notice(mix, Stage.CANDIDATES, "owner", 5, lot=True)
    yield (opened[0], opened[1], 22)
    yield closed
    yield (
        "owner",
        lambda ids: (
            RecordAward(
                notice=ids["ntc"],
                winner=mix.body("builder"),
                price_fen=430 * WAN,
                bids_ms=bids_ms,
                bidders=3,
                letter=PAPER,
            ),
            ids["awd"],
        ),
    )
