"""Addresses of the funds pages."""

from django.urls import path

from shanhai.web.funds import ledger, lineage, overview

urlpatterns = [
    path("funds", overview.funds, name="funds"),
    path("funds/ledger", ledger.payments, name="funds_ledger"),
    path("funds/lineage/<id:id>", lineage.lineage_page, name="lineage"),
]
