"""Each year's agreement, transfers, allocations and lines; what is left goes into the next year."""

from shanhai.acts.year_end import CloseYear
from shanhai.domains.demo.story.whole import Story

SPENT_2025 = {
    "L25a": "road greenhouse training clinic cattle school tea",
    "L25b": "solar nursery",
}


def of_2024(story: Story) -> None:
    """1,700 万元 in two transfers."""
    story.until("2024-01-29")
    story.open_year(2024)
    agreed = story.agree(2024, 1800, cadres=3, talent=18, firms=4, sales=2600, jobs=420)
    story.until("2024-02-05")
    first = story.send(agreed, 1000, 2024)
    story.receive(first)
    story.later(days=4)
    story.issue("L24a", story.allocate(agreed, 1000, 2024, first), 1000, 2024)


def more_of_2024(story: Story) -> None:
    """The second transfer."""
    story.until("2024-04-29")
    agreed = story.agreements[2024]
    second = story.send(agreed, 700, 2024)
    story.receive(second)
    story.issue("L24b", story.allocate(agreed, 700, 2024, second), 700, 2024)


def end_of_2024(story: Story) -> None:
    """Unspent money goes into 2025 for the retentions; the books are closed."""
    story.until("2024-12-23")
    story.open_year(2025)
    for project in ("daylily", "coldstore", "water"):
        story.recall_budget(project, story.left_fen(project))
    story.carry_over("L24b", "L25r", 40 * 1_000_000, 2024)
    story.until("2025-01-13")
    story.do("finance2", CloseYear(document=story.paper("2024年决算")), story.years[2024])


def of_2025(story: Story) -> None:
    """2,800 万元 in two transfers."""
    story.until("2025-01-16")
    agreed = story.agree(2025, 2900, cadres=4, talent=22, firms=6, sales=3100, jobs=510)
    first = story.send(agreed, 2000, 2025)
    story.receive(first)
    story.issue("L25a", story.allocate(agreed, 2000, 2025, first), 1900, 2025)
    story.later(days=2)
    second = story.send(agreed, 800, 2025)
    story.receive(second)
    story.issue("L25b", story.allocate(agreed, 800, 2025, second), 800, 2025)


def end_of_2025(story: Story) -> None:
    """Unspent budgets are taken back, lines carried over, books closed, budgets given anew."""
    story.until("2025-12-22")
    story.open_year(2026)
    left = {}
    for line, projects in SPENT_2025.items():
        for project in projects.split():
            left[project] = story.left_fen(project)
            if left[project]:
                story.recall_budget(project, left[project])
        story.later(minutes=30)
        carried = sum(left[project] for project in projects.split())
        story.carry_over(line, line.replace("25", "26c"), carried, 2025)
    story.until("2026-01-06")
    for line, projects in SPENT_2025.items():
        for project in projects.split():
            if left[project] and project not in ("cattle", "clinic"):
                story.assign(project, line.replace("25", "26c"), left[project])
    story.until("2026-01-08")
    story.do("finance2", CloseYear(document=story.paper("2025年决算")), story.years[2025])


def of_2026(story: Story) -> None:
    """This year's first transfer; money for the projects that wait for their tender."""
    story.until("2026-01-09")
    agreed = story.agree(2026, 3200, cadres=4, talent=26, firms=7, sales=3600, jobs=560)
    story.later(days=1)
    first = story.send(agreed, 1200, 2026)
    story.receive(first)
    story.issue("L26a", story.allocate(agreed, 1200, 2026, first), 1100, 2026)
    story.assign("inn", "L26a", 380 * 1_000_000)
    story.assign("mushroom", "L26a", 350 * 1_000_000)


def this_month(story: Story) -> None:
    """Sent and not yet received; allocated in advance of the cash; an amendment not yet signed."""
    agreed = story.agreements[2026]
    story.send(agreed, 600, 2026)
    advance = story.allocate(agreed, 200, 2026)
    story.issue("L26adv", advance, 150, 2026)
