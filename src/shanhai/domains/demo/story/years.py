"""The years of the 模拟 county: what was declared, how far it came."""

from shanhai.acts.notice import Stage
from shanhai.acts.objection import AcceptObjection, AnswerObjection
from shanhai.acts.project import ProjectState
from shanhai.domains.demo.story.proposals import PROPOSALS
from shanhai.domains.demo.story.whole import Story

S = ProjectState


def begin(story: Story, names: str, year: int, state: ProjectState) -> None:
    """Declare projects and walk all of them to a state."""
    for name in names.split():
        story.projects[name] = story.declare(PROPOSALS[name], year)
        story.later(minutes=25)
    story.walk({story.projects[name]: state for name in names.split()})


def of_2024(story: Story) -> None:
    """Three projects of the first year."""
    story.until("2024-02-26")
    begin(story, "daylily coldstore water", 2024, S.EXECUTING)


def of_2025(story: Story) -> None:
    """Eleven projects of the second year."""
    story.until("2025-02-17")
    names = "road greenhouse training clinic cattle school tea solar nursery inn mushroom"
    begin(story, names, 2025, S.EXECUTING)


def pool_2026(story: Story) -> None:
    """Next year's pool."""
    story.until("2025-10-09")
    begin(story, "drainage elder rice ecommerce bridge honey", 2026, S.IN_POOL)


def plan_2026(story: Story) -> None:
    """This year's plan: one approved, one confirmed, one awaiting the east."""
    story.later(days=1)
    ids = story.projects
    story.walk({ids["drainage"]: S.APPROVED, ids["elder"]: S.CONFIRMED, ids["rice"]: S.PLANNED})


def spring_2026(story: Story) -> None:
    """Four more proposals reach the county."""
    story.later(days=2)
    begin(story, "orchard garage kiln mushroom2", 2026, S.APPRAISAL)
    ids = story.projects
    story.walk({ids["orchard"]: S.COUNTY_NOTICE, ids["garage"]: S.COUNTY_NOTICE})


def under_way(story: Story) -> None:
    """Leave something to do at every stage before the pool."""
    ids = story.projects
    notice = story.open_notice(ids["garage"], Stage.COUNTY, "office")
    begin(story, "library lamps warehouse canal", 2026, S.TOWNSHIP_REVIEW)
    story.close_notice(notice, ids["garage"], Stage.COUNTY, "office")
    story.walk({ids["library"]: S.TOWNSHIP_NOTICE})
    for department in ("department", "department2"):
        story.give_appraisal(ids["kiln"], department)


def notices(story: Story) -> None:
    """Notices that run now, one of them with an objection; declarations of today."""
    ids = story.projects
    begin(story, "market herbs", 2026, S.VILLAGE_NOTICE)
    notice = story.open_notice(ids["orchard"], Stage.COUNTY, "office")
    story.open_notice(ids["library"], Stage.TOWNSHIP, "town")
    story.open_notice(ids["market"], Stage.VILLAGE, "village")
    story.show_candidates_now(["inn1"])
    object_to(story, notice)


def object_to(story: Story, notice: str) -> None:
    """A villager objects twice: one objection is answered, one is still open."""
    story.later(days=2)
    first = story.do("leaders2", accepted(story, notice, "异议一"))
    story.later(days=1)
    answered = AnswerObjection(answer=story.paper("异议一答复"), upheld=False)
    story.do("leaders2", answered, first)
    story.do("leaders2", accepted(story, notice, "异议二"))


def accepted(story: Story, notice: str, title: str) -> AcceptObjection:
    """Return the acceptance of an objection that came in an hour ago."""
    receipt = story.paper(f"{title}收件回执")
    return AcceptObjection(notice=notice, receipt=receipt, received_ms=story.now - 3_600_000)
