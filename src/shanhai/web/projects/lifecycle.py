"""Where a project stands on S0–S16: what is done and when, who acts next, and the clock.

Source: funds reference §5.1 as corrected by §5.8; S7–S13 are states of the project's lots (frozen decision 22).
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from shanhai.acts.lot import INERT, Lot, LotState
from shanhai.acts.notice import Notice, NoticeState
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.book.timeline import Event
from shanhai.kernel.periods import date_of
from shanhai.kernel.text import Text
from shanhai.web.middleware import language

S = ProjectState


class Step(NamedTuple):
    """One step of the main line, with the acts whose entry completes it."""

    code: str
    label: Text
    acts: tuple[str, ...] = ()


STEPS = (
    Step("S0", Text("申报", "Declared"), ("project.declare", "project.open")),
    Step("S1", Text("村级公示", "Village notice"), ("project.village_pass",)),
    Step("S2", Text("乡镇审核", "Township review"), ("project.township_pass",)),
    Step("S3", Text("县级论证", "Appraisal"), ("project.appraise",)),
    Step("S4", Text("公示入库", "Into the pool"), ("project.admit",)),
    Step("S5", Text("年度计划", "Year's plan"), ("project.confirm_plan",)),
    Step("S6", Text("批复公告", "Approval"), ("project.announce",)),
    Step("S7", Text("采购招标", "Tender")),
    Step("S8", Text("合同备案", "Contract")),
    Step("S9", Text("开工", "Start")),
    Step("S10", Text("完工自验", "Checked")),
    Step("S11", Text("验收", "Accepted")),
    Step("S12", Text("结算", "Settled")),
    Step("S13", Text("确权移交", "Handover")),
    Step("S14", Text("绩效评价", "Evaluated"), ("project.announce_completion",)),
    Step("S15", Text("质保期", "Defects period"), ("project.close_warranty",)),
    Step("S16", Text("归档", "Archive"), ("project.close",)),
)
FIRST_LOT, LAST_LOT = 7, 13
OVER = len(STEPS)
AT = {
    S.OPENING: 0,
    S.VILLAGE_NOTICE: 1,
    S.TOWNSHIP_REVIEW: 2,
    S.TOWNSHIP_NOTICE: 2,
    S.APPRAISAL: 3,
    S.COUNTY_NOTICE: 4,
    S.IN_POOL: 5,
    S.PLANNED: 5,
    S.CONFIRMED: 6,
    S.APPROVED: 6,
    S.EVALUATED: 14,
    S.WARRANTY: 15,
    S.ARCHIVING: 16,
    S.CLOSED: OVER,
}
LOT_DONE = {
    LotState.ADDED: 6,
    LotState.EVALUATED: 6,
    LotState.TENDERING: 6,
    LotState.AWARDED: 7,
    LotState.CONTRACTED: 8,
    LotState.STARTED: 9,
    LotState.COMPLETED: 10,
    LotState.TOWNSHIP_ACCEPTED: 10,
    LotState.ACCEPTED: 11,
    LotState.SETTLED: 12,
    LotState.FINISHED: 13,
}
"""The last step that a lot in a state has behind it."""
HALTED = (S.RETURNED, S.SUSPENDED)
ENDED = (S.REJECTED, S.WITHDRAWN, S.OUT_OF_POOL, S.TERMINATED, S.VOID)


class Stage(NamedTuple):
    """A step as `<c-stepper>` shows it."""

    code: str
    label: Text
    state: str
    note: str


class Standing(NamedTuple):
    """The whole line, the step it stands at, and its deadline (0 where none is set)."""

    stages: list[Stage]
    at: int
    due_ms: int
    late: bool
    ended: bool

    @property
    def here(self) -> Stage | None:
        """Return the step it stands at, None once everything is done."""
        return self.stages[self.at] if self.at < OVER else None


def standing(
    project: Project, lots: list[Lot], notices: list[Notice], events: list[Event], now_ms: int
) -> Standing:
    """Return where a project stands.

    Args:
        project: The project.
        lots: Its lots.
        notices: Its notices, for a running one's last day.
        events: Its own entries.
        now_ms: Ledger time.
    """
    live = [lot for lot in lots if lot.state not in INERT]
    days = _days(events)
    ended = project.state in ENDED
    at = _reached(days) if ended else _at(project, live)
    due = 0 if ended else due_ms(project, live, notices)
    late = 0 < due <= now_ms
    stages = [
        Stage(step.code, step.label, *_mark(place, at, project, live, days, late=late))
        for place, step in enumerate(STEPS)
    ]
    return Standing(stages, at, due, late, ended)


def _days(events: list[Event]) -> dict[int, str]:
    """Return the day on which each step was completed, the last time where it was repeated."""
    found: dict[int, str] = {}
    for event in sorted(events, key=lambda one: one.index):
        plain = event.act.partition("/")[0]
        place = next((n for n, step in enumerate(STEPS) if plain in step.acts), None)
        if place is not None:
            found[place] = date_of(event.time_ms).isoformat()
    return found


def _reached(days: dict[int, str]) -> int:
    return max(days, default=-1) + 1


def _at(project: Project, live: list[Lot]) -> int:
    state = project.returned_to if project.state in HALTED else project.state
    if state is not S.EXECUTING:
        return AT.get(state, 0)
    if not live:
        return FIRST_LOT
    return min(min(LOT_DONE[lot.state] for lot in live) + 1, LAST_LOT + 1)


def _mark(
    place: int, at: int, project: Project, live: list[Lot], days: dict[int, str], *, late: bool
) -> tuple[str, str]:
    note = days.get(place, "")
    if FIRST_LOT <= place <= LAST_LOT and live:
        done = sum(LOT_DONE[lot.state] >= place for lot in live)
        note = f"{done}/{len(live)}" if done or place == at else ""
    if place < at:
        return "done", note
    if place > at or project.state is S.CLOSED:
        return "ahead", note if place > at and "/" in note else ""
    if project.state in HALTED or project.state in ENDED:
        return "returned", project.state.text.say(language())
    return ("late" if late else "here"), note


def due_ms(project: Project, live: list[Lot], notices: list[Notice]) -> int:
    """Return the deadline of the step a project stands at, 0 where none is set."""
    running = [one.ends_ms for one in notices if one.state is NoticeState.RUNNING]
    if running:
        return max(running)
    if project.state is S.APPROVED:
        return project.announce_due_ms
    if project.state is S.EXECUTING:
        return min((due for lot in live if (due := _lot_due(lot))), default=0)
    return project.warranty_until_ms if project.state is S.WARRANTY else project.due_ms


def _lot_due(lot: Lot) -> int:
    if LOT_DONE[lot.state] < LOT_DONE[LotState.STARTED]:
        return lot.start_due_ms
    accepting = lot.state in (LotState.COMPLETED, LotState.TOWNSHIP_ACCEPTED)
    return lot.accept_due_ms if accepting else 0


def clock_words(found: Standing) -> str:
    """Return what the deadline means, "" where there is none."""
    if not found.due_ms:
        return ""
    day = date_of(found.due_ms - 1).isoformat()
    return _("已过期限 %(day)s") % {"day": day} if found.late else _("期限 %(day)s") % {"day": day}
