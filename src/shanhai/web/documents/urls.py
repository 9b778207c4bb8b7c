"""Addresses of documents, of their scans, and of checking a paper."""

from django.urls import path

from shanhai.web.documents import check, scans, views

urlpatterns = [
    path("p/", check.ask, name="document_check"),
    path("p/<slug:code>", check.proof_of, name="proof_of"),
    path("documents/scan", scans.register, name="document_scan"),
    path("documents/<slug:kind>/<id:id>", views.show, name="document"),
    path("documents/<slug:kind>/<id:id>/pdf", views.pdf_file, name="document_pdf"),
    path("documents/<slug:kind>/<id:id>/docx", views.docx_file, name="document_docx"),
    path("documents/<slug:kind>/<id:id>/picture", views.picture, name="document_picture"),
]
