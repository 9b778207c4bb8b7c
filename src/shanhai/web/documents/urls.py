"""Addresses of documents and of checking them."""

from django.urls import path

from shanhai.web.documents import check

urlpatterns = [
    path("p/", check.ask, name="document_check"),
    path("p/<slug:code>", check.proof_of, name="proof_of"),
]
