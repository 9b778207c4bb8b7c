"""Addresses of the public portal."""

from django.urls import path, re_path

from shanhai.web.portal import (
    complaint,
    figures,
    home,
    inbox,
    money,
    notices,
    opendata,
    pairs,
    projects,
    search,
)

urlpatterns = [
    path("", home.home, name="portal_home"),
    path("search", search.search, name="portal_search"),
    path("pairs", pairs.pairs_page, name="portal_pairs"),
    path("pairs/map/<slug:scheme>", home.pairs_map, name="portal_map"),
    path("pairs/counties", pairs.counties, name="portal_counties"),
    path("pairs/key-counties", pairs.key_counties, name="portal_key_counties"),
    re_path(r"^pairs/province/(?P<code>\d{6})$", pairs.province, name="portal_province"),
    path("figures", figures.figures_page, name="portal_figures"),
    path("figures/aid", figures.aid, name="portal_aid"),
    path("figures/findings", figures.findings, name="portal_findings"),
    path("money", money.money, name="portal_money"),
    path("projects", projects.project_list, name="portal_projects"),
    path("open-data", opendata.catalogue, name="portal_data"),
    path("open-data/<slug:name>", opendata.dataset, name="portal_dataset"),
    path("open-data/<slug:name>.<slug:form>", opendata.download, name="portal_download"),
    path("notices", notices.notice_list, name="portal_notices"),
    path("notice/<id:id>", notices.notice_page, name="portal_notice"),
    path("notice/<id:id>/raise", complaint.objection, name="portal_objection"),
    path("complaint", complaint.complaint, name="portal_complaint"),
    path("complaint/status", complaint.status, name="portal_complaint_status"),
    path("inbox", inbox.inbox, name="portal_inbox"),
    path("inbox/<slug:number>", inbox.item, name="portal_inbox_item"),
    path("inbox/<slug:number>/file/<int:at>", inbox.file, name="portal_inbox_file"),
]
