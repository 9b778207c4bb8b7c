"""What the confirmation of a declaration says: its number, and what comes next, with the days in force."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from shanhai.acts.clocks import NOTICE_DAYS, REVIEW_DAYS
from shanhai.acts.machine import Setting
from shanhai.acts.machine.values import Parameter
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.roles import Role
from shanhai.domains.book.timeline import Event
from shanhai.domains.rows import by_id
from shanhai.kernel.regions import look_up
from shanhai.web.workbench.casefile import CaseFile

COUNTY_DIGITS = 6


class Step(NamedTuple):
    """One step ahead: what, and how long it takes where that is set."""

    title: str
    text: str


def number(project: Project, entry: Event) -> str:
    """Return the readable number: county, year and ledger entry, which no other project shares."""
    return f"{project.region[:COUNTY_DIGITS]}-{project.year}-{entry.index:06}"


def days(parameter: Parameter, region: str, now_ms: int) -> int:
    """Return a number of days in force in a region, 0 where it is not set: no clock, no guess."""
    ids = [f"{parameter.id}/{cut}" for cut in look_up(region)]
    known = by_id(Setting, ids)
    found = (known[one].at(now_ms) for one in ids if one in known)
    return next((value.value for value in found if value is not None), 0)


def after(case: CaseFile, entry: Event) -> dict[str, Any]:
    """Return number, steps ahead and the notice to put up, for the page of a project just entered."""
    project = case.project
    if project is None:
        return {"number": "", "steps": [], "notice": ""}
    village = project.state is ProjectState.VILLAGE_NOTICE
    query = urlencode({"project": project.id, "stage": "village"})
    notice = f"{reverse('act', args=['notice', 'new', 'open'])}?{query}"
    mine = village and case.actor.role is Role.VILLAGE
    return {
        "number": number(project, entry),
        "steps": _steps(project, entry.time_ms, village=village),
        "notice": notice if mine else "",
    }


def _steps(project: Project, now_ms: int, *, village: bool) -> list[Step]:
    up = days(NOTICE_DAYS, project.region, now_ms)
    review = days(REVIEW_DAYS, project.region, now_ms)
    period = _("公示满 %(days)s 天（首日不计），异议答复完毕后报乡镇。") % {"days": up}
    limit = _("乡镇在 %(days)s 天内审核，逾期会在其工作台标红。") % {"days": review}
    steps = [
        Step(_("村级公示"), period if up else _("公示期限本地区尚未设定。")),
        Step(_("乡镇审核与公示"), limit if review else _("审核期限本地区尚未设定。")),
        Step(_("县级论证、公示、入库"), _("每一步都由经办人签名，任何人都可以核验。")),
    ]
    return steps if village else steps[1:]
