"""Addresses of the workbench."""

from django.urls import path
from django.views.generic import RedirectView

from shanhai.web.workbench import declare, home

urlpatterns = [
    path("workbench", home.workbench, name="workbench"),
    path("workbench/bell", home.bell, name="bell"),
    path("declare", declare.start, name="declare"),
    path("declare/change/<id:project>", declare.change, name="declare_change"),
    path("declare/<slug:draft>", declare.tasks, name="draft"),
    path("declare/<slug:draft>/check", declare.check, name="draft_check"),
    path("declare/<slug:draft>/done", declare.done, name="draft_done"),
    path("declare/<slug:draft>/remove", declare.remove, name="draft_remove"),
    path("declare/<slug:draft>/<slug:section>", declare.section_page, name="draft_section"),
    path("project/new/declare", RedirectView.as_view(pattern_name="declare")),
    path("project/<id:project>/amend", RedirectView.as_view(pattern_name="declare_change")),
    path("project/<id:project>/resubmit", RedirectView.as_view(pattern_name="declare_change")),
]
