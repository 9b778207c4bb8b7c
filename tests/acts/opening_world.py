"""Enters running projects the way a county does, for tests of opening balances."""

from typing import Any

from acts.project_world import CONTENT, DOC, VILLAGE, WAN, ProjectWorld
from shanhai.acts.line import LineKind
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.opening import Opening
from shanhai.acts.opening_balance import ConfirmOpening, OpenProject, Stage
from shanhai.acts.opening_rows import OpeningLine, OpeningLot

LINE = OpeningLine(
    number="模拟财农〔2025〕3号",
    subject="2130599",
    kind=LineKind.EAST_WEST,
    origin_year=2025,
    year=2026,
    issued_fen=500 * WAN,
    department="org-agriculture",
)


def lot(state: LotState = LotState.COMPLETED, **more: Any) -> OpeningLot:
    given: dict[str, Any] = {"name": "期初标段", "kind": LotKind.WORKS, "estimate_fen": 300 * WAN}
    return OpeningLot(**{**given, "state": state, **more})


def entered(world: ProjectWorld, by: str = "office", **more: Any) -> str:
    made = world.id("prj")
    names = ("name", "category", "sector", "place", "content", "owner", "department")
    given: dict[str, Any] = {
        **{name: CONTENT[name] for name in names},
        "region": VILLAGE,
        "pairing": world.pair,
        "year": 2025,
        "approver": "org-leaders",
        "number": "模拟农领复〔2025〕1号",
        "approved_ms": world.now - 1,
        "approved_fen": 500 * WAN,
        "paid_before_fen": 120 * WAN,
        "stage": Stage.EXECUTING,
        "basis": "模拟期初清单",
        "document": DOC,
        "lots": (lot(),),
        "lines": (LINE,),
        **more,
    }
    world.when(OpenProject(**given), by=by, on=made)
    return made


def batches(world: ProjectWorld, project: str) -> tuple[str, ...]:
    return tuple(
        one.id
        for one in world.store.objects.values()
        if isinstance(one, Opening) and one.project == project
    )


def lots(world: ProjectWorld, project: str) -> list[Lot]:
    found = (one for one in world.store.objects.values() if isinstance(one, Lot))
    return [one for one in found if one.project == project]


def confirm(world: ProjectWorld, project: str, by: str = "office2") -> None:
    world.when(ConfirmOpening(openings=batches(world, project)), by=by, on=project)
