"""Addresses of the workbench."""

from django.urls import path
from django.views.generic import RedirectView

from shanhai.web.workbench import declare, home, review

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
    path("review", review.first, name="review_first"),
    path("review/batch/<slug:draft>", review.batch, name="batch"),
    path("review/batch/<slug:draft>/sign", review.sign, name="batch_sign"),
    path("review/batch/<slug:draft>/result", review.result, name="batch_result"),
    path("review/<id:code>", review.review, name="review"),
    path("review/<id:code>/decide", review.decide, name="review_decide"),
    path("review/<id:code>/<id:id>", review.case, name="review_case"),
    path("project/new/declare", RedirectView.as_view(pattern_name="declare")),
    path("project/<id:project>/amend", RedirectView.as_view(pattern_name="declare_change")),
    path("project/<id:project>/resubmit", RedirectView.as_view(pattern_name="declare_change")),
]
