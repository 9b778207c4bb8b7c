"""Notices for the public: those running now, and one with its objections."""

from typing import NamedTuple

from django.db.models import Q

from shanhai.acts.notice import Notice, NoticeState, Objection
from shanhai.acts.officer import Organisation
from shanhai.acts.project import Project
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.periods import DAY_MS

PAGE = 20
MOST_OBJECTIONS = 200


class Running(NamedTuple):
    """A notice with its project, and how many days are left (0 = ends today or is over)."""

    notice: Notice
    project: Project | None
    days_left: int

    @property
    def running(self) -> bool:
        """Whether objections may be raised now."""
        return self.notice.state is NoticeState.RUNNING and self.days_left > 0


def days_left(notice: Notice, now_ms: int) -> int:
    """Return the days until a notice is over, a begun day counted whole; 0 once it is."""
    return max(0, -((now_ms - notice.ends_ms) // DAY_MS)) if notice.ends_ms > now_ms else 0


def running(actor: Actor, *, after: str = "", size: int = PAGE) -> list[Running]:
    """Return notices that run now, the newest first; two queries.

    Args:
        actor: Who asks.
        after: The id of the last notice of the page before.
        size: How many, plus one to see whether there are more.
    """
    live = Q(state=NoticeState.RUNNING.value, ends_ms__gt=ledger_now_ms())
    return _some(actor, live, after, size)


def over(actor: Actor, *, after: str = "", size: int = PAGE) -> list[Running]:
    """Return notices whose period is over, passed or void, the newest first; two queries."""
    live = Q(state=NoticeState.RUNNING.value, ends_ms__gt=ledger_now_ms())
    return _some(actor, ~live, after, size)


def of_projects(actor: Actor, projects: list[str], size: int = PAGE) -> list[Running]:
    """Return the newest notices of some projects; two queries."""
    return _some(actor, Q(project__in=projects), "", size)


def _some(actor: Actor, condition: Q, after: str, size: int) -> list[Running]:
    now = ledger_now_ms()
    rows = row_of(Notice).objects.filter(visible(Notice, actor)).filter(condition)
    if after:
        rows = rows.filter(pk__lt=after)
    found = structs(Notice, rows.order_by("-id")[: size + 1])
    projects = by_id(Project, (notice.project for notice in found))
    return [Running(one, projects.get(one.project), days_left(one, now)) for one in found]


class Progress(NamedTuple):
    """How far a notice's period has come: whole days gone and left."""

    gone: int
    left: int
    days: int

    @property
    def permille(self) -> int:
        """Return the part gone."""
        return min(1000, self.gone * 1000 // self.days) if self.days else 1000


def progress(notice: Notice) -> Progress:
    """Return a notice's clock; the first day does not count."""
    left = min(days_left(notice, ledger_now_ms()), notice.days)
    return Progress(notice.days - left, left, notice.days)


class Detail(NamedTuple):
    """One notice as the public sees it; `late` are the objections whose answer is overdue, by id."""

    notice: Notice
    project: Project | None
    organ: str
    days_left: int
    objections: list[Objection]
    late: frozenset[str]

    @property
    def open_for_objections(self) -> bool:
        """Whether an objection may be handed in."""
        return self.notice.state is NoticeState.RUNNING and self.days_left > 0


def detail(actor: Actor, notice: Notice) -> Detail:
    """Return a notice with its project, organ and objections; three queries."""
    projects = by_id(Project, [notice.project])
    organs = by_id(Organisation, [notice.organ])
    rows = row_of(Objection).objects.filter(visible(Objection, actor), notice=notice.id)
    objections = structs(Objection, rows.order_by("-id")[:MOST_OBJECTIONS])
    now = ledger_now_ms()
    return Detail(
        notice,
        projects.get(notice.project),
        organs[notice.organ].name if notice.organ in organs else "",
        days_left(notice, now),
        objections,
        frozenset(one.id for one in objections if one.open and 0 < one.due_ms <= now),
    )
