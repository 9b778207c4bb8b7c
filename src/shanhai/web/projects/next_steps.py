"""Who acts next on a project, on its lots, claims and payments: from the acts' own decorators."""

from typing import NamedTuple

from shanhai.acts.claim import Claim
from shanhai.acts.lot import OVER, Lot
from shanhai.acts.machine import Object
from shanhai.acts.notice import STAGES, Notice, NoticeState, Objection
from shanhai.acts.payment import Payment
from shanhai.acts.project import Project
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.projects.selectors import Belongings
from shanhai.domains.workbench import duties
from shanhai.domains.workbench.duties import Duty
from shanhai.kernel.text import Text
from shanhai.web.workbench.links import act_href

AFTER_NOTICE = frozenset(
    {
        "project.village_pass",
        "project.township_pass",
        "project.admit",
        "project.announce_completion",
    }
)
"""Acts that wait for a notice to have passed."""
AT_WILL = frozenset({"notice.restart", "project.refresh", "payment.refund"})
"""Acts that are done when somebody sees fit, not because something waits."""
MOST = 8
SHOWN = 3


class Next(NamedTuple):
    """One thing to be done: what, by whom, on what, and the link where the actor may do it."""

    text: Text
    roles: list[Text]
    things: list[str]
    more: int
    href: str


def next_steps(project: Project, found: Belongings, actor: Actor) -> list[Next]:
    """Return what may be done next, on the project first; no query."""
    candidates: dict[type[Object], list[Object]] = {Project: [project]}
    candidates |= {kind: found.of(kind) for kind in (Notice, Objection, Lot, Claim, Payment)}
    made = []
    for duty in duties.every():
        waiting = [one for one in candidates.get(duty.on, ()) if _waits(duty, one, found)]
        if waiting:
            made.append(_next(duty, waiting, actor))
    return made[:MOST]


def _waits(duty: Duty, one: Object, found: Belongings) -> bool:
    if getattr(one, "state", None) not in duty.states:
        return False
    notices = found.of(Notice)
    if duty.code == "notice.open":
        return not any(_current(n, one) for n in notices)
    if duty.code in AFTER_NOTICE:
        return any(_current(n, one) and n.state is NoticeState.PASSED for n in notices)
    if duty.code == "project.evaluate":
        return all(lot.state in OVER for lot in found.of(Lot))
    return duty.code not in AT_WILL and (duty.code != "lot.add" or not found.of(Lot))


def _current(notice: Notice, project: Object) -> bool:
    """Return whether a notice is of the project's present stage and content."""
    if not isinstance(project, Project) or notice.state is NoticeState.VOID:
        return False
    here = project.state in STAGES[notice.stage].states
    return here and notice.version == project.version


def _next(duty: Duty, waiting: list[Object], actor: Actor) -> Next:
    things = [] if duty.on is Project else [names.title(one) for one in waiting]
    mine = actor.role in duty.row.by
    return Next(
        duty.text,
        [role.text for role in duty.row.by],
        things[:SHOWN],
        max(0, len(things) - SHOWN),
        act_href(duty, waiting[0]) if mine else "",
    )
