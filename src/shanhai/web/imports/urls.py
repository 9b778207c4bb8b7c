"""Addresses of imports."""

from django.urls import path

from shanhai.web.imports import running, running_signing, signing, views

urlpatterns = [
    path("imports", views.home, name="imports"),
    path("imports/template", views.template, name="import_template"),
    path("imports/opening", running.home, name="openings"),
    path("imports/opening/template", running.template, name="opening_template"),
    path("imports/opening/<slug:batch>", running.preview, name="opening_import"),
    path("imports/opening/<slug:batch>/sign", running_signing.sign, name="opening_sign"),
    path("imports/<slug:batch>", views.preview, name="import"),
    path("imports/<slug:batch>/annotated", views.annotated, name="import_annotated"),
    path("imports/<slug:batch>/sign", signing.sign, name="import_sign"),
    path("imports/<slug:batch>/remove", views.remove, name="import_remove"),
]
