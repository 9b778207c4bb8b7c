"""The main navigation, in the order it is shown; a new part adds its line here."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NavItem(NamedTuple):
    """One entry: label, route name, icon, and whether only officers see it, and which roles ("" = all)."""

    label: str | Promise
    route: str
    icon: str
    officers: bool = False
    roles: tuple[str, ...] = ()


ITEMS: tuple[NavItem, ...] = (
    NavItem(_("工作台"), "workbench", "clipboard-check", officers=True),
    NavItem(_("资金链"), "funds", "diagram-3", officers=True),
    NavItem(_("导入"), "imports", "upload", officers=True, roles=("data_desk", "county_office")),
    NavItem(_("收件箱"), "portal_inbox", "inbox", officers=True),
    NavItem(_("首页"), "portal_home", "house"),
    NavItem(_("结对"), "portal_pairs", "map"),
    NavItem(_("资金"), "portal_money", "wallet2"),
    NavItem(_("公开项目"), "portal_projects", "clipboard-check"),
    NavItem(_("公示公告"), "portal_notices", "megaphone"),
    NavItem(_("数据"), "portal_figures", "bar-chart"),
    NavItem(_("下载"), "portal_data", "download"),
    NavItem(_("账本"), "explorer", "journal-check"),
    NavItem(_("举报"), "portal_complaint", "send"),
)
