"""Addresses of imports."""

from django.urls import path

from shanhai.web.imports import signing, views

urlpatterns = [
    path("imports", views.home, name="imports"),
    path("imports/template", views.template, name="import_template"),
    path("imports/<slug:batch>", views.preview, name="import"),
    path("imports/<slug:batch>/annotated", views.annotated, name="import_annotated"),
    path("imports/<slug:batch>/sign", signing.sign, name="import_sign"),
    path("imports/<slug:batch>/remove", views.remove, name="import_remove"),
]
