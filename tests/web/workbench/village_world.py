"""A 模拟 ledger in Django's database, with its cast, and projects walked to any stage by real acts."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from shanhai.acts.clocks import (
    ANNOUNCE_DAYS,
    ANSWER_DAYS,
    NEGATIVE_LIST,
    NOTICE_DAYS,
    PLAN_CONFIRMER,
    REVIEW_DAYS,
)
from shanhai.acts.machine import Setting
from shanhai.acts.machine.values import Dated, Parameter
from shanhai.acts.notice import Channel, Stage
from shanhai.acts.notice_run import CloseNotice, OpenNotice
from shanhai.acts.officer import RegisterOrganisation
from shanhai.acts.pairing import Level, Pairing, PairingState
from shanhai.acts.project import Project, ProjectState, Sector
from shanhai.acts.project_declare import CONTENT as DECLARED
from shanhai.acts.project_declare import Declare, Resubmit
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
from shanhai.domains.accounts.services import account_open
from shanhai.domains.book.handle import data_dir, forget, storage
from shanhai.domains.demo import founding, stage
from shanhai.domains.demo.cast import (
    CAST,
    EAST,
    FOUNDERS,
    FOUNDING_BODIES,
    ORGANISATIONS,
    VILLAGE,
    WEST,
    Part,
    cast,
)
from shanhai.domains.rows import row_of
from shanhai.kernel.canonical import encode
from shanhai.kernel.suite import INTL
from shanhai.node.folder import make_log_key
from shanhai.node.loop import Node
from shanhai.node.tables import columns_of, values_of

START_MS = 1_780_000_000_000
WAN = 1_000_000
VALUES: dict[Parameter, int] = {NOTICE_DAYS: 10, ANSWER_DAYS: 15, REVIEW_DAYS: 5, ANNOUNCE_DAYS: 5}
LISTS: dict[Parameter, tuple[str, ...]] = {
    NEGATIVE_LIST: ("单位基本支出", "修建楼堂馆所"),
    PLAN_CONFIRMER: ("cadre",),
}
CONTENT: dict[str, Any] = {
    "name": "模拟：黄花菜加工生产线",
    "category": "农产品加工",
    "sector": Sector.INDUSTRY,
    "operating": True,
    "place": "石桥村三组（模拟）",
    "content": "厂房 1,200 平方米、加工线 2 条（模拟）",
    "planned_fen": 500 * WAN,
    "households": 120,
    "people": 430,
    "poor_households": 40,
    "poor_people": 150,
    "start_ms": START_MS + 200 * 86_400_000,
    "finish_ms": START_MS + 500 * 86_400_000,
}
STEPS = (
    (ProjectState.VILLAGE_NOTICE, "village_pass"),
    (ProjectState.TOWNSHIP_REVIEW, "township_review"),
    (ProjectState.TOWNSHIP_NOTICE, "township_pass"),
    (ProjectState.APPRAISAL, "appraise"),
    (ProjectState.COUNTY_NOTICE, "admit"),
    (ProjectState.IN_POOL, "plan"),
    (ProjectState.PLANNED, "confirm_plan"),
    (ProjectState.CONFIRMED, "approve"),
    (ProjectState.APPROVED, "announce"),
)


def _settings() -> tuple[Setting, ...]:
    rows = [(one, Dated(value=value, basis="模拟")) for one, value in VALUES.items()]
    rows += [(one, Dated(words=words, basis="模拟")) for one, words in LISTS.items()]
    return tuple(
        Setting(id=f"{one.id}/51", parameter=one.id, region="510000", dated=(dated,))
        for one, dated in rows
    )


class World(stage.Stage):
    """The cast on a fresh ledger; `reach` walks a project along the main line."""

    @classmethod
    def found(cls, time_ms: int = START_MS) -> "World":
        """Found the ledger in Django's database and enrol everyone."""
        folder = data_dir()
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        key = folder / "keys/log"
        key.unlink(missing_ok=True)
        make_log_key(folder, INTL.name, os.urandom(32))
        actors = cast(INTL, founding.seed(folder), time_ms)
        payload = founding.genesis(
            actors,
            _settings(),
            origin=f"localhost/{os.urandom(6).hex()}",
            web_origins=("http://localhost:8000",),
            rp_id="localhost",
        )
        forget()
        node = Node.found(storage(), founding.signed_genesis(actors, payload, time_ms), time_ms)
        world = cls(node, actors, time_ms + 1000)
        world.enrol_all()
        world.pair = world.paired()
        return world

    def enrol_all(self, parts: Iterable[Part] = CAST) -> None:
        """Enrol everyone step by step, each step for all at once: nearly every test of a page begins here."""
        bodies = {key: one for key, one in ORGANISATIONS.items() if key not in FOUNDING_BODIES}
        self.do_all(
            [
                (
                    "registrar",
                    RegisterOrganisation(name=name, kind=kind, region=region),
                    self.body(key),
                )
                for key, (name, kind, region) in bodies.items()
            ]
        )
        newcomers = [part for part in parts if part.name not in FOUNDERS]
        self.do_all([self.registration(part) for part in newcomers])
        self.do_all([self.grant(part) for part in newcomers])
        invitations = [self.invitation(part) for part in newcomers]
        self.do_all(invitations)
        self.do_all(
            [
                self.offer(part, one)
                for part, (_, _, one) in zip(newcomers, invitations, strict=True)
            ]
        )
        self.do_all([self.confirmation(part) for part in newcomers])

    pair = ""

    def paired(self) -> str:
        """Record the 模拟 county pair."""
        pair = Pairing(
            id=self.id("par"),
            region=WEST,
            east_region=EAST,
            level=Level.COUNTY,
            scheme="模拟协作",
            source="模拟",
            state=PairingState.ACTIVE,
        )
        names = [column.name for column in columns_of(Pairing)]
        values = (*values_of(Pairing)(pair), encode(pair))
        row_of(Pairing).objects.create(**dict(zip([*names, "object"], values, strict=True)))
        return pair.id

    def body(self, name: str) -> str:
        """Return an organisation's id."""
        return self.actors.organisations[name].id

    def declare(self, by: str = "village", **more: Any) -> str:
        """Declare a project."""
        papers = {name: self.paper(name) for name in ("application", "targets", "linkage")}
        given = {"owner": self.body("owner"), "department": self.body("department")}
        act = Declare(
            **{
                **CONTENT,
                **papers,
                **given,
                "region": VILLAGE,
                "year": 2026,
                "pairing": self.pair,
                **more,
            }
        )
        return self.do(by, act)

    def resubmit(self, project: str, by: str = "village", **changes: Any) -> None:
        """Answer a return with changed content."""
        found = self.object(Project, project)
        kept = {name: getattr(found, name) for name in DECLARED}
        self.do(by, Resubmit(**{**kept, **changes}), project)

    def passed(self, project: str, of: Stage, by: str) -> str:
        """Run a notice through."""
        notice = self.opened(project, of, by)
        self.later(days=11)
        self.do(by, CloseNotice(page=self.paper("page"), photo=self.paper("end")), notice)
        return notice

    def opened(self, project: str, of: Stage, by: str) -> str:
        """Put a notice up."""
        return self.do(
            by,
            OpenNotice(
                project=project,
                stage=of,
                channel=Channel.BOARD,
                place="模拟公示栏",
                organ=self.body("town"),
                page=self.paper("page"),
                photo=self.paper("photo"),
            ),
        )

    def village_pass(self, project: str) -> None:
        """S1."""
        notice = self.passed(project, Stage.VILLAGE, "village")
        self.do("village", VillagePass(notice=notice, minutes=self.paper("minutes")), project)

    def township_review(self, project: str) -> None:
        """S2, the review."""
        checked = dict.fromkeys(CHECKLIST, True)
        act = TownshipReview(opinion=self.paper("opinion"), photo=self.paper("site"), **checked)
        self.do("town", act, project)

    def township_pass(self, project: str) -> None:
        """S2, the notice."""
        self.do("town2", TownshipPass(notice=self.passed(project, Stage.TOWNSHIP, "town")), project)

    def appraise(self, project: str) -> None:
        """S3."""
        opinions = tuple(
            self.do(by, GiveAppraisal(project=project, favourable=True, opinion=self.paper(by)))
            for by in ("department", "department2")
        )
        act = Appraise(
            appraisals=opinions,
            cleared=LISTS[NEGATIVE_LIST],
            compliant=True,
            land_ready=True,
            not_duplicate=True,
            opinion=self.paper("joint"),
        )
        self.do("office", act, project)

    def admit(self, project: str) -> None:
        """S4."""
        notice = self.passed(project, Stage.COUNTY, "office")
        self.do("leaders", Admit(notice=notice, document=self.paper("admit")), project)

    def plan(self, project: str) -> None:
        """S5, the leading group."""
        act = PlanProject(
            year=2026,
            planned_fen=480 * WAN,
            minutes=self.paper("group"),
            investment_code="模拟-2606",
            approval=self.paper("approval"),
        )
        self.do("leaders", act, project)

    def confirm_plan(self, project: str) -> None:
        """S5, the east."""
        self.do("cadre", ConfirmPlan(letter=self.paper("letter")), project)

    def approve(self, project: str) -> None:
        """S6."""
        persons = self.actors.persons
        act = ApproveProject(
            number="模拟农领复〔2026〕4号",
            approved_fen=480 * WAN,
            document=self.paper("approve"),
            drafter=persons["finance"].id,
            reviewer=persons["panel"].id,
            signer=persons["leaders2"].id,
        )
        self.do("leaders2", act, project)

    def announce(self, project: str) -> None:
        """S6, the announcement."""
        act = AnnounceProject(page=self.paper("announcement"), address="模拟网址")
        self.do("office2", act, project)

    def reach(self, state: ProjectState, **content: Any) -> str:
        """Declare a project and walk it to a state of the main line."""
        project = self.declare(**content)
        for there, step in STEPS:
            if self.object(Project, project).state is state:
                return project
            assert self.object(Project, project).state is there
            getattr(self, step)(project)
        assert self.object(Project, project).state is state
        return project

    def user(self, name: str) -> Any:
        """Return the account of one of the cast, opened on first use."""
        users = get_user_model().objects
        found = users.filter(username=f"user-{name}").first()
        if found is None:
            person = self.actors.persons[name].id
            shown = self.actors.posts[name].role.zh
            account_open(person=person, name=shown, username=f"user-{name}", password="")
            found = users.get(username=f"user-{name}")
        return found

    def set_clock(self) -> None:
        """Let the platform's clock stand where the story stands."""
        from shanhai.domains import clock  # noqa: PLC0415 - beside its only use

        clock.set_offset(Path(settings.DATA_DIR), self.now - clock.machine_ms())
