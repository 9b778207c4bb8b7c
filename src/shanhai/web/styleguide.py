"""The gallery of components at `/styleguide`: every building block of the pages, with 模拟 words.

Shown only in debug mode or on a 模拟 ledger; tests measure and screenshots show the components here.
"""

from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanhai.web.context import Slots
from shanhai.web.http import page, public

Words = str | Promise


class Column(NamedTuple):
    """A table column as `<c-table>` reads it."""

    label: Words
    numeric: bool = False
    sort_href: str = ""
    sorted: str = ""


class Step(NamedTuple):
    """A step as `<c-stepper>` reads it."""

    label: Words
    state: str
    note: Words = ""


class Change(NamedTuple):
    """A changed field as `<c-diff>` reads it."""

    label: Words
    old: Words
    new: Words


class Row(NamedTuple):
    """A sample project."""

    name: Words
    county: Words
    kind: str
    state: Words
    approved_fen: int
    paid_fen: int


COLUMNS = (
    Column(_("项目")),
    Column(_("县（市、区）")),
    Column(_("状态")),
    Column(_("批复金额（万元）"), numeric=True, sort_href="?sort=-approved", sorted="descending"),
    Column(_("已支付（万元）"), numeric=True, sort_href="?sort=paid"),
)
ROWS = (
    Row(
        _("模拟：高标准冷链仓储中心"),
        _("模拟甲县"),
        "progress",
        _("施工中"),
        1_280_000_000,
        512_345_600,
    ),
    Row(
        _("模拟：移民安置点就业工坊"), _("模拟乙县"), "success", _("已验收"), 86_000_000, 86_000_000
    ),
    Row(
        _("模拟：黄花菜加工生产线"),
        _("模拟甲县"),
        "danger",
        _("暂停拨付"),
        320_500_000,
        120_000_000,
    ),
    Row(_("模拟：远程医疗会诊室"), _("模拟丙县"), "warning", _("公示中"), 45_000_000, 0),
)
STEPS = (
    Step(_("申报"), "done", "03-02"),
    Step(_("审核"), "done", "03-18"),
    Step(_("公示"), "done", _("无异议")),
    Step(_("批复"), "late", _("超期 3 天")),
    Step(_("实施"), "ahead"),
    Step(_("验收"), "ahead"),
)
CHANGES = (
    Change(_("合同金额"), "3,150,000.00", "3,205,000.00"),
    Change(_("竣工日期"), "2026-09-30", "2026-10-31"),
    Change(_("监理单位"), "", _("模拟监理有限公司")),
)
OPTIONS = (("industry", _("产业发展")), ("jobs", _("就业促进")), ("living", _("乡村建设")))
ERRORS = (
    ("amount", _("请填写申报金额，例如 1200.50")),
    ("due", _("竣工日期应晚于开工日期，请改正")),
)


@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    if not (settings.DEBUG or Slots.simulated()):
        raise Http404
    context = {
        "columns": COLUMNS,
        "rows": ROWS,
        "steps": STEPS,
        "changes": CHANGES,
        "options": OPTIONS,
        "errors": ERRORS,
        "digest": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "decided_ms": 1_790_000_000_000,
        "declared_ms": 1_788_000_000_000,
    }
    return page(request, "styleguide.html", context)
