"""Lots: added, evaluated, bought, contracted, built, accepted, settled, handed over (S7–S13), many at a time."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shanhai.acts.asset import AssetClass, HandOverAsset, RegisterAsset
from shanhai.acts.contract import Contract
from shanhai.acts.contract_flow import FileContract, RegisterContract
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.lot_work import (
    AcceptCounty,
    AcceptTownship,
    AddLot,
    EvaluateLot,
    SelfCheck,
    StartLot,
)
from shanhai.acts.notice import Stage
from shanhai.acts.procurement import Award, Method, RecordAward, Tender
from shanhai.acts.project import Project
from shanhai.acts.settlement_flow import ConfirmSettlement, DraftSettlement
from shanhai.domains.demo.story.teller import WAN
from shanhai.domains.demo.story.walk import Walk
from shanhai.kernel.periods import DAY_MS

L = LotState
BIDS, CANDIDATES = 21, 4
"""Days that bidders have, and that the candidates hang, with the first day that does not count."""


class Spec(NamedTuple):
    """A lot as the owner cuts it: amount in 万元."""

    project: str
    name: str
    wan: int
    kind: LotKind = LotKind.WORKS
    winner: str = "contractor"


class Works(Walk):
    """S7–S13."""

    building_days = 60

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as the stage
        self.projects: dict[str, str] = {}
        self.lots: dict[str, str] = {}
        self.contracts: dict[str, str] = {}
        self.specs: dict[str, Spec] = {}
        self.notices: dict[str, str] = {}

    def add_lots(self, **specs: Spec) -> None:
        """Add lots under short names."""
        for name, spec in specs.items():
            added = AddLot(
                project=self.projects[spec.project],
                name=f"{spec.name}（模拟）",
                kind=spec.kind,
                estimate_fen=spec.wan * WAN,
            )
            self.specs[name] = spec
            self.lots[name] = self.do("owner", added)

    def lot(self, name: str) -> Lot:
        """Return a lot as it stands."""
        found: Lot = self.object(Lot, self.lots[name])
        return found

    def build(self, targets: Mapping[str, LotState]) -> None:
        """Bring each lot to its state; those that go on pass a stage together."""
        for state, step in LINE:
            going = [
                one
                for one, last in targets.items()
                if self.lot(one).state is state and last is not state
            ]
            if going:
                step(self, going)

    def evaluate(self, names: Iterable[str]) -> None:
        """财政评审: a control price a little below the estimate."""
        self.later(days=5)
        for name in names:
            lot = self.lot(name)
            control = lot.estimate_fen * 96 // 100 // WAN * WAN or lot.estimate_fen
            report = self.paper(f"{lot.name}财政评审报告")
            self.do("finance", EvaluateLot(control_fen=control, report=report), lot.id)

    def tender(self, names: Iterable[str]) -> None:
        """S7: the tender notice."""
        self.later(days=3)
        for name in names:
            lot = self.lot(name)
            notice = self.paper(f"{lot.name}招标公告")
            self.do("owner", Tender(lot=lot.id, method=Method.OPEN_TENDER, document=notice))

    def show_candidates(self, names: Iterable[str]) -> None:
        """S7: bids are opened, the candidates put up."""
        self.later(days=BIDS)
        self.show_candidates_now(names)

    def show_candidates_now(self, names: Iterable[str]) -> None:
        """Put the candidates up, the bid period being over."""
        for name in names:
            lot = self.lot(name)
            self.notices[name] = self.open_notice(lot.project, Stage.CANDIDATES, "owner", lot.id)

    def award(self, names: Iterable[str]) -> None:
        """S7: the award."""
        names = list(names)
        self.show_candidates(names)
        opened = self.now
        self.later(days=CANDIDATES)
        for name in names:
            lot = self.lot(name)
            self.close_notice(self.notices[name], lot.project, Stage.CANDIDATES, "owner")
            awarded = RecordAward(
                notice=self.notices[name],
                winner=self.body(self.specs[name].winner),
                price_fen=lot.control_fen * 97 // 100 // WAN * WAN,
                bids_ms=opened,
                bidders=5,
                letter=self.paper(f"{lot.name}中标通知书"),
            )
            self.do("owner", awarded, lot.award)

    def file_contract(self, name: str) -> str:
        """S8: the owner files the contract and the account to be paid."""
        lot = self.lot(name)
        contract = self.id("con")
        account = self.words("owner", contract, "account", f"模拟银行 6222 0000 {self.count:08}")
        filed = FileContract(
            lot=lot.id,
            award=lot.award,
            number=f"模拟合〔{self.object(Project, lot.project).year}〕{self.count:04}号",
            price_fen=self.object(Award, lot.award).price_fen,
            advance_permille=300,
            retention_permille=30,
            account=account,
            account_proof=self.paper(f"{lot.name}开户许可"),
            document=self.paper(f"{lot.name}合同文本"),
            guarantee=self.paper(f"{lot.name}履约保函"),
            wages_clause=True,
            signed_ms=self.now - DAY_MS // 24,
        )
        self.contracts[name] = self.do("owner", filed, contract)
        return contract

    def contract(self, names: Iterable[str]) -> None:
        """S8: filed, then registered by another body."""
        self.later(days=5)
        for name in names:
            made = self.file_contract(name)
            self.later(minutes=40)
            self.do("department", RegisterContract(compared=True), made)

    def start(self, names: Iterable[str]) -> None:
        """S9."""
        self.later(days=6)
        for name in names:
            lot = self.lot(name)
            started = StartLot(
                report=self.paper(f"{lot.name}开工报告"),
                permit=self.paper(f"{lot.name}施工许可"),
                board_photo=self.paper(f"{lot.name}公示牌照片"),
            )
            self.do("owner", started, lot.id)

    def self_check(self, names: Iterable[str]) -> None:
        """S10."""
        self.later(days=self.building_days)
        for name in names:
            lot = self.lot(name)
            checked = SelfCheck(
                done_permille=1000,
                drawings=self.paper(f"{lot.name}竣工图"),
                supervision=self.paper(f"{lot.name}监理报告"),
            )
            self.do("owner", checked, lot.id)

    def accept_township(self, names: Iterable[str]) -> None:
        """S11: the township."""
        self._accept(names, AcceptTownship, "town")

    def accept_county(self, names: Iterable[str]) -> None:
        """S11: the county."""
        self._accept(names, AcceptCounty, "panel")

    def _accept(
        self, names: Iterable[str], act: type[AcceptTownship | AcceptCounty], by: str
    ) -> None:
        self.later(days=6)
        members = tuple(self.person(one) for one in ("panel", "panel2", "department3"))
        for name in names:
            lot = self.lot(name)
            accepted = act(
                panel=members,
                form=self.paper(f"{lot.name}{act.row.text.zh}表"),
                images=self.paper(f"{lot.name}{act.row.text.zh}影像"),
                measured=True,
                defects_mended=True,
            )
            self.do(by, accepted, lot.id)

    def settle(self, names: Iterable[str]) -> None:
        """S12: a third party reviews, finance confirms."""
        self.later(days=15)
        for name in names:
            contract = self.object(Contract, self.contracts[name])
            drafted = DraftSettlement(
                contract=contract.id,
                claimed_fen=contract.limit_fen,
                settled_fen=contract.limit_fen * 985 // 1000 // WAN * WAN,
                report=self.paper(f"{contract.number}结算审核报告"),
            )
            made = self.do("settler", drafted)
            self.later(minutes=90)
            until = self.now + 365 * DAY_MS
            self.do("finance2", ConfirmSettlement(defects_until_ms=until), made)

    def hand_over(self, names: Iterable[str]) -> None:
        """S13: registered as an asset and taken over by the village."""
        self.later(days=5)
        for name in names:
            lot = self.lot(name)
            registered = RegisterAsset(
                lot=lot.id,
                name=lot.name.replace("（模拟）", "资产（模拟）"),
                kind=AssetClass.OPERATING
                if self.object(Project, lot.project).operating
                else AssetClass.PUBLIC,
                value_fen=lot.settled_fen,
                owner=self.body("village"),
                holder=self.body("village"),
                number=f"模拟资产{self.count:05}",
                document=self.paper(f"{lot.name}确权登记"),
            )
            asset = self.do("department", registered)
            handed = HandOverAsset(handover=self.paper(f"{lot.name}移交单"), last=True)
            self.do("village", handed, asset)


LINE = (
    (L.ADDED, Works.evaluate),
    (L.EVALUATED, Works.tender),
    (L.TENDERING, Works.award),
    (L.AWARDED, Works.contract),
    (L.CONTRACTED, Works.start),
    (L.STARTED, Works.self_check),
    (L.COMPLETED, Works.accept_township),
    (L.TOWNSHIP_ACCEPTED, Works.accept_county),
    (L.ACCEPTED, Works.settle),
    (L.SETTLED, Works.hand_over),
)
