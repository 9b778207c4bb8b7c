"""Walking projects along the main line S1–S6, many at a time, as a county's year goes."""

from collections.abc import Iterable, Mapping
from typing import Any

from shanhai.acts.notice import Channel, Stage
from shanhai.acts.notice_run import CloseNotice, OpenNotice
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import Declare
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
from shanhai.domains.demo.cast import ORGANISATIONS, VILLAGE
from shanhai.domains.demo.story.proposals import Proposal
from shanhai.domains.demo.story.rules import CLEARED
from shanhai.domains.demo.story.teller import Teller
from shanhai.kernel.periods import iso

NOTICE_RUNS = 11
"""Days from putting a notice up to the first day it may come down."""
S = ProjectState
PLACES = {
    Stage.VILLAGE: (Channel.BOARD, "石桥村村务公开栏（模拟）", "town"),
    Stage.TOWNSHIP: (Channel.BOARD, "清溪镇政务公开栏（模拟）", "office"),
    Stage.COUNTY: (Channel.PORTAL, "山前县人民政府门户网站（模拟）", "leaders"),
    Stage.CANDIDATES: (Channel.PORTAL, "公共资源交易平台（模拟）", "office"),
    Stage.CHANGE: (Channel.PORTAL, "山前县人民政府门户网站（模拟）", "office"),
    Stage.COMPLETION: (Channel.SITE, "项目现场公示牌（模拟）", "leaders"),
}


class Walk(Teller):
    """S1–S6."""

    def declare(self, one: Proposal, year: int) -> str:
        """Declare a project; a villager's meeting and an application stand behind it."""
        papers: dict[str, Any] = {
            name: self.paper(f"{one.name}·{title}")
            for name, title in (
                ("application", "申报书"),
                ("targets", "绩效目标表"),
                ("linkage", "联农带农机制"),
            )
        }
        content = one.content(self.now)
        given: dict[str, Any] = {
            "owner": self.body("owner"),
            "department": self.body("department"),
            "region": VILLAGE,
            "year": year,
            "pairing": self.pair,
        }
        return self.do("village", Declare(**content, **papers, **given))

    def named(self, project: str) -> str:
        """Return a project's name, for the titles of its documents."""
        found: Project = self.object(Project, project)
        return found.name.removesuffix("（模拟）")

    def open_notice(self, project: str, stage: Stage, by: str, lot: str = "") -> str:
        """Put a notice up."""
        channel, place, organ = PLACES[stage]
        title = f"{self.named(project)}·{stage.zh}"
        opened = OpenNotice(
            project=project,
            lot=lot,
            stage=stage,
            channel=channel,
            place=place,
            organ=self.body(organ),
            page=self.paper(title),
            photo=self.paper(f"{title}照片"),
        )
        return self.do(by, opened)

    def close_notice(self, notice: str, project: str, stage: Stage, by: str) -> None:
        """Take a notice down after its days."""
        title = f"{self.named(project)}·{stage.zh}"
        closed = CloseNotice(page=self.paper(title), photo=self.paper(f"{title}期满照片"))
        self.do(by, closed, notice)

    def publicise(self, projects: Iterable[str], stage: Stage, by: str) -> dict[str, str]:
        """Run a notice of every project through; return project → notice."""
        up = {project: self.open_notice(project, stage, by) for project in projects}
        self.later(days=NOTICE_RUNS)
        for project, notice in up.items():
            self.close_notice(notice, project, stage, by)
        return up

    def walk(self, targets: Mapping[str, ProjectState]) -> None:
        """Walk each project to its state; those that go on pass a stage together."""
        for state, step in LINE:
            going = [
                one
                for one, last in targets.items()
                if self.object(Project, one).state is state and last is not state
            ]
            if going:
                step(self, going)

    def village_pass(self, projects: list[str]) -> None:
        """S1: the village's notice and its meeting."""
        for project, notice in self.publicise(projects, Stage.VILLAGE, "village").items():
            minutes = self.paper(f"{self.named(project)}·村民代表会议纪要")
            self.do("village", VillagePass(notice=notice, minutes=minutes), project)

    def township_review(self, projects: list[str]) -> None:
        """S2: the review."""
        self.later(days=2)
        for project in projects:
            reviewed = TownshipReview(
                opinion=self.paper(f"{self.named(project)}·乡镇审核意见"),
                photo=self.paper(f"{self.named(project)}·现场照片"),
                **dict.fromkeys(CHECKLIST, True),
            )
            self.do("town", reviewed, project)

    def township_pass(self, projects: list[str]) -> None:
        """S2: the notice."""
        for project, notice in self.publicise(projects, Stage.TOWNSHIP, "town").items():
            self.do("town2", TownshipPass(notice=notice), project)

    def give_appraisal(self, project: str, by: str) -> str:
        """One department's opinion."""
        opinion = self.paper(f"{self.named(project)}·{ORGANISATIONS[by][0]}会签意见")
        return self.do(by, GiveAppraisal(project=project, favourable=True, opinion=opinion))

    def appraise(self, projects: list[str]) -> None:
        """S3: departments first, then the office concludes."""
        self.later(days=4)
        for project in projects:
            opinions = tuple(
                self.give_appraisal(project, by) for by in ("department", "department2")
            )
            concluded = Appraise(
                appraisals=opinions,
                cleared=CLEARED,
                compliant=True,
                land_ready=True,
                not_duplicate=True,
                opinion=self.paper(f"{self.named(project)}·联合论证意见"),
            )
            self.do("office", concluded, project)

    def admit(self, projects: list[str]) -> None:
        """S4: the county's notice, then the pool."""
        for project, notice in self.publicise(projects, Stage.COUNTY, "office").items():
            document = self.paper(f"{self.named(project)}·入库文件")
            self.do("leaders", Admit(notice=notice, document=document), project)

    def plan(self, projects: list[str]) -> None:
        """S5: the leading group."""
        self.later(days=6)
        minutes = self.paper(f"领导小组会议纪要（{iso(self.now)[:10]}）")
        for place, project in enumerate(projects):
            found = self.object(Project, project)
            planned = PlanProject(
                year=found.year,
                planned_fen=found.planned_fen,
                minutes=minutes,
                investment_code=f"模拟{found.year}-519901-{self.count + place:04}",
                approval=self.paper(f"{self.named(project)}·立项批复"),
            )
            self.do("leaders", planned, project)

    def confirm_plan(self, projects: list[str]) -> None:
        """S5: the east."""
        self.later(days=3)
        letter = self.paper(f"年度计划东部确认函（{iso(self.now)[:10]}）")
        for project in projects:
            self.do("cadre", ConfirmPlan(letter=letter), project)

    def approve(self, projects: list[str]) -> None:
        """S6: drafted, reviewed and signed by three people."""
        self.later(days=3)
        for project in projects:
            found = self.object(Project, project)
            approved = ApproveProject(
                number=f"模拟山农领复〔{found.year}〕{self.count % 97 + 1}号",
                approved_fen=found.planned_fen,
                document=self.paper(f"{self.named(project)}·批复文件"),
                drafter=self.person("finance3"),
                reviewer=self.person("panel"),
                signer=self.person("leaders2"),
            )
            self.do("leaders2", approved, project)

    def announce(self, projects: list[str]) -> None:
        """S6: the announcement."""
        self.later(days=1)
        for project in projects:
            page = self.paper(f"{self.named(project)}·批复公告")
            address = "山前县人民政府门户网站（模拟）"
            self.do("office2", AnnounceProject(page=page, address=address), project)


LINE = (
    (S.VILLAGE_NOTICE, Walk.village_pass),
    (S.TOWNSHIP_REVIEW, Walk.township_review),
    (S.TOWNSHIP_NOTICE, Walk.township_pass),
    (S.APPRAISAL, Walk.appraise),
    (S.COUNTY_NOTICE, Walk.admit),
    (S.IN_POOL, Walk.plan),
    (S.PLANNED, Walk.confirm_plan),
    (S.CONFIRMED, Walk.approve),
    (S.APPROVED, Walk.announce),
)
