"""A county with its village, offices, firms and eastern partner; notices and declarations."""

from typing import Any, Self

from acts.scenario import EAST, WEST, Scenario
from shanhai.acts.clocks import (
    ACCEPTANCE_DAYS,
    ANNOUNCE_DAYS,
    ANSWER_DAYS,
    BID_DAYS,
    CANDIDATES_DAYS,
    DIRECT_LIMIT,
    GOODS_LIMIT,
    MATERIAL_SHARE,
    NEGATIVE_LIST,
    NOTICE_DAYS,
    PAIR_NEGATIVE_LIST,
    PLAN_CONFIRMER,
    REPLY_DAYS,
    REVIEW_DAYS,
    SERVICES_LIMIT,
    START_MONTHS,
    TARGETS_REQUIRED,
    WORKS_LIMIT,
)
from shanhai.acts.machine import Object, Person, View
from shanhai.acts.notice import Channel, Stage
from shanhai.acts.notice_run import CloseNotice, OpenNotice
from shanhai.acts.officer import Organisation, OrganisationKind
from shanhai.acts.pairing import Level, Pairing, PairingState
from shanhai.acts.project import Sector
from shanhai.acts.project_declare import Declare
from shanhai.acts.roles import Role
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.suite import INTL

DAY = DAY_MS
WAN = 1_000_000  # 万元 in fen
VILLAGE = WEST + "101203"
TOWNSHIP = WEST + "101"
H = {name: f"{n:064x}" for n, name in enumerate(("doc", "photo", "page", "other", "minutes"), 1)}
DOC, PHOTO, PAGE, OTHER, MINUTES = H.values()

POSTS = {
    "village": (Role.VILLAGE, OrganisationKind.VILLAGE, VILLAGE),
    "township": (Role.TOWNSHIP, OrganisationKind.GOVERNMENT, TOWNSHIP),
    "agriculture": (Role.COUNTY_DEPARTMENT, OrganisationKind.GOVERNMENT, WEST),
    "resources": (Role.COUNTY_DEPARTMENT, OrganisationKind.GOVERNMENT, WEST),
    "office": (Role.COUNTY_OFFICE, OrganisationKind.GOVERNMENT, WEST),
    "leaders": (Role.COUNTY_LEADERS, OrganisationKind.GOVERNMENT, WEST),
    "finance": (Role.COUNTY_FINANCE, OrganisationKind.GOVERNMENT, WEST),
    "owner": (Role.OWNER, OrganisationKind.INSTITUTION, WEST),
    "builder": (Role.CONTRACTOR, OrganisationKind.COMPANY, WEST),
    "supervisor": (Role.SUPERVISOR, OrganisationKind.COMPANY, WEST),
    "settler": (Role.SETTLER, OrganisationKind.COMPANY, WEST),
    "panel": (Role.PANEL, OrganisationKind.GOVERNMENT, WEST),
    "prefecture": (Role.PREFECTURE_OFFICE, OrganisationKind.GOVERNMENT, "510700"),
    "auditor": (Role.AUDITOR, OrganisationKind.AUDIT, WEST),
    "audit_head": (Role.AUDIT_HEAD, OrganisationKind.AUDIT, WEST),
    "desk": (Role.DATA_DESK, OrganisationKind.GOVERNMENT, "510000"),
    "cadre": (Role.EAST_CADRE, OrganisationKind.GOVERNMENT, EAST),
    "liaison": (Role.EAST_LIAISON, OrganisationKind.GOVERNMENT, EAST),
    "east_auditor": (Role.EAST_AUDITOR, OrganisationKind.AUDIT, EAST),
}
VALUES: dict[Any, int] = {
    NOTICE_DAYS: 10,
    CANDIDATES_DAYS: 3,
    ANSWER_DAYS: 15,
    REVIEW_DAYS: 5,
    ACCEPTANCE_DAYS: 20,
    TARGETS_REQUIRED: 1,
    START_MONTHS: 6,
    WORKS_LIMIT: 400 * WAN,
    GOODS_LIMIT: 200 * WAN,
    SERVICES_LIMIT: 100 * WAN,
    DIRECT_LIMIT: 30 * WAN,
    BID_DAYS: 20,
    ANNOUNCE_DAYS: 5,
    MATERIAL_SHARE: 100,
    REPLY_DAYS: 10,
}
LISTS: dict[Any, tuple[str, ...]] = {
    NEGATIVE_LIST: ("单位基本支出", "修建楼堂馆所"),
    PAIR_NEGATIVE_LIST: ("弥补企业亏损",),
    PLAN_CONFIRMER: ("cadre",),
}
CLEARED = LISTS[NEGATIVE_LIST] + LISTS[PAIR_NEGATIVE_LIST]
CONTENT: dict[str, Any] = {
    "name": "模拟蔬菜大棚",
    "category": "种植业",
    "sector": Sector.INDUSTRY,
    "operating": True,
    "place": "模拟村三组",
    "content": "大棚 50 个（模拟）",
    "owner": "org-owner",
    "department": "org-agriculture",
    "planned_fen": 500 * WAN,
    "households": 120,
    "people": 430,
    "poor_households": 40,
    "poor_people": 150,
    "start_ms": 1_790_000_000_000,
    "finish_ms": 1_800_000_000_000,
    "application": DOC,
    "targets": DOC,
    "linkage": DOC,
}
CHECKED = dict.fromkeys(
    (
        "complete",
        "genuine",
        "necessary",
        "feasible",
        "estimate_sound",
        "source_clear",
        "linkage_sound",
        "targets_sound",
    ),
    True,
)


class County(Scenario):
    """The county with every post and parameter set."""

    def __init__(self) -> None:
        super().__init__()
        for name, (role, kind, region) in POSTS.items():
            self.officer(name, role, kind, region)
        for one, value in VALUES.items():
            self.value(one.id, value, region="51")
        for one, listed in LISTS.items():
            self.value(one.id, words=listed, region="51")
        self.pair = self.id("par")
        self.put(
            Pairing(
                id=self.pair,
                region=WEST,
                east_region=EAST,
                level=Level.COUNTY,
                scheme="模拟协作",
                source="模拟",
                state=PairingState.ACTIVE,
            )
        )

    def officer(
        self,
        name: str,
        role: Role,
        kind: OrganisationKind = OrganisationKind.COMPANY,
        region: str = WEST,
    ) -> Self:
        """Give a new person of a new organisation a post."""
        self.put(Organisation(id=f"org-{name}", name=f"模拟{name}", kind=kind, region=region))
        self.put(Person(id=name, organisation=f"org-{name}", region=region, name=DOC))
        return self.post(name, role, region=region)

    def total(self, kind: type[Object], field: str, owner: str) -> int:
        """Return a running total as it stands."""
        return View(self.store, INTL).total(kind, field, owner)

    def deputy(self, name: str, role: Role, *, of: str, region: str = WEST) -> Self:
        """Give a third person a post in which that person stands in for `of`."""
        self.put(Person(id=name, organisation=f"org-{of}", region=region, name=DOC))
        return self.post(name, role, region=region, organisation=f"org-{of}", principal=of)

    def second(
        self, name: str, role: Role, *, person: str, region: str = WEST, **more: str
    ) -> Self:
        """Give a person a second post."""
        return self.post(name, role, person=person, region=region, **more)

    def declare(self, by: str = "village", **content: Any) -> str:
        """Declare a project; judged, not necessarily accepted."""
        made = self.id("prj")
        given = {**CONTENT, "region": VILLAGE, "year": 2026, "pairing": self.pair, **content}
        self.when(Declare(**given), by=by, on=made)
        return made

    def open_notice(self, project: str, stage: Stage, by: str, **more: Any) -> str:
        """Put up a notice; judged, not necessarily accepted."""
        made = self.id("ntc")
        given: dict[str, Any] = {
            "channel": Channel.BOARD,
            "place": "模拟公示栏",
            "organ": "org-office",
            "page": PAGE,
            "photo": PHOTO,
            **more,
        }
        self.when(OpenNotice(project=project, stage=stage, **given), by=by, on=made)
        return made

    def passed(self, project: str, stage: Stage, by: str, **more: Any) -> str:
        """Run a notice through."""
        made = self.open_notice(project, stage, by, **more)
        self.ok().later(days=11)
        page = more.get("page", PAGE)
        self.when(CloseNotice(page=page, photo=PHOTO), by=by, on=made).ok()
        return made
