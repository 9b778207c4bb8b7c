"""Addresses beside the act page: choices of a reference, and receipts."""

from django.urls import path

from shanhai.web.acts.receipt import receipt_page
from shanhai.web.acts.views import choose

urlpatterns = [
    path("choose/<noun:noun>/<verb:verb>/<str:path>", choose, name="choose"),
    path("receipt/<id:act_id>", receipt_page, name="receipt"),
]
